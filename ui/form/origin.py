"""Where a value came from, in icon and word; for what a device said it is also the way to edit it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget
from typing_extensions import override

from app.provisioning.draft import Origin
from ui.fonts import Type
from ui.form.words import ORIGINS, tr
from ui.icons import SMALL, icon
from ui.theme import Role


class OriginMark(QPushButton):
    """Pressed only where the value is locked; the field itself does the same on Enter and double click."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._origin: Origin | None = None
        self._locked = False
        self.setProperty("kind", "origin")
        self.setFont(Type.SMALL.font())
        self.setIconSize(QSize(SMALL, SMALL))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(18)
        # Enter on the field does the same, so that Tab does not stop twice at each value.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def say(self, origin: Origin | None, *, locked: bool) -> None:
        if (origin, locked) == (self._origin, self._locked):
            return
        self._origin, self._locked = origin, locked
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not locked)
        self.setToolTip(tr("Edit this value (Enter in the field)") if locked else "")
        self.setVisible(origin is not None)
        self._show(hovered=False)

    def _show(self, *, hovered: bool) -> None:
        if self._origin is None:
            return
        word, name = ORIGINS[self._origin]
        edit = hovered and self._locked
        # A thin space: the icons fill their square to its edge.
        self.setText("\u2009" + (tr("edit") if edit else tr(word)))
        self.setIcon(icon("pencil" if edit else name, Role.ACCENT if edit else Role.FAINT, SMALL))

    @override
    def sizeHint(self) -> QSize:
        return QSize(SMALL + self.fontMetrics().horizontalAdvance(self.text()) + 6, 18)

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._show(hovered=True)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._show(hovered=False)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_locked"):
            self._show(hovered=self.underMouse())
