"""The system's proxy: asked once in a while, and only what can be used is taken."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtNetwork import QNetworkProxy, QNetworkProxyFactory, QNetworkProxyQuery

from ui.proxy import KEPT_S, SystemProxy


def test_an_answer_is_kept_for_a_while() -> None:
    now, asked = [0.0], list[str]()

    def ask(address: str) -> str:
        asked.append(address)
        return f"http://proxy:{len(asked)}"

    proxy = SystemProxy(ask, lambda: now[0])
    assert [proxy("https://a"), proxy("https://a"), proxy("https://b")] == ["http://proxy:1"] * 2 + ["http://proxy:2"]
    now[0] = KEPT_S
    assert proxy("https://a") == "http://proxy:3"
    assert asked == ["https://a", "https://b", "https://a"]


@pytest.mark.parametrize(
    ("kind", "host", "found"),
    [
        (QNetworkProxy.ProxyType.HttpProxy, "proxy.example.com", "http://proxy.example.com:3128"),
        (QNetworkProxy.ProxyType.HttpCachingProxy, "cache.example.com", "http://cache.example.com:3128"),
        (QNetworkProxy.ProxyType.NoProxy, "", ""),
        (QNetworkProxy.ProxyType.FtpCachingProxy, "ftp.example.com", ""),
    ],
)
def test_what_the_system_answers_is_put_into_an_address(
    monkeypatch: pytest.MonkeyPatch, kind: QNetworkProxy.ProxyType, host: str, found: str
) -> None:
    def system(query: QNetworkProxyQuery) -> list[QNetworkProxy]:
        assert query.url().host() == "gate.example.com"
        return [QNetworkProxy(kind, host, 3128)]

    monkeypatch.setattr(QNetworkProxyFactory, "systemProxyForQuery", staticmethod(system))
    assert SystemProxy()("https://gate.example.com/api/v1") == found


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system's own settings answer")
def test_the_real_system_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://from.environment:8080")
    monkeypatch.delenv("no_proxy", raising=False)
    assert SystemProxy()("https://gate.example.com") == "http://from.environment:8080"
