"""A bar in the colours of its tone, behind what it says."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from ui.kit.framed import draw_framed
from ui.theme import RADIUS_BUTTON, Tone, theme


class Tinted(QWidget):
    """Paints a rounded ground in the soft colour of `tone`, edged with its ink."""

    def __init__(self, tone: Tone, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = tone

    @property
    def tone(self) -> Tone:
        return self._tone

    def tint(self, tone: Tone) -> None:
        self._tone = tone
        self.update()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, line = theme().color(self._tone.soft), theme().color(self._tone.ink)
        draw_framed(painter, QRectF(self.rect()), RADIUS_BUTTON, ground, line)
        painter.end()
