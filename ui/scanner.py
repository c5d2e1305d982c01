"""Tells a scanner from a keyboard by its speed, wherever the focus is, and keeps what it types out of the fields.

A scanner is a keyboard that types a whole code within a few milliseconds a key and ends it with Enter or Tab. Keys are
held while they may be a scan: one for as long as a scanner takes between two keys, then either the scan is whole and
is handed on, or the keys go where they were meant to go, in their order. Times are those of the key events.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow
from typing_extensions import override

FEWEST = 6
"""Characters that make a scan; fewer come from a keyboard."""
PATIENCE = 4
"""How many gaps a scan under way may stay silent before its keys are given back: the window may be busy meanwhile."""
CERTAIN = 3
"""From so many keys at a scanner's speed on, it is taken for one under way."""

_ENDS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab})
_KEYS = frozenset({QEvent.Type.KeyPress, QEvent.Type.KeyRelease})
_ELSEWHERE = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin, QEvent.Type.FocusAboutToChange})
_MODIFIER_KEYS = frozenset(
    {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_CapsLock, Qt.Key.Key_Meta}
)

Take = Callable[[str], bool]
"""Given a scan; whether it was one for the program. If not, its keys go to the focus."""


class Scanner(QObject):
    """Watches the keys of every window of the application.

    They are met at the window, before the widget that has the focus; an event without a time is no key that somebody
    pressed and passes.
    """

    def __init__(self, take: Take, gap_ms: int, parent: QObject) -> None:
        super().__init__(parent)
        self._take = take
        self._gap_ms = gap_ms
        self._held: list[QKeyEvent] = []
        self._text = ""
        self._last = 0
        self._swallowed: set[int] = set()
        self._ended = -1
        self._passing = False
        self._window: QWindow | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self.give_back)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._watch)
            self._watch(app.focusWindow())

    def set_gap(self, gap_ms: int) -> None:
        """The longest time between two keys of a scan."""
        self._gap_ms = gap_ms

    @property
    def holding(self) -> bool:
        """Whether keys are held that may become a scan."""
        return bool(self._held)

    def give_back(self) -> None:
        """Send the keys that are held where they were meant to go."""
        held, self._held, self._text = self._held, [], ""
        self._pause.stop()
        if self._window is not None and held:
            self._passing = True
            try:
                for event in held:
                    QCoreApplication.sendEvent(self._window, event)
            finally:
                self._passing = False

    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            # Anew, so that it is met once however often the window comes to the front.
            window.removeEventFilter(self)
            window.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._passing:
            return False
        kind = event.type()
        if kind in _KEYS and isinstance(event, QKeyEvent) and isinstance(watched, QWindow):
            return self._pressed(watched, event) if kind is QEvent.Type.KeyPress else self._released(event)
        if kind in _ELSEWHERE and self._held:
            self.give_back()
        return False

    def _pressed(self, window: QWindow, event: QKeyEvent) -> bool:
        now = event.timestamp()
        if event.key() in _MODIFIER_KEYS:
            return False
        if not now or event.isAutoRepeat():
            self.give_back()
            return False
        quick = bool(self._held) and window is self._window and now - self._last <= self._gap_ms
        if self._held and not quick:
            self.give_back()
        if _is_end(event):
            return self._end(event, quick=quick)
        if not _is_text(event):
            self.give_back()
            return False
        self._window, self._last = window, now
        self._held.append(event.clone())
        self._text += event.text()
        self._pause.start(self._gap_ms * (PATIENCE if len(self._text) >= CERTAIN else 1))
        return True

    def _end(self, event: QKeyEvent, *, quick: bool) -> bool:
        if quick and len(self._text) >= FEWEST and self._take(self._text):
            self._swallowed |= {key.key() for key in self._held if key.type() is QEvent.Type.KeyPress}
            self._swallowed.add(event.key())
            self._held, self._text = [], ""
            self._pause.stop()
            self._ended = event.timestamp()
            return True
        # The second half of CR LF.
        if not self._held and 0 <= event.timestamp() - self._ended <= self._gap_ms:
            self._swallowed.add(event.key())
            return True
        self.give_back()
        return False

    def _released(self, event: QKeyEvent) -> bool:
        if any(key.key() == event.key() for key in self._held):
            self._held.append(event.clone())
            return True
        if event.key() in self._swallowed:
            self._swallowed.discard(event.key())
            return True
        return False


def _is_end(event: QKeyEvent) -> bool:
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if event.key() in _ENDS and not modifiers:
        return True
    # CR, LF and TAB as scanners send them in their control character mode: Ctrl+M, Ctrl+J, Ctrl+I.
    return modifiers == Qt.KeyboardModifier.ControlModifier and event.text() in {"\r", "\n", "\t"}


def _is_text(event: QKeyEvent) -> bool:
    text, modifiers = event.text(), event.modifiers()
    control, alt = (
        bool(modifiers & modifier)
        for modifier in (Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier)
    )
    if len(text) != 1:
        return False
    # FNC1 and its kin, mostly as Ctrl+]. What AltGr makes has both modifiers on Windows.
    return "\x1c" <= text <= "\x1f" or (text.isprintable() and control is alt)
