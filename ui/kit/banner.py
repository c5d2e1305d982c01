"""A strip over the whole window that says in what mode the station is."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from ui.fonts import Type
from ui.icons import MEDIUM, Icon
from ui.kit.style import row
from ui.kit.text import Text
from ui.theme import Tone, theme


class Banner(QWidget):
    """Always one line of words with an icon."""

    def __init__(self, text: str, icon: str = "graduation-cap", tone: Tone = Tone.WAIT, parent: QWidget | None = None):
        super().__init__(parent)
        self._tone = tone
        words = Text(text, Type.BODY_STRONG, str(tone), wrap=True)
        box = row(Icon(icon, tone.ink, MEDIUM), words, gap=8, edge=(16, 6, 16, 6))
        box.setStretch(1, 1)
        self.setLayout(box)
        self.setAccessibleName(text)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().color(self._tone.soft))
        painter.end()
