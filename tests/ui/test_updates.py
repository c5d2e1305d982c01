"""A newer version in the window: one line above the bench, its page in the browser, and no line for any trouble."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.assembly import Workstation
from app.credentials.vault import Vault
from app.paths import paths
from app.settings import Settings
from app.work.events import Publish
from tests.peers.homes import put_away
from tests.peers.pages import dressed
from tests.peers.releases import PAGE, announced, answer, public
from tests.peers.tls import Certificates, Peer, make_certificates
from ui.background import run
from ui.main_window import MainWindow
from ui.start import build

KEY = Ed25519PrivateKey.generate()
Opened = Callable[[Peer], MainWindow]


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("tls"))


class Browser(QObject):
    """Where the system would show a page."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    @Slot(QUrl)
    def show(self, page: QUrl) -> None:
        self.shown.append(page.toString())


@pytest.fixture
def browser() -> Iterator[Browser]:
    made = Browser()
    QDesktopServices.setUrlHandler("https", made, "show")  # type: ignore[arg-type]  # the stub is wrong
    yield made
    QDesktopServices.unsetUrlHandler("https")


@pytest.fixture
def opened(qapp: QApplication, qtbot: QtBot, tmp_path: Path, certificates: Certificates) -> Iterator[Opened]:
    windows: list[MainWindow] = []

    def at(peer: Peer) -> MainWindow:
        settings = Settings().changed(
            {
                "updates.url": f"{peer.base_url}/release",
                "gate.base_url": "http://127.0.0.1:1",
                "gate.extra_ca": str(certificates.authority),
                "journal.encryption": "plain",
            }
        )
        where = paths(tmp_path)
        where.prepare()
        # Otherwise it is a first start, whose page stands before the bench.
        settings.save(where.settings)

        def make(publish: Publish) -> Workstation:
            return Workstation(
                where, settings, publish=publish, vault=Vault(None), look=list, release_keys=lambda: (public(KEY),)
            )

        dressed(qapp)
        window = build(qapp, where, settings, make)
        windows.append(window)
        window.show()
        qtbot.waitUntil(lambda: window.known)
        return window

    yield at
    for window in windows:
        put_away(window)


def test_a_newer_version_is_told_once_and_its_page_opens_in_the_browser(
    qtbot: QtBot, opened: Opened, certificates: Certificates, browser: Browser
) -> None:
    with Peer(answer(announced(KEY)), context=certificates.good) as peer:
        window = opened(peer)
        notice = window.bench.notice
        qtbot.waitUntil(lambda: notice.summary() == "Version 9.0.0 is available.")
        assert browser.shown == []
        notice.act.click()
        assert len(peer.requests) == 1
    assert browser.shown == [PAGE]
    assert notice.isHidden()


@pytest.mark.parametrize("body", [announced(Ed25519PrivateKey.generate()), announced(KEY, version="0.0.1")])
def test_what_is_not_believed_or_not_newer_disturbs_nobody(
    qtbot: QtBot, opened: Opened, certificates: Certificates, body: bytes
) -> None:
    with Peer(answer(body), context=certificates.good) as peer:
        window = opened(peer)
        qtbot.waitUntil(lambda: bool(peer.requests))
        station = window.station
        assert station is not None
        # A second question, whose end is known: the first one's answer has come before it.
        ended: list[object] = []
        run(station.newer_release, ended.append, ended.append, window)
        qtbot.waitUntil(lambda: bool(ended))
    assert window.bench.notice.isHidden()
