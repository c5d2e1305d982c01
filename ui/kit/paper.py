"""The way to paper: saved as PDF, or sent to the system's printer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QBuffer, QIODevice, QLocale, QMarginsF, Qt, Signal
from PySide6.QtGui import QPagedPaintDevice, QPageLayout, QPageSize, QPdfWriter
from PySide6.QtWidgets import QWidget

from app.errors import WorkstationError
from ui.background import run
from ui.kit.buttons import Button
from ui.kit.files import ask_save
from ui.kit.style import REST, column, row

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

DPI = 1200
Draw = Callable[[QPagedPaintDevice], bool]
"""Draws all pages; False where the device took nothing."""


class SheetNotKept(WorkstationError):
    """The PDF could not be written, or the printer took nothing."""

    code: ClassVar[str] = "sheet.not-kept"


def paper() -> QPageLayout:
    """Upright, Letter where inches are measured in, else A4; the margins are the sheet's own."""
    metric = QLocale.system().measurementSystem() is not QLocale.MeasurementSystem.ImperialUSSystem
    size = QPageSize(QPageSize.PageSizeId.A4 if metric else QPageSize.PageSizeId.Letter)
    return QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF())


def pdf(title: str, draw: Draw, layout: QPageLayout | None = None) -> bytes:
    """What `draw` draws as a PDF, in the paper size of the country unless `layout` says otherwise."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DPI)
    writer.setTitle(title)
    writer.setPageLayout(layout or paper())
    draw(writer)
    return bytes(buffer.data().data())


class PaperLine(QWidget):
    """Two buttons. `draw` is called when one is pressed. Emits `failed(WorkstationError)`, `saved(path)`."""

    failed = Signal(object)
    saved = Signal(str)

    def __init__(
        self,
        title: str,
        name: str,
        draw: Draw,
        parent: QWidget | None = None,
        *,
        layout: Callable[[], QPageLayout] = paper,
    ) -> None:
        """`title` names the sheet in the window and in the PDF, `name` is the file on offer."""
        super().__init__(parent)
        self._title, self._name, self._draw, self._layout = title, name, draw, layout
        self.save = Button(self.tr("Save as PDF"), "", "save")
        self.save.setAccessibleName(self.tr("Save {sheet} as PDF").format(sheet=title))
        self.save.clicked.connect(self._ask_for_file)
        self.print = Button(self.tr("Print"), "", "printer")
        self.print.setAccessibleName(self.tr("Print {sheet}").format(sheet=title))
        self.print.clicked.connect(self._ask_for_printer)
        self.box = column(row(self.save, self.print, REST), gap=6)
        self.setLayout(self.box)

    def _ask_for_file(self) -> None:
        ask_save(self, self._title, [self.tr("PDF (*.pdf)")], self._name, self._save)

    def _save(self, file: Path) -> None:
        data = pdf(self._title, self._draw, self._layout())
        run(lambda: _write(file, data), lambda _: self.saved.emit(str(file)), self.failed.emit, self)

    def _ask_for_printer(self) -> None:
        # Asks the system for its printers, which not everybody who opens the page has to wait for.
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self._title)
        printer.setPageLayout(self._layout())
        printer.setFullPage(True)
        dialog = QPrintDialog(printer, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.send(printer))
        # Not open(), which this dialog has replaced by one that wants a slot.
        dialog.show()

    def send(self, printer: QPrinter) -> None:
        """Draw the sheet on a printer."""
        if not self._draw(printer):
            trouble = SheetNotKept("The printer did not take the sheet.", remedy="Check the printer, or save a PDF.")
            self.failed.emit(trouble)


def _write(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as fault:
        raise SheetNotKept(
            f"The sheet could not be written: {fault.strerror}.", remedy="Choose another folder.", detail=str(file)
        ) from fault
