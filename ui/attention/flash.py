"""A frame around the window for a moment, in the colour of what happened: for those who do not hear the tone."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from ui.theme import Tone, theme

WIDTH = 6
FLASH_MS = 700


class Flash(QWidget):
    """Lies over its window and lets every click through; shown once and taken away, never blinking."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._over = window
        self.tone = Tone.NEUTRAL
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._away = QTimer(self)
        self._away.setSingleShot(True)
        self._away.timeout.connect(self.hide)
        self.hide()
        window.installEventFilter(self)

    def show_tone(self, tone: Tone, milliseconds: int = FLASH_MS) -> None:
        self.tone = tone
        self._cover()
        self.raise_()
        self.show()
        self.update()
        self._away.start(milliseconds)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._cover()
        return False

    def _cover(self) -> None:
        self.setGeometry(self._over.rect())
        # Only its frame: all that lay under it were drawn again when it comes and when it goes.
        inner = self.rect().adjusted(WIDTH, WIDTH, -WIDTH, -WIDTH)
        self.setMask(QRegion(self.rect()).subtracted(QRegion(inner)))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(theme().color(self.tone.ink), WIDTH, j=Qt.PenJoinStyle.MiterJoin))
        half = WIDTH / 2
        painter.drawRect(QRectF(self.rect()).adjusted(half, half, -half, -half))
        painter.end()
