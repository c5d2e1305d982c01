"""One request and its answer, within a deadline that covers names, connection, TLS, sending and reading."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import httpx

from app.gate.reply import NoReply, Reply
from app.gate.trust import tls_sentence

MAX_ANSWER = 1_000_000
"""Bytes of an answer's body that are read. A record is a few hundred."""


class _Abandoned(Exception):
    """Nobody waits for this exchange any more: it must not send."""


class Exchange:
    """Runs one request on a daemon thread of its own; the caller waits no longer than the deadline.

    Name look-up and connecting cannot be interrupted, so a late exchange is abandoned, not joined. Its socket
    is shut down, and httpcore's trace hook keeps it from sending once the caller has been told that it did not.
    """

    def __init__(
        self, http: httpx.Client, request: httpx.Request, timeout_s: float, most_bytes: int = MAX_ANSWER
    ) -> None:
        self._http = http
        self._request = request
        self._timeout_s = timeout_s
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._result: Reply | NoReply | BaseException | None = None
        self._head: Reply | None = None
        self._sent = False
        self._socket: socket.socket | None = None
        self._proxy = ""

    def run(self) -> Reply | NoReply:
        """Send and read. Expected troubles are a NoReply; anything raised is a fault of the program."""
        threading.Thread(target=self._work, name="gate-exchange", daemon=True).start()
        if not self._done.wait(self._timeout_s):
            self.abandon(self._late)
        if isinstance(self._result, BaseException):
            raise self._result
        assert self._result is not None  # noqa: S101 - `_done` is set after it
        return self._result

    def abandon(self, reason: Callable[[bool], tuple[str, str]]) -> None:
        """End the exchange from another thread; what is known of the answer so far is its result.

        `reason` gives code and sentence, told whether the request may have arrived.
        """
        with self._lock:
            self._finish(self._head or NoReply(self._sent, *reason(self._sent)))
            self._shut_down()

    def _late(self, sent: bool) -> tuple[str, str]:
        if sent:
            return "gate.no-answer", f"The gate gave no answer within {self._timeout_s:g} s."
        return "gate.unreachable", f"The gate could not be reached within {self._timeout_s:g} s."

    def _finish(self, result: Reply | NoReply | BaseException) -> None:
        # The first result stands: an abandoned exchange has nobody left to tell.
        if self._result is None:
            self._result = result
            self._done.set()

    def _shut_down(self) -> None:
        if self._socket is None:
            return
        try:
            # Not SSLSocket.shutdown: it would turn TLS off under the thread that reads.
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
        except OSError:
            # The exchange's own thread, or the gate, has closed it already.
            return

    def _work(self) -> None:
        try:
            result: Reply | NoReply | BaseException = self._ask()
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError, _Abandoned) as fault:
            # InvalidURL: in a redirect. UnicodeError: a host name that the system's look-up cannot even spell.
            result = self._head or NoReply(self._sent, *_named(fault, self._sent, self._proxy))
        except BaseException as fault:  # noqa: BLE001 - handed to the waiting thread, which raises it
            result = fault
        with self._lock:
            self._finish(result)

    def _ask(self) -> Reply:
        self._request.extensions["trace"] = self._trace
        answer = self._http.send(self._request, stream=True, follow_redirects=False)
        try:
            assert self._head is not None  # noqa: S101 - the trace hook sets it before httpx hands out an answer
            body = bytearray()
            # Raw, as the request asks for no compression.
            for chunk in answer.iter_raw():
                body += chunk
                if len(body) > self._most_bytes:
                    return self._head
            return replace(self._head, body=bytes(body), whole=True)
        finally:
            answer.close()

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        """httpcore's hook: keeps hold of the socket and of the answer's head, and decides the moment from which the
        request may arrive."""
        if event.endswith(".connect_tcp.started") and info["host"] != self._request.url.host:
            self._proxy = f"{info['host']}:{info['port']}"
        elif event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            with self._lock:
                self._socket = info["return_value"].get_extra_info("socket")
                if self._result is not None:
                    self._shut_down()
        elif event == "http11.send_request_headers.started":
            with self._lock:
                if self._result is not None:
                    raise _Abandoned
                # A proxy is asked to CONNECT first; the gate hears nothing of that.
                self._sent = self._sent or info["request"].method != b"CONNECT"
        elif event == "http11.receive_response_headers.complete" and self._sent and "return_value" in info:
            # Here and not from httpx's answer: httpx gives none for a redirect whose address it cannot read.
            _, status, _, headers = info["return_value"]
            self._head = Reply(status, _joined(headers), b"", whole=False)


def _joined(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Header names in lower case; values of one name with commas between (RFC 9110, 5.2)."""
    joined: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


def _chain(fault: BaseException) -> list[BaseException]:
    links: list[BaseException] = []
    link: BaseException | None = fault
    while link is not None and link not in links:
        links.append(link)
        link = link.__cause__ or link.__context__
    return links


def _named(fault: BaseException, sent: bool, proxy: str) -> tuple[str, str]:
    """Code and sentence for a trouble of the network, `proxy` being `host:port` or "". Never the fault's own text: it
    may quote the request."""
    links = _chain(fault)
    if sent:
        if any(isinstance(link, (httpx.TimeoutException, TimeoutError)) for link in links):
            return "gate.no-answer", "The gate took the request and gave no answer in time."
        return "gate.cut", "The connection ended before the gate's answer was whole."
    for link in links:
        if isinstance(link, ssl.SSLError):
            return "gate.tls", tls_sentence(link)
        if told := _of_proxy(link, proxy):
            return "gate.proxy", told
        for kinds, code, message in _NOT_SENT:
            if isinstance(link, kinds):
                return code, message
    return "gate.unreachable", "The gate cannot be reached from here."


def _of_proxy(fault: BaseException, proxy: str) -> str:
    """What the proxy has to do with it; "" for nothing."""
    if isinstance(fault, httpx.ProxyError):
        # The text begins with the status of the proxy's answer.
        if str(fault).startswith("407"):
            return f"The proxy {proxy} asks for a sign-in (407)."
        return f"The proxy {proxy} did not let the request through."
    if proxy and isinstance(fault, (socket.gaierror, ConnectionRefusedError)):
        return f"The proxy {proxy} cannot be reached."
    return ""


_NOT_SENT: tuple[tuple[tuple[type[BaseException], ...], str, str], ...] = (
    ((socket.gaierror,), "gate.unreachable", "The gate's name was not found; the network may be down."),
    ((ConnectionRefusedError,), "gate.unreachable", "The gate refused the connection."),
    ((httpx.TimeoutException, TimeoutError), "gate.unreachable", "The gate could not be reached in time."),
)
