"""One text of two that differ, with the characters marked that the other does not have."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ui.fonts import Type
from ui.journal.differences import Piece
from ui.theme import Role, Tone, theme

HEIGHT = 24
UNDERLINE = 2


class Compared(QWidget):
    """The marks are a ground and a line below, so that they do not hang on colour alone."""

    def __init__(self, pieces: tuple[Piece, ...], tone: Tone, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pieces, self._tone = pieces, tone
        self.setFont(Type.MONO.font())
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("".join(piece.text for piece in pieces))

    @override
    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self.font())
        return QSize(int(sum(metrics.horizontalAdvance(piece.text) for piece in self._pieces)) + 2, HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        metrics = QFontMetricsF(self.font())
        x = 0.0
        for piece in self._pieces:
            width = metrics.horizontalAdvance(piece.text)
            box = QRectF(x, 2, width, HEIGHT - 4)
            if piece.changed:
                painter.fillRect(box, theme().color(self._tone.soft))
                painter.fillRect(QRectF(x, box.bottom() - UNDERLINE, width, UNDERLINE), theme().color(self._tone.ink))
            painter.setPen(theme().color(self._tone.ink if piece.changed else Role.TEXT))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, piece.text)
            x += width
        painter.end()
