"""How this program speaks HTTP: the system's trust, the system's proxy, no redirect, no cookie, no connection kept."""

from __future__ import annotations

from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urlsplit

import httpx

from app import __version__
from app.gate.errors import ExtraCaUnusable
from app.gate.exchange import MAX_ANSWER, Exchange
from app.gate.proxies import FindProxy, is_named
from app.gate.reply import NoReply, Reply
from app.gate.trust import trusted_context
from app.seams import blocking
from app.settings import LOOPBACK

HEADERS: Mapping[str, str] = {
    "Accept": "application/json",
    # A small answer cannot unfold into a large one.
    "Accept-Encoding": "identity",
    "Connection": "close",
    "User-Agent": f"gate-station/{__version__}",
}


def connect(address: str, *, timeout_s: float, extra_ca: str, find_proxy: FindProxy) -> httpx.Client | NoReply:
    """A client for requests to `address` and below; a NoReply where the certificate file or the proxy is unusable."""
    url = urlsplit(address)
    loopback = url.hostname in LOOPBACK
    found = "" if loopback or is_named(address) else find_proxy(address)
    try:
        return httpx.Client(
            proxy=found or None,
            verify=trusted_context(extra_ca if url.scheme == "https" else ""),
            timeout=timeout_s,
            follow_redirects=False,
            # None is kept: each attempt is the same request.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            limits=httpx.Limits(max_keepalive_connections=0),
            # The system's proxies, but never for this computer itself.
            trust_env=not loopback,
        )
    except ExtraCaUnusable as fault:
        return NoReply(False, fault.code, fault.summary)
    except (ValueError, ImportError):
        # httpx on a proxy address it cannot read, or a kind of proxy it lacks the parts for.
        return NoReply(False, "gate.proxy", "The proxy that this computer is set to use cannot be used.")


def fetch(
    address: str, *, timeout_s: float, extra_ca: str, find_proxy: FindProxy, most_bytes: int = MAX_ANSWER
) -> Reply | NoReply:
    """GET one address without a token. Blocks at most `timeout_s`; a body over `most_bytes` comes back as not whole.

    A NoReply's message speaks of the gate; who fetches something else goes by its code.
    """
    blocking("request")
    http = connect(address, timeout_s=timeout_s, extra_ca=extra_ca, find_proxy=find_proxy)
    if isinstance(http, NoReply):
        return http
    with http:
        return Exchange(http, http.build_request("GET", address, headers=HEADERS), timeout_s, most_bytes).run()
