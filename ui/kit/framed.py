"""A rounded sheet with a line around it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter


def draw_framed(  # noqa: PLR0917 - a sheet is a place, a shape and two colours
    painter: QPainter, place: QRectF, radius: float, ground: QColor, line: QColor, width: float = 1
) -> None:
    """Fill `place`, `width` pixels of its edge with `line`; `radius` is that of the middle of the line. The painter is
    to smooth edges.

    The line is a sheet that the ground lies on: a smooth pen of one pixel takes Qt four times as long, which is felt
    where all of a list is drawn again at each step.
    """
    half = width / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(line)
    painter.drawRoundedRect(place, radius + half, radius + half)
    painter.setBrush(ground)
    painter.drawRoundedRect(place.adjusted(width, width, -width, -width), radius - half, radius - half)
