"""The way to a sheet of barcodes: saved as PDF, or sent to the system's printer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from app.errors import WorkstationError
from ui.background import run
from ui.barcodes.sheet import Item, draw, paper, pdf
from ui.fonts import Type
from ui.kit.buttons import Button
from ui.kit.files import ask_save
from ui.kit.style import REST, column, row
from ui.kit.text import Text

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter


class SheetNotKept(WorkstationError):
    """The PDF could not be written, or the printer took nothing."""

    code: ClassVar[str] = "sheet.not-kept"


class SheetLine(QWidget):
    """Two buttons. `items` is asked when one is pressed. Emits `failed(WorkstationError)`, `saved(path)`."""

    failed = Signal(object)
    saved = Signal(str)

    def __init__(self, title: str, items: Callable[[], Sequence[Item]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._items = title, items
        self.save = Button(self.tr("Save as PDF"), "", "save")
        self.save.setAccessibleName(self.tr("Save {sheet} as PDF").format(sheet=title))
        self.save.clicked.connect(self._ask_for_file)
        self.print = Button(self.tr("Print"), "", "printer")
        self.print.setAccessibleName(self.tr("Print {sheet}").format(sheet=title))
        self.print.clicked.connect(self._ask_for_printer)
        words = Text(
            self.tr("A sheet to put on the bench: scan it instead of pressing a key."), tone="muted", wrap=True
        )
        self.setLayout(column(Text(title, Type.BODY_STRONG), words, row(self.save, self.print, REST), gap=6))

    @property
    def _head(self) -> tuple[str, str]:
        return self._title, self.tr("Scan a code: the station does what stands above it.")

    def _ask_for_file(self) -> None:
        ask_save(self, self._title, [self.tr("PDF (*.pdf)")], "gate-station-barcodes.pdf", self._save)

    def _save(self, file: Path) -> None:
        data = pdf(*self._head, self._items())
        run(lambda: _write(file, data), lambda _: self.saved.emit(str(file)), self.failed.emit, self)

    def _ask_for_printer(self) -> None:
        # Asks the system for its printers, which not everybody who opens the settings has to wait for.
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self._title)
        printer.setPageLayout(paper())
        printer.setFullPage(True)
        dialog = QPrintDialog(printer, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.send(printer))
        # Not open(), which this dialog has replaced by one that wants a slot.
        dialog.show()

    def send(self, printer: QPrinter) -> None:
        """Draw the sheet on a printer."""
        painter = QPainter()
        if not painter.begin(printer):
            trouble = SheetNotKept("The printer did not take the sheet.", remedy="Check the printer, or save a PDF.")
            self.failed.emit(trouble)
            return
        draw(painter, printer.resolution(), self._head, self._items(), printer.newPage)
        painter.end()


def _write(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as fault:
        raise SheetNotKept(
            f"The sheet could not be written: {fault.strerror}.", remedy="Choose another folder.", detail=str(file)
        ) from fault
