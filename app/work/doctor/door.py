"""A look at the gate's door without a token: what certificate hangs there, what time it is behind it.

Uses the same trust and the same proxy as the client that delivers; sends nothing but one empty question.
"""

from __future__ import annotations

import base64
import http.client
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast
from urllib.parse import urlsplit

from app import seams
from app.gate.errors import GateUnreachable, ProxyRefused, TlsRefused
from app.gate.reply import Reply
from app.gate.trust import tls_sentence, trusted_context
from app.work.doctor.proxy import Proxy, ProxyUnreadable, proxy_for
from app.work.doctor.surroundings import Surroundings

MOST_BYTES = 100_000


def ask(surroundings: Surroundings, path: str) -> Reply:
    """GET a path below the gate's address, without a token. Raises GateUnreachable (TlsRefused, ProxyRefused)."""
    context = None if urlsplit(surroundings.base_url).scheme == "http" else _trusted(surroundings)
    with _opened(surroundings, context) as connection:
        connection.request("GET", urlsplit(surroundings.base_url).path + path, headers={"Accept": "application/json"})
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(answer.status, headers, answer.read(MOST_BYTES))


def trusted_certificate(surroundings: Surroundings) -> bytes:
    """The gate's certificate (DER) after it was found good. Raises GateUnreachable (TlsRefused, ProxyRefused)."""
    return _certificate(surroundings, _trusted(surroundings))


def shown_certificate(surroundings: Surroundings) -> bytes:
    """The certificate (DER) that was refused, to tell whose it is. The connection ends there: nothing is sent on it.

    Raises GateUnreachable (TlsRefused, ProxyRefused).
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return _certificate(surroundings, context)


def _certificate(surroundings: Surroundings, context: ssl.SSLContext) -> bytes:
    with _opened(surroundings, context) as connection:
        shown = cast(ssl.SSLSocket, connection.sock).getpeercert(binary_form=True)
    if shown is None:
        raise TlsRefused("The gate showed no certificate.")
    return shown


def _trusted(surroundings: Surroundings) -> ssl.SSLContext:
    return trusted_context(surroundings.settings.text("gate.extra_ca"))


@contextmanager
def _opened(surroundings: Surroundings, context: ssl.SSLContext | None) -> Iterator[http.client.HTTPConnection]:
    seams.blocking("gate connection")
    url = urlsplit(surroundings.base_url)
    try:
        proxy = proxy_for(surroundings)
    except ProxyUnreadable as fault:
        raise ProxyRefused("The proxy that this computer is set to use has no valid address.") from fault
    if proxy and proxy.scheme != "http":
        raise ProxyRefused(f"This check cannot go through the proxy {proxy}, which is not of the plain kind.")
    host, port, timeout_s = url.hostname or "", url.port, surroundings.network_timeout_s
    near = (proxy.host, proxy.port) if proxy else (host, port)
    connection = (
        http.client.HTTPSConnection(*near, timeout=timeout_s, context=context)
        if context
        else http.client.HTTPConnection(*near, timeout=timeout_s)
    )
    if proxy:
        connection.set_tunnel(host, port, _proxy_headers(proxy))
    try:
        connection.connect()
        yield connection
    except ssl.SSLError as fault:
        raise TlsRefused(tls_sentence(fault)) from fault
    except (OSError, http.client.HTTPException) as fault:
        raise _unreachable(fault, proxy) from fault
    finally:
        connection.close()


def _proxy_headers(proxy: Proxy) -> dict[str, str]:
    given = proxy.credentials.reveal()
    return {"Proxy-Authorization": f"Basic {base64.b64encode(given.encode()).decode()}"} if given else {}


def _unreachable(fault: Exception, proxy: Proxy | None) -> GateUnreachable:
    if proxy:
        return ProxyRefused(f"The proxy {proxy} did not let a connection to the gate through.")
    if isinstance(fault, socket.gaierror):
        return GateUnreachable("The gate's name was not found; the network may be down.")
    if isinstance(fault, ConnectionRefusedError):
        return GateUnreachable("The gate refused the connection.")
    if isinstance(fault, TimeoutError):
        return GateUnreachable("The gate could not be reached in time.")
    return GateUnreachable("The gate could not be reached, or ended the connection.")
