"""One request and its answer, within a deadline that covers names, connection, TLS, sending and reading."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from functools import lru_cache
from typing import Any, Generic, TypeVar, cast

import httpx

from app.gate.reply import NoReply, Reply
from app.gate.trust import tls_sentence

MAX_ANSWER = 1_000_000
"""Bytes of an answer's body that are read. A record is a few hundred."""


T = TypeVar("T")

_PHASES = ("connect", "read", "write", "pool")
"""What httpx's transport has a time-out for."""

_parsed = lru_cache(maxsize=8)(httpx.URL)
"""A station asks the same few addresses again and again."""


class _Abandoned(Exception):
    """Nobody waits for this exchange any more: it must not send."""


class Connection:
    """A transport that has one connection at most, and the socket of it, so that another thread can shut it down."""

    def __init__(self, http: httpx.HTTPTransport) -> None:
        self.http = http
        self.socket: socket.socket | None = None


class Exchange(Generic[T]):
    """One request, run on a thread that nobody waits for: when the deadline has passed `ended` has what `read` makes of
    what it came to. `begins` is called before the first byte goes out, `read` on any thread; neither may block.

    Name look-up and connecting cannot be interrupted, so a late exchange is abandoned, not joined. Its socket
    is shut down, and httpcore's trace hook keeps it from sending once the caller has been told that it did not.
    Expected troubles are a NoReply; an exception in `ended` is a fault of the program.
    """

    def __init__(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes = b"",
        *,
        read: Callable[[Reply | NoReply], T],
        begins: Callable[[], None] = lambda: None,
        timeout_s: float,
        most_bytes: int = MAX_ANSWER,
    ) -> None:
        self._method, self._url, self._headers, self._body = method, url, headers, body
        self._read, self._begins = read, begins
        self._timeout_s = timeout_s
        self._most_bytes = most_bytes
        self._deadline = time.monotonic() + timeout_s
        self._lock = threading.Lock()
        self._over = self._sent = False
        self._head: Reply | None = None
        self._result: Reply | NoReply | BaseException | None = None
        self._connection: Connection | None = None
        self._host = self._proxy = ""
        self.ended: Future[T] = Future()
        # From here on nobody can cancel it: who abandons it says how it ended.
        self.ended.set_running_or_notify_cancel()

    @property
    def left_s(self) -> float:
        """Seconds until the deadline; below 0 behind it."""
        return self._deadline - time.monotonic()

    @property
    def over(self) -> bool:
        """Whether the caller has been told how it ended."""
        return self._over

    def expire(self) -> None:
        """Abandon it because its time is up."""
        self.abandon(self._late)

    def abandon(self, reason: Callable[[bool], tuple[str, str]]) -> None:
        """End the exchange from another thread; what is known of the answer so far is its result.

        `reason` gives code and sentence, told whether the request may have arrived.
        """
        with self._lock:
            if self._over:
                return
            self._over = True
            result = self._head or NoReply(self._sent, *reason(self._sent))
            self._shut_down()
        self._end(result)

    def _late(self, sent: bool) -> tuple[str, str]:
        if sent:
            return "gate.no-answer", f"The gate gave no answer within {self._timeout_s:g} s."
        return "gate.unreachable", f"The gate could not be reached within {self._timeout_s:g} s."

    def _shut_down(self) -> None:
        if self._connection is None or self._connection.socket is None:
            return
        try:
            # Not SSLSocket.shutdown: it would turn TLS off under the thread that reads.
            socket.socket.shutdown(self._connection.socket, socket.SHUT_RDWR)
        except OSError:
            # The exchange's own thread, or the gate, has closed it already.
            return

    def work(self, connect: Callable[[], Connection | NoReply]) -> bool:
        """Send and read on the calling thread, over what `connect` gives; `tell` afterwards.

        False where it was abandoned meanwhile, so that its connection is worth nothing any more.
        """
        result: Reply | NoReply | BaseException
        try:
            found = connect()
            result = found if isinstance(found, NoReply) else self._ask(self._taken(found))
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError, _Abandoned) as fault:
            # InvalidURL: the settings', or a redirect's. UnicodeError: a name that the system cannot even spell.
            result = self._head or NoReply(self._sent, *_named(fault, self._sent, self._proxy))
        except BaseException as fault:  # noqa: BLE001 - handed to who waits for it
            result = fault
        with self._lock:
            if self._over:
                return False
            self._over, self._result = True, result
            return True

    def tell(self) -> None:
        """Put what came of the work into `ended`, unless it was abandoned."""
        if self._result is not None:
            self._end(self._result)

    def _end(self, result: Reply | NoReply | BaseException) -> None:
        if isinstance(result, BaseException):
            self.ended.set_exception(result)
            return
        try:
            self.ended.set_result(self._read(result))
        except BaseException as fault:  # noqa: BLE001 - handed to who waits for it
            self.ended.set_exception(fault)

    def _taken(self, connection: Connection) -> httpx.HTTPTransport:
        with self._lock:
            if self._over:
                raise _Abandoned
            self._connection = connection
        return connection.http

    def _ask(self, http: httpx.HTTPTransport) -> Reply:
        request = httpx.Request(
            self._method,
            _parsed(self._url),
            headers=self._headers,
            content=self._body or None,
            extensions={"trace": self._trace, "timeout": dict.fromkeys(_PHASES, self._timeout_s)},
        )
        self._host = request.url.host
        answer = http.handle_request(request)
        # The transport's own: the response would count bytes and time on the way.
        stream = cast("httpx.SyncByteStream", answer.stream)
        try:
            self._head = head = Reply(answer.status_code, _joined(answer.headers.raw), b"", whole=False)
            body = bytearray()
            # As it comes, since the request asks for no compression.
            for chunk in stream:
                body += chunk
                if len(body) > self._most_bytes:
                    return head
            return Reply(head.status, head.headers, bytes(body))
        finally:
            stream.close()

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        """httpcore's hook: keeps hold of the socket, and decides the moment from which the request may arrive."""
        if event.endswith(".connect_tcp.started") and info["host"] != self._host:
            self._proxy = f"{info['host']}:{info['port']}"
        elif event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            with self._lock:
                assert self._connection is not None  # noqa: S101 - taken before anything is sent
                self._connection.socket = info["return_value"].get_extra_info("socket")
                if self._over:
                    self._shut_down()
        elif event == "http11.send_request_headers.started":
            with self._lock:
                if self._over:
                    raise _Abandoned
                # A proxy is asked to CONNECT first; the gate hears nothing of that.
                if not self._sent and info["request"].method != b"CONNECT":
                    self._begins()
                    self._sent = True


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
    ((httpx.InvalidURL,), "gate.address-wrong", "The gate's address in the settings is not an address."),
    ((socket.gaierror,), "gate.unreachable", "The gate's name was not found; the network may be down."),
    ((ConnectionRefusedError,), "gate.unreachable", "The gate refused the connection."),
    ((httpx.TimeoutException, TimeoutError), "gate.unreachable", "The gate could not be reached in time."),
)
