"""A state in three ways at once: word, icon and colour."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ui.fonts import Type
from ui.icons import SMALL, draw
from ui.kit.text import IN_LINE
from ui.theme import Tone, theme

HEIGHT, EDGE, GAP = 22, 9, 6


@lru_cache(maxsize=256)
def chip_width(word: str, icon: str) -> float:
    """The width a chip takes, in logical pixels."""
    words = QFontMetricsF(Type.SMALL_STRONG.font()).horizontalAdvance(word)
    return EDGE * 2 + words + (SMALL + GAP if icon else 0)


def draw_chip(painter: QPainter, rect: QRectF, word: str, icon: str, tone: Tone) -> None:
    """Draw a chip at the start of `rect`, in its middle; cut where `rect` is too narrow. For delegates too."""
    rtl = painter.layoutDirection() is Qt.LayoutDirection.RightToLeft
    font = Type.SMALL_STRONG.font()
    width = min(chip_width(word, icon), rect.width())
    left = rect.right() - width if rtl else rect.left()
    pill = QRectF(left, rect.center().y() - HEIGHT / 2, width, HEIGHT)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().color(tone.soft))
    painter.drawRoundedRect(pill, HEIGHT / 2, HEIGHT / 2)
    inner = pill.adjusted(EDGE, 0, -EDGE, 0)
    if icon:
        x = inner.right() - SMALL if rtl else inner.left()
        draw(painter, icon, tone.ink, x, pill.center().y() - SMALL / 2, SMALL)
        inner.adjust(0 if rtl else SMALL + GAP, 0, -(SMALL + GAP) if rtl else 0, 0)
    painter.setFont(font)
    painter.setPen(theme().color(tone.ink))
    cut = width < chip_width(word, icon)
    shown = QFontMetricsF(font).elidedText(word, Qt.TextElideMode.ElideRight, inner.width() + 1) if cut else word
    painter.drawText(inner.adjusted(0, 0, 2, 0), IN_LINE, shown)
    painter.restore()


class Chip(QWidget):
    """One chip. Give an icon wherever the chip means a state."""

    def __init__(
        self, word: str = "", icon: str = "", tone: Tone = Tone.NEUTRAL, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._word, self._icon, self._tone = word, icon, tone
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(word)

    def say(self, word: str, icon: str, tone: Tone) -> None:
        if (word, icon, tone) != (self._word, self._icon, self._tone):
            self._word, self._icon, self._tone = word, icon, tone
            self.setAccessibleName(word)
            self.updateGeometry()
            self.update()

    @property
    def word(self) -> str:
        return self._word

    @property
    def tone(self) -> Tone:
        return self._tone

    @override
    def sizeHint(self) -> QSize:
        return QSize(int(chip_width(self._word, self._icon)) + 1, HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(HEIGHT * 2, HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setLayoutDirection(self.layoutDirection())
        draw_chip(painter, QRectF(self.rect()), self._word, self._icon, self._tone)
        painter.end()
