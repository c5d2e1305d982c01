"""A label of 62 by 29 mm, a common size of label printers: a QR code and short lines."""

from __future__ import annotations

from PySide6.QtCore import QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QFont, QPagedPaintDevice, QPageLayout, QPageSize, QPainter

from app.work.receipt import Receipt
from ui.barcodes.sheet import MM_PER_INCH, write
from ui.fonts import WORDS
from ui.receipts.qr import qr
from ui.receipts.words import in_code, label_lines

WIDTH, HEIGHT = 62.0, 29.0
EDGE, CODE, GAP = 1.5, 26.0, 1.0
FIRST, LINE = 3.8, 2.8
"""Heights of the letters in millimetres."""


def layout() -> QPageLayout:
    """The label's own size, without a margin: the printer cuts there."""
    size = QPageSize(QSizeF(WIDTH, HEIGHT), QPageSize.Unit.Millimeter, "62 x 29 mm")
    return QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF())


def put(device: QPagedPaintDevice, receipt: Receipt) -> bool:
    """Draw the label on a PDF or a printer; False where it took nothing."""
    painter = QPainter()
    if not painter.begin(device):
        return False
    draw(painter, device.logicalDpiX() / MM_PER_INCH, receipt)
    return painter.end()


def draw(painter: QPainter, dots: float, receipt: Receipt) -> None:
    """`dots`: the painter's dots a millimetre."""
    image = qr(in_code(receipt))
    # A whole number of dots a module: a scaled one would have grey edges.
    module = max(1, int(CODE * dots // image.width()))
    side = module * image.width()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(QRectF(EDGE * dots, (HEIGHT * dots - side) / 2, side, side), image)
    left = EDGE + side / dots + GAP
    room, top = WIDTH - left - EDGE, EDGE + 1.0
    for index, text in enumerate(label_lines(receipt)):
        size, weight = (FIRST, QFont.Weight.Bold) if index == 0 else (LINE, QFont.Weight.Normal)
        write(painter, dots, text, (WORDS, size, weight), QRectF(left, top, room, size * 1.4))
        top += size * 1.4 + 1.0
