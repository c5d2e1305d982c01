"""What a screen shows while it has nothing to show: it teaches the next step."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.fonts import Type
from ui.icons import MEDIUM, Icon
from ui.kit.style import REST, column, row
from ui.kit.text import Text
from ui.theme import Role


class Empty(QWidget):
    """An icon, a title, and hints, each with its own icon."""

    def __init__(
        self, icon: str, title: str, hints: Sequence[tuple[str, str]] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        lines = []
        for name, text in hints:
            mark = Icon(name, Role.MUTED, MEDIUM, self)
            line = row(mark, Text(text, tone="muted", wrap=True, parent=self), gap=10)
            line.setAlignment(mark, Qt.AlignmentFlag.AlignTop)
            line.setStretch(1, 1)
            lines.append(line)
        self.setLayout(
            column(
                row(Icon(icon, Role.MUTED, 32, self), REST),
                Text(title, Type.HEADING, wrap=True, parent=self),
                *lines,
                gap=12,
                edge=(16, 16, 16, 16),
            )
        )
        self.setAccessibleName(" ".join([title, *(text for _, text in hints)]))
