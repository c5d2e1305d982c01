"""Receipts and labels: what stands on them, that only the gate's word makes one, and that printing sends nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import segno
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from app.masked import BULLET
from app.provisioning.submission import State
from app.training.station import TrainingStation
from resources import SOURCE, languages
from ui.commands import commands
from ui.journal.page import JournalPage
from ui.kit.paper import pdf
from ui.language.speaking import speak
from ui.main_window import MainWindow
from ui.receipts import label, sheet
from ui.receipts.page import ReceiptPage
from ui.receipts.qr import qr
from ui.receipts.words import in_code, label_lines

IMEI, PASSWORD = "490154203237518", "canary-horse-9"


def register(qtbot: QtBot, window: MainWindow, state: State) -> str:
    """Register a device, wait until it stands so, and give its submission's id."""
    for key, text in {"imei": IMEI, "username": "maria.lopez", "password": PASSWORD}.items():
        window.bench.form.edited.emit(key, text)
    window.bench.send()
    qtbot.waitUntil(lambda: window.snapshot.counts.get(state, 0) == 1, timeout=20_000)
    return window.snapshot.entries[0].id


def opened(qtbot: QtBot, window: MainWindow, id: str) -> ReceiptPage:
    """The receipt, as it is reached from the log."""
    window.bench.log_opened.emit(id)
    (log,) = window.findChildren(JournalPage)
    qtbot.waitUntil(log.detail.receipt.isVisible)
    log.detail.receipt.click()
    (page,) = window.findChildren(ReceiptPage)
    qtbot.waitUntil(lambda: page.receipt is not None)
    return page


def test_a_receipt_says_what_was_confirmed_and_nothing_personal_whole(qtbot: QtBot, window: MainWindow) -> None:
    id = register(qtbot, window, State.ACCEPTED)
    page, station = opened(qtbot, window, id), window.station
    assert page.receipt is not None
    assert station is not None
    text = sheet.document(page.receipt).toPlainText()
    assert text.splitlines()[0] == "Receipt"
    assert "Registered. The gate has confirmed it at " in text
    assert id in text
    assert BULLET in text
    assert IMEI[-4:] in text
    assert IMEI not in text
    assert PASSWORD not in text
    with ThreadPoolExecutor(1) as aside:
        report = aside.submit(station.journal.verify, page.receipt.code).result()
    assert report.findings == ()


def test_what_the_gate_has_not_confirmed_does_not_look_done(
    qtbot: QtBot, window: MainWindow, training: TrainingStation
) -> None:
    training.gate.close_door()
    page = opened(qtbot, window, register(qtbot, window, State.WAITING))
    assert page.receipt is not None
    text = sheet.document(page.receipt).toPlainText()
    assert text.splitlines()[0] == "Not confirmed by the gate"
    assert "This is no receipt" in text
    assert "Registered" not in text
    assert label_lines(page.receipt)[0] == "NOT CONFIRMED BY THE GATE"
    training.gate.open_door()
    qtbot.waitUntil(lambda: window.snapshot.counts.get(State.ACCEPTED, 0) == 1, timeout=20_000)
    page = opened(qtbot, window, page.receipt.entry.id)
    qtbot.waitUntil(lambda: page.receipt is not None and page.receipt.confirmed)


def test_paper_again_sends_nothing_again(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(qtbot, window, register(qtbot, window, State.ACCEPTED))
    sent = len(training.gate.requests)
    for paper, name in ((page.sheet, "receipt.pdf"), (page.label, "label.pdf"), (page.sheet, "again.pdf")):
        file = tmp_path / name
        monkeypatch.setattr(QFileDialog, "selectedFiles", lambda _, file=file: [str(file)])
        paper._save(file)
        # It is there before anything stands in it.
        qtbot.waitUntil(lambda file=file: file.exists() and file.read_bytes().startswith(b"%PDF-"))  # type: ignore[misc]
    assert len(training.gate.requests) == sent
    assert len(window.snapshot.entries) == 1


def test_the_label_has_its_own_size_and_its_code_whole_dots(qtbot: QtBot, window: MainWindow) -> None:
    page = opened(qtbot, window, register(qtbot, window, State.ACCEPTED))
    assert page.receipt is not None
    assert sides(pdf("label", page._put_label, label.layout())) == [0, 0, 176, 82]
    dots = 12
    image = QImage(int(label.WIDTH * dots), int(label.HEIGHT * dots), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    label.draw(painter, dots, page.receipt)
    painter.end()
    code = qr(in_code(page.receipt))
    module = int(label.CODE * dots // code.width())
    left, top = label.EDGE * dots, (label.HEIGHT * dots - module * code.width()) / 2
    drawn = [
        [image.pixelColor(int(left + (x + 0.5) * module), int(top + (y + 0.5) * module)).value() < 128 for x in each]
        for y, each in enumerate([range(code.width())] * code.height())
    ]
    expected = [
        [bool(dark) for dark in line]
        for line in segno.make_qr(f"{page.receipt.entry.id} {page.receipt.code}", error="m").matrix
    ]
    edge = (code.width() - len(expected)) // 2
    assert [line[edge:-edge] for line in drawn[edge:-edge]] == expected
    assert not any(any(line) for line in drawn[:edge])


def sides(made: bytes) -> list[int]:
    """The edges of a PDF's first page, in points."""
    return [round(float(side)) for side in made.split(b"/MediaBox [")[1].split(b"]")[0].split()]


@pytest.mark.parametrize("language", languages())
def test_paper_has_a_size_in_every_language(qapp: QApplication, language: str) -> None:
    speak(qapp, language)
    try:
        assert min(sides(pdf("paper", lambda device: QPainter(device).end()))[2:]) > 500
    finally:
        speak(qapp, SOURCE)


def test_the_last_one_s_receipt_is_a_command_once_there_is_one(qtbot: QtBot, window: MainWindow) -> None:
    name = "Receipt of the last one"
    assert name not in [command.label for command in commands(window)]
    id = register(qtbot, window, State.ACCEPTED)
    next(command for command in commands(window) if command.label == name).run()
    (page,) = window.findChildren(ReceiptPage)
    qtbot.waitUntil(lambda: page.receipt is not None and page.receipt.entry.id == id)
    assert window.page == "receipt"
