"""The sheet of command barcodes: its bars say the commands, on paper and in the window."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import pytest
from barcode.charsets.code128 import CODES, B
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from app.scanning.commands import COMMANDS
from app.scanning.meaning import Ordered
from app.scanning.reading import read
from tests.peers.pages import dressed
from ui.barcodes.bars import QUIET, draw_bars, modules
from ui.barcodes.commands import command_items
from ui.barcodes.line import SheetLine
from ui.barcodes.sheet import COLUMNS, Item, draw, put
from ui.kit.paper import DPI, pdf
from ui.main_window import MainWindow
from ui.settings.page import SettingsPage
from ui.theme import Tone

BADGE = Item("Ana P.", "GSOP-0123456789AB")
LETTERS = {value: letter for letter, value in B.items() if len(letter) == 1}


def read_row(image: QImage, y: int) -> str:
    """What a laser across the picture would read: the widths of the bars, and the letters they stand for."""
    runs = [
        (dark, len(list(run)))
        for dark, run in groupby(image.pixelColor(x, y).value() < 128 for x in range(image.width()))
    ]
    assert runs[0][1] >= QUIET * runs[1][1] / 2, "no quiet zone"
    bars = runs[1:-1]
    one = min(width for _, width in bars)
    assert all(width % one == 0 for _, width in bars), "a bar of half a module"
    line = "".join(("1" if dark else "0") * (width // one) for dark, width in bars)
    values = [CODES.index(line[at : at + 11]) for at in range(0, len(line) - 13, 11)]
    assert line[len(values) * 11 :] == "1100011101011", "no stop sign"
    start, *data, check = values
    assert (start + sum(place * value for place, value in enumerate(data, 1))) % 103 == check
    return _letters(start, data)


def _letters(start: int, data: list[int]) -> str:
    """Code sets B and C, which is all that capital letters and figures need."""
    text, figures = "", start == 105
    for value in data:
        if value == 99 and not figures:
            figures = True
        elif value == 100 and figures:
            figures = False
        else:
            text += f"{value:02}" if figures else LETTERS[value]
    return text


@pytest.mark.parametrize("item", [*(Item(command.label, command.code) for command in COMMANDS), BADGE])
def test_the_bars_say_what_stands_below_them(qapp: QApplication, item: Item) -> None:
    image = QImage(900, 60, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    draw_bars(painter, item.code, QRectF(0, 10, 900, 40))
    painter.end()
    assert read_row(image, 30) == item.code


def test_every_command_of_the_station_is_on_the_sheet_and_reads_as_itself() -> None:
    items = command_items(["register-device", "plan-change"])
    assert [item.label for item in items] == [
        "SUBMIT", "NEXT", "CANCEL", "BACK", "ANSWER 1", "ANSWER 2", "ANSWER 3", "ANSWER 4", "THEY AGREE",
        "PIN OF THE SIM", "BATCH", "LOG", "EXPORT", "NOT SENT", "NEW TOKEN", "NEW DEVICE", "PLAN CHANGE",
    ]  # fmt: skip
    assert all(isinstance(read(item.code), Ordered) for item in items)


def test_a_character_without_bars_is_refused() -> None:
    with pytest.raises(ValueError, match="no such character"):
        modules("ñandú")


def test_more_codes_than_fit_on_a_page_go_on_the_next(qapp: QApplication) -> None:
    dressed(qapp)
    image = QImage(2480, 3508, QImage.Format.Format_RGB32)
    pages: list[int] = []
    painter = QPainter(image)
    draw(painter, 300, ("Title", "hint"), [BADGE] * (COLUMNS * 6 + 1), lambda: pages.append(1))
    painter.end()
    assert len(pages) == 1


def test_the_pdf_holds_every_page(qapp: QApplication) -> None:
    dressed(qapp)
    items = command_items([row.name for row in COMMANDS])
    data = pdf("Commands", lambda device: put(device, ("Commands", "Scan one."), items))
    assert data.startswith(b"%PDF")
    assert data.count(b"/Type /Page\n") == 2
    assert DPI >= 600


def test_the_sheet_is_saved_from_the_settings(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.show_page("settings")
    (page,) = window.findChildren(SettingsPage)
    page.sheet.save.click()
    (dialog,) = page.findChildren(QFileDialog)
    file = tmp_path / "codes.pdf"
    dialog.fileSelected.emit(str(file))
    dialog.close()
    qtbot.waitUntil(lambda: page._notice.isVisible() and page._notice.tone is Tone.OK)
    assert file.read_bytes().startswith(b"%PDF")
    page.sheet._save(tmp_path / "none" / "codes.pdf")
    qtbot.waitUntil(lambda: "could not be written" in page._notice.summary())


def test_the_sheet_goes_to_a_printer(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    dressed(qapp)
    line = SheetLine("Commands", lambda: [BADGE])
    qtbot.addWidget(line)
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    line.send(printer)
    assert (tmp_path / "printed.pdf").read_bytes().startswith(b"%PDF")
