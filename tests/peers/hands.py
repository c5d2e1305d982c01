"""Hands at the bench: a keyboard and a scanner, whose key events carry their times and come in at the window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from ui.scanner import Scanner

NONE = Qt.KeyboardModifier.NoModifier


class Hands:
    """Types into the window of `widget`. `presses` counts the keys that a person pressed.

    With the window's `scanner`, each single key of a person has arrived where it belongs when `press` returns.
    """

    def __init__(self, widget: QWidget, scanner: Scanner | None = None) -> None:
        self._widget, self._scanner = widget, scanner
        self._now = 1_000
        self.presses = 0

    def type(self, text: str, *, gap_ms: int = 120) -> None:
        """A person at the keyboard."""
        for character in text:
            self.presses += 1
            self.stroke(Qt.Key(ord(character.upper())), character, gap_ms)

    def press(self, key: Qt.Key, *, text: str = "", modifiers: Qt.KeyboardModifier = NONE) -> None:
        """One key of a person."""
        self.presses += 1
        self.stroke(key, text, 200, modifiers)
        while self._scanner is not None and self._scanner.holding:
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def shortcut(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """A key that the window itself listens to, wherever the focus is."""
        self.presses += 1
        QTest.keyClick(QApplication.focusWidget() or self._widget, key, modifiers)

    def scan(self, text: str, *, end: Qt.Key | str = Qt.Key.Key_Return, gap_ms: int = 6) -> None:
        """A scanner: all of `text` within a moment, then `end`: a key, or the control character it is sent as."""
        # Nobody scans within a second of the last key.
        self._now += 1_000
        for character in text:
            self.stroke(*_key(character), gap_ms=gap_ms)
        if isinstance(end, str):
            self.stroke(Qt.Key(ord(end) + 0x40), end, gap_ms, Qt.KeyboardModifier.ControlModifier)
        else:
            self.stroke(end, {Qt.Key.Key_Tab: "\t"}.get(end, "\r"), gap_ms)

    def hold(self, character: str, times: int) -> None:
        """A key held down: what the system repeats is marked as such."""
        for index in range(times):
            self.stroke(Qt.Key(ord(character.upper())), character, 30, repeated=index > 0)

    def stroke(
        self,
        key: Qt.Key,
        text: str,
        gap_ms: int = 6,
        modifiers: Qt.KeyboardModifier = NONE,
        *,
        repeated: bool = False,
    ) -> None:
        """One key down and up, `gap_ms` after the one before."""
        self._now += gap_ms
        window = self._widget.window().windowHandle()
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, modifiers, text, repeated)
            event.setTimestamp(self._now)
            QCoreApplication.sendEvent(window, event)


def _key(character: str) -> tuple[Qt.Key, str]:
    if character == "\x1d":
        return Qt.Key.Key_BracketRight, character
    return Qt.Key(ord(character.upper())), character
