"""A value that can be selected and copied, broken anywhere where it has no space to break at."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QTextOption, QWheelEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget
from typing_extensions import override

from ui.fonts import Type

LINE = 20
"""The least height, in pixels at 100 %: one line."""


class Words(QTextEdit):
    """`name` is what a screen reader says before the value. A label would cut a long e-mail address."""

    def __init__(self, text: str, type: Type, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setFont(type.font())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(f"{name}: {text}")
        self.document().setDocumentMargin(0)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setPlainText(text)

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        measured = self.document().clone()
        measured.setDefaultFont(self.font())
        measured.setTextWidth(width)
        return max(LINE, int(measured.size().height()) + 1)

    @override
    def sizeHint(self) -> QSize:
        return QSize(120, LINE)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(40, LINE)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        # There is nothing to scroll here; the panel around it has the wheel.
        event.ignore()
