"""Code 128 as bars on any painter, each a whole number of the device's dots wide (ISO/IEC 15417)."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

QUIET = 10
"""Modules of white at either end (ISO/IEC 15417 4.4)."""


def modules(code: str) -> str:
    """The bars of `code` from left to right: `1` black, `0` white, without the quiet zones. Raises ValueError for a
    character that Code 128 does not have."""
    from barcode.codex import Code128
    from barcode.errors import IllegalCharacterError

    try:
        built: list[str] = Code128(code).build()
    except IllegalCharacterError as fault:
        raise ValueError("Code 128 has no such character") from fault
    return built[0]


def draw_bars(painter: QPainter, code: str, room: QRectF) -> None:
    """Draw `code` in the middle of `room`, as wide as whole dots allow; the quiet zones lie within it."""
    bars = modules(code)
    dot = max(1, int(room.width() // (len(bars) + 2 * QUIET)))
    left = int(room.left() + (room.width() - dot * len(bars)) / 2)
    # Soft edges would make thin bars grey.
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    start = 0
    while (start := bars.find("1", start)) >= 0:
        end = bars.find("0", start)
        end = len(bars) if end < 0 else end
        painter.fillRect(
            QRectF(left + start * dot, int(room.top()), (end - start) * dot, int(room.height())), Qt.GlobalColor.black
        )
        start = end
