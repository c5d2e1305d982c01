"""Which proxy stands between this computer and the gate: the environment's, the system's own, or one that is found by a
script (PAC)."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from app.settings import LOOPBACK

FindProxy = Callable[[str], str]
"""Given an address, its proxy as `http://host:port`, "" for none. May take seconds: not for the window's thread."""


def nowhere(_: str) -> str:
    """Where nobody can look beyond the environment and the system's plain settings."""
    return ""


def proxy_for(address: str, find: FindProxy) -> str:
    """The proxy that the environment or the system's plain settings name for `address`, and where they name none,
    the one that `find` knows; "" for none. Never one for this computer itself. May block as `find` does."""
    # It brings http and ssl along, which nobody needs before the first request.
    from urllib.request import getproxies, proxy_bypass

    parts, named = urlsplit(address), getproxies()
    if not parts.hostname or parts.hostname in LOOPBACK:
        return ""
    proxy = named.get(parts.scheme) or named.get("all")
    if not proxy:
        return find(address)
    if proxy_bypass(parts.hostname):
        return ""
    return proxy if "://" in proxy else f"http://{proxy}"
