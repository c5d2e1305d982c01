"""The inputs of the form behind one face: a line of text, or a list with free entry."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget
from typing_extensions import override

from ui.fonts import Type
from ui.kit.combo import Combo
from ui.kit.style import repolish, restyle
from ui.theme import TARGET

EDGES = 20
"""Border and padding left and right of the text, as the style sheet has them."""

_BY_TAB = frozenset({Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason})
_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class LineInput(QLineEdit):
    """A line of text. What a device said is read-only and grouped; Enter or double click unlock it."""

    edited = Signal(str)
    entered = Signal()
    unlock = Signal()

    def __init__(self, *, mono: bool, secret: bool, length: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mono = mono
        self._locked = False
        self.setFont(Type.INPUT.font())
        self.setMinimumHeight(TARGET)
        # Room for spaces and hyphens that a value is typed or scanned with.
        self.setMaxLength(length + 64)
        if secret:
            self.setEchoMode(QLineEdit.EchoMode.Password)
        self.textEdited.connect(self.edited)
        self.textChanged.connect(self._choose_face)

    def show_value(self, text: str, *, locked: bool, fixed: bool) -> None:
        """`locked` until unlocked, `fixed` for good."""
        read_only = locked or fixed
        self._locked = locked and not fixed
        if self.isReadOnly() != read_only:
            self.setReadOnly(read_only)
            repolish(self)
        if self.text() != text:
            self.setText(text)
            self.setCursorPosition(len(text) if self.hasFocus() else 0)
        self._choose_face()

    def standing(self) -> str:
        """What stands there."""
        return self.text()

    def call_it(self, name: str) -> None:
        """Name it for a screen reader."""
        self.setAccessibleName(name)

    def show_problem(self, grade: str) -> None:
        restyle(self, "problem", grade)

    def _choose_face(self) -> None:
        """Identifiers in the monospace face, a little smaller where they would not fit: they are read whole."""
        face = ""
        if self.text() and (self._mono or self.isReadOnly()):
            width = QFontMetricsF(Type.MONO.font()).horizontalAdvance(self.text())
            face = "mono" if width <= self.width() - EDGES else "tight"
        restyle(self, "face", face)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose_face()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._locked:
            self.unlock.emit()
        else:
            super().mouseDoubleClickEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
        if event.key() not in _ENTER or not plain:
            super().keyPressEvent(event)
        elif self._locked:
            self.unlock.emit()
        else:
            self.entered.emit()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.isReadOnly() and event.reason() in _BY_TAB:
            self.selectAll()


class ChoiceInput(Combo):
    """A list with free entry."""

    edited = Signal(str)
    entered = Signal()
    unlock = Signal()

    def __init__(self, choices: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(free=True, parent=parent)
        self.show_choices(choices)
        self.editTextChanged.connect(self._changed)

    def call_it(self, name: str) -> None:
        """Name it for a screen reader; the focus is in the line within."""
        self.setAccessibleName(name)
        if line := self.lineEdit():
            line.setAccessibleName(name)

    def standing(self) -> str:
        """What stands there."""
        return self.currentText()

    def show_choices(self, choices: Sequence[str]) -> None:
        """Offer other values; what is entered stays."""
        text = self.currentText()
        self._showing = True
        self.clear()
        self.addItems(list(choices))
        self.setEditText(text)
        self._showing = False

    def _changed(self, text: str) -> None:
        if not self._showing:
            self.edited.emit(text)

    def show_value(self, text: str, *, locked: bool, fixed: bool) -> None:
        if self.currentText() != text:
            self._showing = True
            self.setEditText(text)
            self._showing = False
        self.setEnabled(not (locked or fixed))

    def show_problem(self, grade: str) -> None:
        restyle(self, "problem", grade)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER and not event.modifiers():
            self.entered.emit()
        else:
            super().keyPressEvent(event)
