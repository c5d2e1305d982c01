"""The inputs of the form behind one face: a line of text, or a list with free entry."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget
from typing_extensions import override

from ui.fonts import Type
from ui.icons import SMALL, icon
from ui.kit.combo import Combo
from ui.kit.style import restyle
from ui.theme import TARGET, Role

_BY_TAB = frozenset({Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason})


class LineInput(QLineEdit):
    """A line of text. What a device said is read-only and grouped; pencil, Enter or double click unlock it."""

    edited = Signal(str)
    entered = Signal()
    unlock = Signal()

    def __init__(self, *, mono: bool, secret: bool, length: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mono = mono
        self.setMinimumHeight(TARGET)
        self.setMaxLength(length + 64)
        if secret:
            self.setEchoMode(QLineEdit.EchoMode.Password)
        self.textEdited.connect(self.edited)
        self._pencil = QToolButton(self)
        self._pencil.setProperty("kind", "inside")
        self._pencil.setFixedSize(QSize(28, 28))
        self._pencil.setIconSize(QSize(SMALL, SMALL))
        self._pencil.setCursor(Qt.CursorShape.ArrowCursor)
        # Enter on the field does the same, so that Tab does not stop twice at each value.
        self._pencil.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._pencil.setToolTip(self.tr("Edit (Enter)"))
        self._pencil.clicked.connect(self.unlock)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 2, 0)
        box.addStretch(1)
        box.addWidget(self._pencil)
        self._locked = self._fixed = False
        self.show_value("", locked=False, fixed=False)

    def show_value(self, text: str, *, locked: bool, fixed: bool) -> None:
        """`locked` until unlocked, `fixed` for good."""
        read_only = locked or fixed
        self._locked, self._fixed = locked, fixed
        if self.text() != text:
            self.setText(text)
            self.setCursorPosition(0 if read_only else len(text))
        if self.isReadOnly() != read_only:
            self.setReadOnly(read_only)
            self.style().unpolish(self)
            self.style().polish(self)
        self.setFont((Type.MONO if self._mono and (text or read_only) else Type.INPUT).font())
        self._pencil.setVisible(locked and not fixed)
        self.setTextMargins(0, 0, 18 if locked and not fixed else 0, 0)

    def show_problem(self, grade: str) -> None:
        restyle(self, "problem", grade)

    def tint(self) -> None:
        self._pencil.setIcon(icon("pencil", Role.FAINT, SMALL))

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_pencil"):
            self.tint()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._locked and not self._fixed:
            self.unlock.emit()
        else:
            super().mouseDoubleClickEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
        if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter} or not plain:
            super().keyPressEvent(event)
        elif self._locked and not self._fixed:
            self.unlock.emit()
        else:
            self.entered.emit()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.isReadOnly() and event.reason() in {
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
        }:
            self.selectAll()


class ChoiceInput(Combo):
    """A list with free entry."""

    edited = Signal(str)
    entered = Signal()
    unlock = Signal()

    def __init__(self, choices: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(choices, free=True, parent=parent)
        self.setCurrentIndex(-1)
        self.setEditText("")
        self.editTextChanged.connect(self._changed)
        self._quiet = False

    def _changed(self, text: str) -> None:
        if not self._quiet:
            self.edited.emit(text)

    def show_value(self, text: str, *, locked: bool, fixed: bool) -> None:
        if self.currentText() != text:
            self._quiet = True
            self.setEditText(text)
            self._quiet = False
        self.setEnabled(not (locked or fixed))

    def show_problem(self, grade: str) -> None:
        restyle(self, "problem", grade)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            self.entered.emit()
        else:
            super().keyPressEvent(event)
