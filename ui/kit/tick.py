"""A check box whose box is drawn from the roles of the look: the style's own border is too faint to be seen."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QStyle, QStyleOptionButton
from typing_extensions import override

from ui.icons import SMALL, draw
from ui.theme import Role, theme

ROUND = 4


class Tick(QCheckBox):
    """As QCheckBox; what is ticked has the accent's ground."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        place = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        scheme, on = theme().scheme, self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(place, scheme.color(Role.BG))
        painter.setPen(QPen(scheme.color(Role.ACCENT if on else Role.CONTROL), 1))
        painter.setBrush(scheme.color(Role.ACCENT if on else Role.SURFACE))
        painter.drawRoundedRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5), ROUND, ROUND)
        if on:
            middle = QRectF(place).center()
            draw(painter, "check", Role.ON_ACCENT, middle.x() - SMALL / 2, middle.y() - SMALL / 2, SMALL)
        painter.end()
