"""The way to a sheet of barcodes, and what it is good for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QPagedPaintDevice
from PySide6.QtWidgets import QWidget

from ui.barcodes.sheet import Item, put
from ui.fonts import Type
from ui.kit.paper import PaperLine
from ui.kit.text import Text


class SheetLine(PaperLine):
    """`items` is asked when the sheet is wanted."""

    def __init__(self, title: str, items: Callable[[], Sequence[Item]], parent: QWidget | None = None) -> None:
        super().__init__(title, "gate-station-barcodes.pdf", self._put, parent)
        self._items = items
        words = Text(
            self.tr("A sheet to put on the bench: scan it instead of pressing a key."), tone="muted", wrap=True
        )
        self.box.insertWidget(0, Text(title, Type.BODY_STRONG))
        self.box.insertWidget(1, words)

    def _put(self, device: QPagedPaintDevice) -> bool:
        head = (self._title, self.tr("Scan a code: the station does what stands above it."))
        return put(device, head, self._items())
