"""Gives the signals: what comes within a moment is told once, by its worst."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

import resources
from app.work.events import DeviceCard
from ui.attention.flash import Flash
from ui.attention.player import Player
from ui.attention.signals import Ear, Signal, worst
from ui.snapshot import Snapshot, today_headline

if TYPE_CHECKING:
    from PySide6.QtWidgets import QSystemTrayIcon

GATHER_MS = 250
"""Thirty-two devices plugged with one hub are one signal."""
NOTICE_MS = 6_000


class Attention(QObject):
    """`sound` is off or on; the signal last given is `last`. Not `awake`, it gives none."""

    def __init__(self, window: QWidget, play: Callable[[Path], None] | None = None) -> None:
        super().__init__(window)
        self._window = window
        self._play = play or Player().play
        self._ear = Ear()
        self._pending: set[Signal] = set()
        self._said = ""
        self.last: Signal | None = None
        self.sound = self.awake = True
        self.flash = Flash(window)
        self._tray: QSystemTrayIcon | None = None
        self._gather = QTimer(self)
        self._gather.setSingleShot(True)
        self._gather.setInterval(GATHER_MS)
        self._gather.timeout.connect(self._give)

    def device_changed(self, card: DeviceCard) -> None:
        self._take(self._ear.card(card))

    def device_gone(self, key: str) -> None:
        self._ear.gone(key)

    def journal_changed(self, snapshot: Snapshot) -> None:
        self._said = " · ".join(text for text, _ in today_headline(snapshot))
        self._take(self._ear.snapshot(snapshot))

    def alarm(self) -> None:
        """Something needs somebody that neither a card nor the journal tells."""
        self._take(Signal.NEEDS_YOU)

    def _take(self, signal: Signal | None) -> None:
        if signal is not None and self.awake:
            self._pending.add(signal)
            if not self._gather.isActive():
                self._gather.start()

    def _give(self) -> None:
        signal, self._pending = worst(self._pending), set()
        if signal is None:
            return
        self.last = signal
        self.flash.show_tone(signal.tone)
        if self.sound:
            self._play(resources.path(f"sounds/{signal.sound}.wav"))
        if signal is not Signal.READY and not self._window.isActiveWindow():
            self._notify(signal)

    def _notify(self, signal: Signal) -> None:
        """Tell it where the window is not in front; no identifier and no name stands in it."""
        from PySide6.QtWidgets import QSystemTrayIcon

        QApplication.alert(self._window, 0)
        if QSystemTrayIcon.isSystemTrayAvailable():
            if self._tray is None:
                self._tray = QSystemTrayIcon(self._window.windowIcon(), self)
                self._tray.activated.connect(self._window.activateWindow)
                self._tray.show()
            icons = QSystemTrayIcon.MessageIcon
            icon = icons.Warning if signal is Signal.NEEDS_YOU else icons.Information
            self._tray.showMessage(self._window.windowTitle(), self._said, icon, NOTICE_MS)
