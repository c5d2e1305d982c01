"""One text of two that differ, with the characters marked that the other does not have."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ui.fonts import Type
from ui.journal.differences import Piece
from ui.theme import Role, Tone, theme

LINE = 22
UNDERLINE = 2


class Compared(QWidget):
    """Characters of one width, broken wherever the room ends. The marks are a ground and a line below, so that
    they do not hang on colour alone."""

    def __init__(self, pieces: tuple[Piece, ...], tone: Tone, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._characters = [(character, piece.changed) for piece in pieces for character in piece.text]
        self._tone = tone
        self.setFont(Type.MONO.font())
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("".join(character for character, _ in self._characters))

    def _pitch(self) -> float:
        return QFontMetricsF(self.font()).horizontalAdvance("0")

    def _columns(self, width: int) -> int:
        return max(1, int(width / self._pitch()))

    @override
    def sizeHint(self) -> QSize:
        return QSize(int(self._pitch() * 20) + 1, LINE)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(int(self._pitch() * 8), LINE)

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        return LINE * max(1, -(-len(self._characters) // self._columns(width)))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        pitch, columns = self._pitch(), self._columns(self.width())
        ink, soft = theme().color(self._tone.ink), theme().color(self._tone.soft)
        for place, (character, changed) in enumerate(self._characters):
            box = QRectF(place % columns * pitch, place // columns * LINE, pitch, LINE)
            if changed:
                painter.fillRect(box.adjusted(0, 1, 0, -1), soft)
                painter.fillRect(QRectF(box.left(), box.bottom() - 1 - UNDERLINE, pitch, UNDERLINE), ink)
            painter.setPen(ink if changed else theme().color(Role.TEXT))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, character)
        painter.end()
