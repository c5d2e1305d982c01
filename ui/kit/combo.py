"""A choice from a list, with free entry where the field allows it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QCompleter, QWidget
from typing_extensions import override

from ui.fonts import Type
from ui.icons import MEDIUM, draw
from ui.theme import TARGET, Role


class Combo(QComboBox):
    """`free` lets any text be typed; what is typed is completed from the choices."""

    def __init__(self, choices: Sequence[str] = (), *, free: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(Type.INPUT.font())
        self.setMinimumHeight(TARGET)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if free:
            self.setEditable(True)
            self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            # Its own, which matches in either case; it would complete within the line.
            if completer := self.completer():
                completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.addItems(list(choices))

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        # Scrolling the page must never change a value under the pointer.
        event.ignore()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        x = 10 if rtl else self.width() - MEDIUM - 10
        draw(painter, "chevron-down", Role.MUTED, x, (self.height() - MEDIUM) / 2, MEDIUM)
        painter.end()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.update()
        elif event.type() == QEvent.Type.EnabledChange and not self.isEnabled():
            self.close_list()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.close_list()

    def close_list(self) -> None:
        """Close the list of choices or completions."""
        # One that stays open takes the next keys to this field, wherever the focus is then. Which one is open is asked
        # first: a completer makes its list when it is asked for it.
        popup, completer = QApplication.activePopupWidget(), self.completer()
        if popup is not None and popup in {self.view().window(), completer.popup() if completer else None}:
            popup.hide()
