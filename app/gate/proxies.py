"""Which proxy stands between this computer and the gate: the environment's, the system's own, or one that is found by a
script (PAC)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

FindProxy = Callable[[str], str]
"""Given an address, its proxy as `http://host:port`, "" for none. May take seconds: not for the window's thread."""


def nowhere(_: str) -> str:
    """Where nobody can look beyond the environment and the system's plain settings."""
    return ""


def is_named(address: str) -> bool:
    """Whether the environment, or the system's plain settings, name a proxy for it already."""
    named = _named()
    return bool(named.get(urlsplit(address).scheme) or named.get("all"))


def proxies_for(address: str, find: FindProxy) -> Mapping[str, str]:
    """The proxies by scheme, as urllib gives them, with the one that only `find` knows."""
    if is_named(address) or not (found := find(address)):
        return _named()
    return {**_named(), urlsplit(address).scheme: found}


def _named() -> Mapping[str, str]:
    # It brings http and ssl along, which nobody needs before the first request.
    from urllib.request import getproxies

    return getproxies()
