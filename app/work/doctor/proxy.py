"""proxy: whether a proxy stands between this computer and the gate."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from app import seams
from app.masked import Secret
from app.work.doctor.line import Finding, Grade
from app.work.doctor.surroundings import Surroundings

USABLE = frozenset({"http", "https"})
DEFAULT_PORTS: Mapping[str, int] = {"http": 80, "https": 443}
FIX = "Check the proxy settings of this computer; ask your administrator for the proxy's address."


class Proxy(Struct, frozen=True):
    """A proxy as the system names it. `credentials` is `user:password`, or empty."""

    scheme: str
    host: str
    port: int
    credentials: Secret

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class ProxyUnreadable(ValueError):
    """The proxy's address is no address."""


def proxy_for(surroundings: Surroundings) -> Proxy | None:
    """The proxy that requests to the gate go through, None for none. Raises ProxyUnreadable."""
    found = surroundings.proxy()
    if not found:
        return None
    try:
        parts = urlsplit(found)
        name, port = parts.hostname, parts.port
    except ValueError as fault:
        raise ProxyUnreadable from fault
    if not name:
        raise ProxyUnreadable
    given = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else ""
    return Proxy(parts.scheme, name, port or DEFAULT_PORTS.get(parts.scheme, 1080), Secret(given))


def look(surroundings: Surroundings) -> Iterator[Finding]:
    try:
        proxy = proxy_for(surroundings)
    except ProxyUnreadable:
        yield Finding(Grade.PROBLEM, "The proxy that this computer is set to use has no valid address.", FIX)
        return
    if proxy is None:
        yield Finding(Grade.OK, "No proxy is used for the gate.")
    elif proxy.scheme not in USABLE:
        yield Finding(Grade.PROBLEM, f"The proxy {proxy} is of a kind ({proxy.scheme}) that cannot be used.", FIX)
    else:
        yield _reached(proxy, surroundings.network_timeout_s)


def _reached(proxy: Proxy, timeout_s: float) -> Finding:
    seams.blocking("proxy connection")
    try:
        socket.create_connection((proxy.host, proxy.port), timeout_s).close()
    except OSError:
        return Finding(Grade.PROBLEM, f"The proxy {proxy}, which this computer is set to use, does not answer.", FIX)
    return Finding(Grade.OK, f"Requests to the gate go through the proxy {proxy}.")
