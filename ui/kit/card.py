"""A white sheet with a heading: the frame of every group on a screen."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.fonts import Type
from ui.icons import LARGE, Icon
from ui.kit.buttons import LINK_EDGE
from ui.kit.style import REST, row
from ui.kit.text import Text
from ui.theme import TARGET, Role


class Card(QFrame):
    """`body` takes the content; `aside` widgets stand at the end of the heading."""

    def __init__(self, title: str, icon: str = "", *aside: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(16, 8, 16, 16)
        self.body.setSpacing(4)
        # One height with or without a button, so that headings stand level.
        head = QWidget(self)
        self.heading = Text(title, Type.HEADING, parent=head)
        items: list[QWidget | int] = [Icon(icon, Role.MUTED, LARGE, head)] if icon else []
        head.setFixedHeight(TARGET)
        head.setLayout(row(*items, self.heading, REST, *aside, gap=8))
        beyond = [-LINK_EDGE] if aside and aside[-1].property("kind") == "link" else []
        self.body.addLayout(row(head, *beyond, gap=0))


def line(parent: QWidget | None = None) -> QFrame:
    """A separator, one pixel high."""
    made = QFrame(parent)
    made.setProperty("kind", "line")
    made.setFixedHeight(1)
    return made
