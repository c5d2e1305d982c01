"""The view of a batch: rows of one height, where each stands as a chip."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QTableView,
    QWidget,
)
from typing_extensions import override

from ui.batch.model import DEVICE, SENTENCE, STANDING, USER, BatchModel
from ui.kit.small_table import set_up

ROW = 40
WIDTHS = {0: 110, DEVICE: 170, 2: 110, USER: 130, STANDING: 168}
ROOMY = 1000


class BatchTable(QTableView):
    """Emits `opened(row)` for Enter and a double click."""

    opened = Signal(int)

    def __init__(self, model: BatchModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        set_up(self, chip=STANDING, row=ROW)
        # Two lines have room in a row.
        self.setWordWrap(True)
        self.setAccessibleName(self.tr("Devices of the batch, who needs somebody first"))
        horizontal = self.horizontalHeader()
        horizontal.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        for column, width in WIDTHS.items():
            self.setColumnWidth(column, width)
        horizontal.setSectionResizeMode(SENTENCE, QHeaderView.ResizeMode.Stretch)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setColumnHidden(USER, event.size().width() < ROOMY)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.open_current()
        else:
            super().keyPressEvent(event)

    def open_current(self) -> None:
        """Open the row that is chosen; does nothing where none is."""
        if self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
