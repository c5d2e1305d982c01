"""Keeps what is entered into the form while its draft is put away: it is meant for the next one."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override


class Held(QObject):
    """From `begin` to `end` no key reaches what lies in `form`. Shortcuts work, and every other line and page."""

    def __init__(self, form: QWidget) -> None:
        super().__init__(form)
        self._form = form
        self._kept: list[QKeyEvent | QInputMethodEvent] = []

    def begin(self) -> None:
        self._kept = []
        if app := QCoreApplication.instance():
            app.installEventFilter(self)

    def end(self) -> None:
        """Let keys through again."""
        if app := QCoreApplication.instance():
            app.removeEventFilter(self)

    def enter(self) -> None:
        """Enter what came meanwhile at the focus, as long as that is in the form."""
        kept, self._kept = self._kept, []
        for event in kept:
            focus = QApplication.focusWidget()
            if focus is None or not self._form.isAncestorOf(focus):
                return
            QCoreApplication.sendEvent(focus, event)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, (QKeyEvent, QInputMethodEvent)) or event.type() is QEvent.Type.ShortcutOverride:
            return False
        if not isinstance(watched, QWidget) or not self._form.isAncestorOf(watched):
            return False
        # Letters made of two keys come from an input method; what it shows of them on the way is not kept.
        if isinstance(event, QKeyEvent) or event.commitString():
            self._kept.append(event.clone())
        return True
