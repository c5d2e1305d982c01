"""How this program speaks HTTP: the system's trust, the system's proxy, no redirect, no cookie.

By httpx's transport, not its client: of what the client adds (redirects, cookies, sign-in by address or file) nothing
is wanted, and it takes a third of a request's time.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Mapping
from urllib.parse import urlsplit

import httpx

from app import __version__
from app.gate.errors import ExtraCaUnusable
from app.gate.exchange import MAX_ANSWER, Connection, Exchange
from app.gate.lines import Lines
from app.gate.proxies import FindProxy, proxy_for
from app.gate.reply import NoReply, Reply
from app.gate.trust import trusted_context
from app.seams import blocking

HEADERS: Mapping[str, str] = {
    "Accept": "application/json",
    # A small answer cannot unfold into a large one.
    "Accept-Encoding": "identity",
    "User-Agent": f"gate-station/{__version__}",
}


class Way:
    """How to reach `address` and what lies below it: through which proxy, trusting whom. From any thread."""

    def __init__(self, address: str, *, timeout_s: float, extra_ca: str, find_proxy: FindProxy) -> None:
        self._address, self._timeout_s = address, timeout_s
        self._extra_ca, self._find_proxy = extra_ca, find_proxy
        self._lock = threading.Lock()
        self._found: tuple[str, ssl.SSLContext] | None = None

    def connect(self) -> Connection | NoReply:
        """A connection that the first request opens; a NoReply where the certificate file or the proxy is unusable.

        The first call looks for the proxy, which may block.
        """
        try:
            with self._lock:
                self._found = self._found or self._look()
            proxy, trust = self._found
            return Connection(
                httpx.HTTPTransport(
                    proxy=proxy or None,
                    verify=trust,
                    limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
                )
            )
        except ExtraCaUnusable as fault:
            return NoReply(False, fault.code, fault.summary)
        except (ValueError, ImportError):
            # httpx on a proxy address it cannot read, or a kind of proxy it lacks the parts for.
            return NoReply(False, "gate.proxy", "The proxy that this computer is set to use cannot be used.")

    def _look(self) -> tuple[str, ssl.SSLContext]:
        trust = trusted_context(self._extra_ca if urlsplit(self._address).scheme == "https" else "")
        return proxy_for(self._address, self._find_proxy), trust


def fetch(
    address: str, *, timeout_s: float, extra_ca: str, find_proxy: FindProxy, most_bytes: int = MAX_ANSWER
) -> Reply | NoReply:
    """GET one address without a token. Blocks at most `timeout_s`; a body over `most_bytes` comes back as not whole.

    A NoReply's message speaks of the gate; who fetches something else goes by its code.
    """
    blocking("request")
    lines = Lines(Way(address, timeout_s=timeout_s, extra_ca=extra_ca, find_proxy=find_proxy).connect)
    exchange = Exchange("GET", address, HEADERS, read=lambda reply: reply, timeout_s=timeout_s, most_bytes=most_bytes)
    lines.run(exchange)
    try:
        return exchange.ended.result()
    finally:
        lines.close()
