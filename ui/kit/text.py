"""Words on the screen: one type, one tone, wrapped or cut with the whole text on the tip."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget
from typing_extensions import override

from ui.fonts import Type
from ui.kit.style import restyle
from ui.theme import Role, Tone, theme

WIDEST = (1 << 24) - 1
"""Pixels; QWIDGETSIZE_MAX."""
IN_LINE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading
"""Where a line stands in its rectangle. Made once: flags are put together by Python, at each painting otherwise."""


class Text(QLabel):
    """A label of one type. `tone` is a Tone, "muted", "faint" or "" for plain text."""

    def __init__(
        self,
        text: str = "",
        type: Type = Type.BODY,
        tone: str = "",
        *,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._heights: dict[int, int] = {}
        self.setFont(type.font())
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("tone", tone)
        if wrap:
            self.setWordWrap(True)
            policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)

    def set_tone(self, tone: Tone | str) -> None:
        restyle(self, "tone", str(tone))

    @override
    def setText(self, text: str) -> None:
        if text != self.text():
            self._heights.clear()
            super().setText(text)

    @override
    def changeEvent(self, event: QEvent) -> None:
        self._heights.clear()
        super().changeEvent(event)

    @override
    def heightForWidth(self, width: int) -> int:
        """Measured once for each width: layouts ask many times, and Qt breaks the text into lines each time."""
        if width not in self._heights:
            self._heights[width] = super().heightForWidth(width)
        return self._heights[width]

    @override
    def sizeHint(self) -> QSize:
        return self.minimumSizeHint() if self.wordWrap() else super().sizeHint()

    @override
    def minimumSizeHint(self) -> QSize:
        """One line where it wraps: it is as wide as there is room, and as high as that makes it. Qt would look for a
        width at which it is well shaped, which takes it a millisecond."""
        return QSize(0, self.heightForWidth(WIDEST)) if self.wordWrap() else super().minimumSizeHint()

    def say(self, text: str) -> None:
        """Show `text`; take no room when it is empty."""
        self.setText(text)
        self.setVisible(bool(text))


def label_of(text: str, of: QWidget) -> QLabel:
    """What stands above a line to type in; its mnemonic and screen readers lead there."""
    made = QLabel(text)
    made.setFont(Type.BODY_STRONG.font())
    made.setBuddy(of)
    return made


class Cut(QWidget):
    """One line that is cut at its end when there is no room; the tip then has the whole."""

    def __init__(
        self, text: str = "", type: Type = Type.BODY, role: Role = Role.TEXT, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._text, self._role = text, role
        self.setFont(type.font())
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        return self._text

    def say(self, text: str, role: Role | None = None) -> None:
        role = role or self._role
        if text != self._text:
            self.updateGeometry()
        if (text, role) != (self._text, self._role):
            self._text, self._role = text, role
            self.update()

    @override
    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._text) + 1, metrics.height() + 2)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(24, self.sizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        tip = self._text if shown != self._text else ""
        if tip != self.toolTip():
            self.setToolTip(tip)
        painter = QPainter(self)
        painter.setPen(theme().color(self._role))
        painter.drawText(self.rect(), IN_LINE, shown)
        painter.end()
