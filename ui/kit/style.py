"""Properties that the style sheet reads, and layouts with the gaps of the design."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

Box = TypeVar("Box", bound=QBoxLayout)
REST = -1
"""In a column or row: the room that is left."""


def restyle(widget: QWidget, name: str, value: str) -> None:
    """Set a property that the style sheet selects by, and have it looked at again; one that was never set is ""."""
    if (widget.property(name) or "") != value:
        widget.setProperty(name, value)
        repolish(widget)


def repolish(widget: QWidget) -> None:
    """Have the style sheet look at a widget again; at one that was never shown it has yet to look at all."""
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


def column(
    *items: QWidget | QLayout | int, gap: int = 8, edge: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QVBoxLayout:
    """A column from top to bottom; an int is a gap of its own, REST takes the room that is left."""
    return _filled(QVBoxLayout(), items, gap, edge)


def row(*items: QWidget | QLayout | int, gap: int = 8, edge: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QHBoxLayout:
    """A row in reading direction; an int is a gap of its own, REST takes the room that is left."""
    return _filled(QHBoxLayout(), items, gap, edge)


def _filled(box: Box, items: tuple[QWidget | QLayout | int, ...], gap: int, edge: tuple[int, int, int, int]) -> Box:
    box.setSpacing(gap)
    box.setContentsMargins(*edge)
    for item in items:
        if isinstance(item, QWidget):
            box.addWidget(item)
        elif isinstance(item, QLayout):
            box.addLayout(item)
        elif item == REST:
            box.addStretch(1)
        else:
            box.addSpacing(item)
    return box
