"""The bar above the bench while the shift is to be confirmed before any device is read."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.provisioning.consent import SHIFT_TEXT
from ui.fonts import Type
from ui.icons import LARGE, Icon
from ui.kit.buttons import Button
from ui.kit.style import row
from ui.kit.text import Text
from ui.language.speaking import spoken
from ui.theme import RADIUS_BUTTON, TARGET, Role, theme


class ShiftBar(QWidget):
    """Hidden while nothing is to be confirmed; it cannot be put away otherwise. Emits `confirmed`."""

    confirmed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        icon = Icon("shield-check", Role.ACCENT, LARGE)
        icon.setFixedHeight(TARGET)
        self.button = Button(self.tr("Confirm for this shift  F6"))
        self.button.clicked.connect(self.confirmed)
        text = Text(spoken(SHIFT_TEXT), Type.BODY_STRONG, wrap=True)
        box = row(icon, text, self.button, gap=10, edge=(14, 8, 8, 8))
        box.setStretch(1, 1)
        self.setLayout(box)
        self.setAccessibleName(spoken(SHIFT_TEXT))
        self.hide()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme().color(Role.ACCENT))
        painter.setBrush(theme().color(Role.ACCENT_SOFT))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_BUTTON, RADIUS_BUTTON)
        painter.end()
