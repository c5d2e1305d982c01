"""What stands in place of the table where there is no row to show: why, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from ui.kit.buttons import Button
from ui.kit.empty import Empty
from ui.kit.style import REST, column, row
from ui.kit.text import Text

WIDTH = 460


class Blank(QFrame):
    """`pressed` follows its button; without a word for it there is none."""

    pressed = Signal()

    def __init__(
        self,
        icon: str,
        title: str,
        hints: Sequence[tuple[str, str]] = (),
        button: tuple[str, str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._words = Text("", tone="muted", wrap=True)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        inner = QWidget()
        parts: list[QWidget] = [Empty(icon, title, hints)]
        content = column(*parts, row(16, self._words, 16, gap=0), gap=0)
        if button:
            made = Button(button[0], icon_name=button[1])
            made.clicked.connect(self.pressed.emit)
            content.addLayout(row(made, REST, edge=(16, 8, 16, 16)))
        inner.setLayout(content)
        inner.setMaximumWidth(WIDTH)
        middle = row(REST, inner, REST)
        middle.setStretch(1, WIDTH)
        self.setLayout(column(24, middle, REST))
        self._words.say("")

    def say(self, sentence: str) -> None:
        """More of the reason, below the title."""
        self._words.say(sentence)
