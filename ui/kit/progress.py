"""A thin bar that says how far something is."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ui.theme import Role, theme

HEIGHT = 4


class Progress(QWidget):
    """`part` runs from 0 to 1."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._part = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def say(self, part: float) -> None:
        part = min(1.0, max(0.0, part))
        if part != self._part:
            self._part = part
            self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(60, HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QRectF(self.rect())
        painter.setBrush(theme().color(Role.LINE))
        painter.drawRoundedRect(whole, HEIGHT / 2, HEIGHT / 2)
        done = whole.width() * self._part
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        painter.setBrush(theme().color(Role.ACCENT))
        painter.drawRoundedRect(
            QRectF(whole.right() - done if rtl else whole.left(), 0, done, whole.height()), HEIGHT / 2, HEIGHT / 2
        )
        painter.end()
