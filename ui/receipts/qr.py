"""A QR code as an image (ISO/IEC 18004), a pixel a module and the quiet zone around it."""

from __future__ import annotations

from PySide6.QtGui import QImage, qRgb

BLACK, WHITE = 0, 1


def qr(text: str) -> QImage:
    """`text` with the error correction M, of which 15 % may be lost; black and white without shades."""
    import segno

    code = segno.make_qr(text, error="m")
    rows = [bytes(row) for row in code.matrix_iter(border=code.default_border_size)]
    image = QImage(len(rows), len(rows), QImage.Format.Format_Indexed8)
    image.setColorTable([qRgb(0, 0, 0), qRgb(255, 255, 255)])
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            image.setPixel(x, y, BLACK if dark else WHITE)
    return image
