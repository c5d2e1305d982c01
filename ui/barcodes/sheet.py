"""A sheet of labelled barcodes, laid out in millimetres on whatever paper there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPagedPaintDevice, QPainter, QPen

from ui.barcodes.bars import draw_bars
from ui.fonts import FIGURES, WORDS

MM_PER_INCH = 25.4
MARGIN, HEAD = 15.0, 16.0
COLUMNS, ROW, GAP = 2, 35.0, 4.0
"""Twelve fit on A4 and on Letter."""
LABEL, BARS, CODE, INNER = 8.0, 15.0, 5.0, 3.0
_GREY = Qt.GlobalColor.gray


class Item(Struct, frozen=True):
    """One barcode: what it is called, and what stands in it."""

    label: str
    code: str


def put(device: QPagedPaintDevice, head: tuple[str, str], items: Sequence[Item]) -> bool:
    """Draw the sheet on a PDF or a printer; False where it took nothing."""
    painter = QPainter()
    if not painter.begin(device):
        return False
    draw(painter, device.logicalDpiX(), head, items, device.newPage)
    return painter.end()


def draw(
    painter: QPainter, dpi: float, head: tuple[str, str], items: Sequence[Item], new_page: Callable[[], object]
) -> None:
    """Draw all items, with the head on each page. `dpi`: dots an inch of the painter's device."""
    dots = dpi / MM_PER_INCH
    page = QRectF(painter.viewport())
    width, height = page.width() / dots, page.height() / dots
    cell = (width - 2 * MARGIN - (COLUMNS - 1) * GAP) / COLUMNS
    rows = max(1, int((height - 2 * MARGIN - HEAD + GAP) // (ROW + GAP)))
    for index, item in enumerate(items):
        place = index % (rows * COLUMNS)
        if place == 0:
            if index:
                new_page()
            _draw_head(painter, dots, head, width)
        down, across = divmod(place, COLUMNS)
        corner = QPointF(MARGIN + across * (cell + GAP), MARGIN + HEAD + down * (ROW + GAP))
        _draw_item(painter, dots, item, QRectF(corner.x(), corner.y(), cell, ROW))


def _draw_head(painter: QPainter, dots: float, head: tuple[str, str], width: float) -> None:
    title, hint = head
    write(painter, dots, title, (WORDS, 6.0, QFont.Weight.DemiBold), QRectF(MARGIN, MARGIN, width - 2 * MARGIN, 8))
    write(painter, dots, hint, (WORDS, 3.2, QFont.Weight.Normal), QRectF(MARGIN, MARGIN + 8, width - 2 * MARGIN, 5))


def _draw_item(painter: QPainter, dots: float, item: Item, cell: QRectF) -> None:
    pen = QPen(_GREY)
    pen.setWidthF(0.2 * dots)
    painter.setPen(pen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.drawRoundedRect(_dots(cell, dots), 2 * dots, 2 * dots)
    inner = cell.adjusted(INNER, INNER, -INNER, -INNER)
    middle = Qt.AlignmentFlag.AlignCenter
    label = QRectF(inner.left(), inner.top(), inner.width(), LABEL)
    write(painter, dots, item.label, (WORDS, 5.5, QFont.Weight.Bold), label, align=middle)
    bars = QRectF(inner.left(), label.bottom() + 1, inner.width(), BARS)
    draw_bars(painter, item.code, _dots(bars, dots))
    code = QRectF(inner.left(), inner.bottom() - CODE, inner.width(), CODE)
    write(painter, dots, item.code, (FIGURES, 3.0, QFont.Weight.Normal), code, align=middle)


def write(
    painter: QPainter,
    dots: float,
    text: str,
    face: tuple[str, float, QFont.Weight],
    place: QRectF,
    *,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter,
) -> None:
    """Write one black line; `place` is in millimetres, `face` is family, height and weight.

    A long one is made narrower rather than cut: a half command is none.
    """
    family, size, weight = face
    font = QFont(family)
    font.setWeight(weight)
    font.setPixelSize(max(1, round(size * dots)))
    painter.setFont(font)
    wide = painter.fontMetrics().horizontalAdvance(text) / dots
    if wide > place.width():
        font.setPixelSize(max(1, int(size * dots * place.width() / wide)))
        painter.setFont(font)
    painter.setPen(Qt.GlobalColor.black)
    painter.drawText(_dots(place, dots), align, text)


def _dots(place: QRectF, dots: float) -> QRectF:
    return QRectF(place.left() * dots, place.top() * dots, place.width() * dots, place.height() * dots)
