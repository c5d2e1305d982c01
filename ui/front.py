"""Keeps the one window there is, and puts another in its place when the language changes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.settings import Settings
from ui.bridge import Bridge
from ui.language.speaking import chosen, speak
from ui.main_window import MainWindow

SAVING_MS = 20
"""Until it is looked again whether a draft is put away by now."""
Make = Callable[[Settings], MainWindow]


class Front(QObject):
    """Lives as a child of the bridge. `make` builds a window over the same station."""

    def __init__(self, app: QApplication, bridge: Bridge, settings: Settings, make: Make) -> None:
        super().__init__(bridge)
        self._app, self._settings, self._make = app, settings, make
        speak(app, chosen(settings.text("language")))
        self.window = self._made(settings)

    def _made(self, settings: Settings) -> MainWindow:
        window = self._make(settings)
        # Later: the window that asks for it is in the middle of its own work.
        window.language_changed.connect(self._change, Qt.ConnectionType.QueuedConnection)
        return window

    def _change(self, language: str) -> None:
        before = self.window
        if before.bench.saving:
            # Only this window is told that the draft in hand is kept; the next one would offer it once more.
            QTimer.singleShot(SAVING_MS, self, partial(self._change, language))
            return
        speak(self._app, chosen(language))
        station = before.station
        self.window = self._made(station.settings if station is not None else self._settings)
        self.window.take_over(before)
        self.window.show()
        self.window.activateWindow()
        before.hide()
        before.deleteLater()
