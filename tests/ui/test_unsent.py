"""What is not sent: found by keyboard, put on paper, and told when the window closes."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from app.masked import Secret
from app.operators.people import Role
from app.provisioning.submission import State
from app.training.station import TrainingStation
from tests.peers.bench import aside
from tests.peers.pages import focusable, press, spoken_name
from ui.main_window import MainWindow
from ui.unsent.page import UnsentPage
from ui.unsent.sheet import document

CONTROL = Qt.KeyboardModifier.ControlModifier
IMEI, ICCID, USER = "490154203237518", "8952020000123456784", "maria.lopez"


@pytest.fixture
def offline(qtbot: QtBot, window: MainWindow, training: TrainingStation) -> MainWindow:
    """One waits, because the gate cannot be reached."""
    aside(qtbot, training.gate.close_door)
    enter(window)
    qtbot.waitUntil(lambda: window.snapshot.link.offline_since is not None, timeout=15_000)
    return window


def enter(window: MainWindow) -> None:
    for key, text in (("imei", IMEI), ("iccid", ICCID), ("username", USER)):
        window.bench.form.edited.emit(key, text)
    QTest.keyClick(window, Qt.Key.Key_Return, CONTROL)


def page_of(window: MainWindow) -> UnsentPage:
    (page,) = window.findChildren(UnsentPage)
    return page


def test_the_palette_leads_to_what_is_not_sent(qtbot: QtBot, offline: MainWindow) -> None:
    QTest.keyClick(offline, Qt.Key.Key_K, CONTROL)
    holder = QApplication.focusWidget()
    assert holder is not None
    QTest.keyClicks(holder, "end of the shift")
    press(Qt.Key.Key_Return)
    page = page_of(offline)
    qtbot.waitUntil(lambda: page.found.count == 1, timeout=10_000)
    assert [group.state for group in page.found.groups] == [State.WAITING]
    assert page.paper.save.hasFocus()
    assert all(spoken_name(widget) for widget in focusable(page))
    press(Qt.Key.Key_Escape)
    assert offline.bench.isVisible()


def test_the_sheet_says_what_to_do_and_nothing_personal_whole(qtbot: QtBot, offline: MainWindow) -> None:
    offline.show_page("unsent")
    page = page_of(offline)
    qtbot.waitUntil(lambda: page.found.count == 1, timeout=10_000)
    words = document(page.found).toPlainText()
    assert "Waiting: 1" in words
    assert "Nothing is lost" in words
    assert IMEI[-4:] in words
    assert not [value for value in (IMEI, ICCID, USER) if value in words]


def test_the_sheet_is_saved_and_printed(qtbot: QtBot, offline: MainWindow, tmp_path: Path) -> None:
    offline.show_page("unsent")
    page = page_of(offline)
    qtbot.waitUntil(lambda: page.found.count == 1, timeout=10_000)
    press(Qt.Key.Key_Return)
    (dialog,) = page.findChildren(QFileDialog)
    file = tmp_path / "left.pdf"
    dialog.fileSelected.emit(str(file))
    dialog.close()
    qtbot.waitUntil(lambda: page.notice.summary() == "The sheet is saved.", timeout=10_000)
    assert file.read_bytes().startswith(b"%PDF")
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    page.paper.send(printer)
    assert (tmp_path / "printed.pdf").read_bytes().startswith(b"%PDF")


def test_it_follows_the_journal_until_everything_has_arrived(
    qtbot: QtBot, offline: MainWindow, training: TrainingStation
) -> None:
    offline.show_page("unsent")
    page = page_of(offline)
    qtbot.waitUntil(lambda: page.found.count == 1, timeout=10_000)
    aside(qtbot, training.gate.open_door)
    station = offline.station
    assert station is not None
    aside(qtbot, station.resume)
    qtbot.waitUntil(lambda: page.found.count == 0, timeout=20_000)
    assert not page.paper.isEnabled()


def test_closing_leads_to_it_and_the_next_wish_to_close_closes(offline: MainWindow) -> None:
    assert not offline.close()
    notice = offline.bench.notice
    assert notice.act.hasFocus()
    press(Qt.Key.Key_Tab)
    assert notice.also.hasFocus()
    press(Qt.Key.Key_Return)
    assert page_of(offline).isVisible()
    assert offline.close()


def test_what_is_held_is_told_at_closing_too(qtbot: QtBot, window: MainWindow, training: TrainingStation) -> None:
    training.gate.token = Secret("another-token-than-the-stored-one")
    enter(window)
    qtbot.waitUntil(lambda: window.snapshot.held == 1, timeout=15_000)
    assert not window.close()
    assert window.bench.notice.summary() == "1 submission waits and is kept."
    press(Qt.Key.Key_Return)
    assert not window.isVisible()


def test_a_locked_window_says_it_on_the_lock_and_closes(qtbot: QtBot, offline: MainWindow) -> None:
    station = offline.station
    assert station is not None
    shift = station.shift
    aside(qtbot, lambda: shift.enter("Ana Pérez", Role.SUPERVISOR, Secret("2580")))
    offline.door.people_changed()
    QTest.keyClick(offline, Qt.Key.Key_L, CONTROL)
    assert offline.door.locked
    assert offline.door.lock_page._kept.text() == "1 submission waits and is kept."
    assert offline.close()
