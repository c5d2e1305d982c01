"""A home in which the program starts for the first time, and the window over it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.assembly import Workstation
from app.credentials.store import SessionStore
from app.credentials.vault import Vault
from app.paths import paths
from app.seams import allow_here
from app.settings import load_settings
from app.work.encryption import Encryption
from app.work.events import Publish
from app.work.first_run import Step
from resources import SOURCE
from tests.peers.pages import dressed
from ui.front import Front
from ui.language.speaking import speak
from ui.main_window import MainWindow
from ui.setup.page import SetupPage
from ui.start import build

WAIT_MS = 15_000
STOP_S = 30.0


class Home:
    """A home in which nothing was done; its token is in memory, and with `keyring` its journal is encrypted."""

    def __init__(self, folder: Path, *, keyring: bool = False) -> None:
        self.where = paths(folder)
        self.where.prepare()
        self._vault, self._store = Vault(None), SessionStore(name="journal") if keyring else None

    def make(self, publish: Publish) -> Workstation:
        station = Workstation(self.where, load_settings(self.where.settings), publish=publish, vault=self._vault)
        if (store := self._store) is not None:
            station.encryption = Encryption(self.where, keyring=lambda: store, wish=lambda: "auto")
        return station

    @property
    def kept(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.where.settings.read_text(encoding="utf-8"))
        return found

    @contextmanager
    def window(self, qtbot: QtBot) -> Iterator[MainWindow]:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        made = build(dressed(app), self.where, load_settings(self.where.settings), self.make)
        made.resize(1280, 800)
        made.show()
        made.activateWindow()
        qtbot.waitUntil(lambda: made.isActiveWindow() and made.known, timeout=WAIT_MS)
        try:
            yield made
        finally:
            put_away(made)
            speak(app, SOURCE)


def put_away(window: MainWindow) -> None:
    """End the loops of its station, and it: no thread and no widget of a test reaches into the next one.

    Not by its closing, which it may refuse while something waits to be sent.
    """
    bridge = window.bridge
    # Another one, where the language was changed meanwhile.
    for front in bridge.findChildren(Front):
        window = front.window
    window.hide()
    assert bridge.stop(STOP_S), "a loop of the station goes on"
    allow_here()
    for part in (window, bridge):
        part.deleteLater()
        # Now: the next change of colours restyles every window there is.
        QApplication.sendPostedEvents(part, QEvent.Type.DeferredDelete)


def asked(qtbot: QtBot, window: MainWindow) -> SetupPage:
    """The page, once it is in front."""
    qtbot.waitUntil(lambda: window.setup is not None and window.setup.isVisible(), timeout=WAIT_MS)
    assert window.setup is not None
    return window.setup


def at(qtbot: QtBot, page: SetupPage, step: Step) -> None:
    qtbot.waitUntil(lambda: page.step is step, timeout=WAIT_MS)
