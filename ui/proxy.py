"""The system's proxy for an address, also where a script (PAC) finds it. The only module that needs Qt's network part.

Asked on the station's threads: a script may take seconds to fetch, and Windows takes its time even without one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

KEPT_S = 300.0
"""How long an answer is believed: a laptop that goes to another network finds its proxy within that time."""


class SystemProxy:
    """Safe from any thread. `ask` gives the proxy of an address, as the system finds it now."""

    def __init__(self, ask: Callable[[str], str] | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask or _asked
        self._clock = clock
        self._turn = threading.Lock()
        self._found: dict[str, tuple[float, str]] = {}

    def __call__(self, address: str) -> str:
        """`http://host:port`, or "" for none."""
        with self._turn:
            at, found = self._found.get(address, (-KEPT_S, ""))
            if self._clock() - at >= KEPT_S:
                found = self._ask(address)
                self._found[address] = (self._clock(), found)
            return found


def _asked(address: str) -> str:
    from PySide6.QtCore import QUrl
    from PySide6.QtNetwork import QNetworkProxy, QNetworkProxyFactory, QNetworkProxyQuery

    kinds = {QNetworkProxy.ProxyType.HttpProxy: "http", QNetworkProxy.ProxyType.HttpCachingProxy: "http"}
    for proxy in QNetworkProxyFactory.systemProxyForQuery(QNetworkProxyQuery(QUrl(address))):
        if proxy.type() in kinds and proxy.hostName():
            return f"{kinds[proxy.type()]}://{proxy.hostName()}:{proxy.port()}"
    return ""
