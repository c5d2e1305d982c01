"""A person is erased in the window: found by an identifier, shown masked, asked twice, gone from every file."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.journal import backup
from app.journal.link import Backoff, Route
from app.masked import Secret
from app.operators.people import Role
from app.provisioning.outcome import Outcome, Result
from app.training.station import TrainingStation
from tests.peers.attempts import claim, finish
from tests.peers.bench import aside
from tests.peers.pages import press
from tests.peers.submissions import submission
from ui.erasing.page import ErasePage
from ui.journal.page import JournalPage
from ui.main_window import MainWindow
from ui.theme import Tone

IMEI, USER, NUMBER = "356938035643809", "maria.cánary", "+525512345678"


pytestmark = pytest.mark.usefixtures("known")


@pytest.fixture
def known(training: TrainingStation) -> None:
    """Two delivered submissions of one person, and a backup with both, from before the window was there: its own
    delivery takes the lease."""
    station = training.workstation(lambda _: None)
    station.open()
    journal = station.journal
    lease = journal.acquire_lease("test")
    for id in ("first", "second"):
        journal.add(submission(id, imei=IMEI, username=USER, number=NUMBER))
        claimed = claim(journal, lease)
        assert claimed is not None
        outcome = Outcome(Result.ACCEPTED, "gate.accepted", "Said.", answer={"imei": IMEI})
        finish(journal, lease, claimed, outcome, route=Route("x", 0), backoff=Backoff(1, 2, lambda: 1.0))
    backup.make(station.paths.journal, 1)
    station.close()


@pytest.fixture
def page(window: MainWindow) -> ErasePage:
    window.show_page("log")
    (log,) = window.findChildren(JournalPage)
    log.bar.erasing.emit()
    (made,) = window.findChildren(ErasePage)
    assert made.isVisible()
    return made


def found(qtbot: QtBot, page: ErasePage, text: str, words: str) -> None:
    # Not keyClicks: QTest ends the process at letters that are not ASCII.
    page.line.setText(text)
    page.line.setFocus()
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.told.text() == words, timeout=10_000)


def holding(folder: Path) -> set[str]:
    texts = {text: text.encode() for text in (IMEI, USER, NUMBER)}
    return {text for file in folder.iterdir() for text, data in texts.items() if data in file.read_bytes()}


@pytest.mark.parametrize("text", [IMEI, "356938 035643 809", USER, "+52 55 1234 5678"])
def test_a_person_is_found_masked_and_erased_after_a_second_word(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, page: ErasePage, text: str
) -> None:
    folder = training.paths.data
    assert holding(folder) == {IMEI, USER, NUMBER}
    found(qtbot, page, text, "2 submissions")
    page.erase.click()
    assert QApplication.focusWidget() is page.no, "a second Enter keeps them"
    press(Qt.Key.Key_Return)
    assert not page.yes.isVisible()
    assert page.erase.isVisible()
    page.erase.click()
    page.yes.click()
    qtbot.waitUntil(lambda: page.notice.summary() == "2 submissions were erased.", timeout=10_000)
    assert page.notice.tone is Tone.OK
    assert holding(folder) == set()
    assert page.line.text() == ""
    found(qtbot, page, text, "No submission has this. Enter the whole value.")
    assert not page.erase.isVisible()


def test_what_is_typed_after_a_search_cannot_be_erased(qtbot: QtBot, page: ErasePage) -> None:
    found(qtbot, page, IMEI, "2 submissions")
    QTest.keyClicks(page.line, "1")
    assert not page.erase.isVisible()
    assert not page.told.isVisible()


def test_what_is_not_final_keeps_all(qtbot: QtBot, window: MainWindow, page: ErasePage) -> None:
    station = window.bridge.made
    assert station is not None
    aside(qtbot, station.clear_token)
    aside(qtbot, lambda: station.journal.add(submission("open", imei=IMEI)))
    found(qtbot, page, IMEI, "3 submissions")
    assert not page.erase.isVisible()


def test_it_takes_a_supervisor(qtbot: QtBot, window: MainWindow, page: ErasePage) -> None:
    station = window.bridge.made
    assert station is not None

    def staff() -> None:
        station.shift.enter("Eva", Role.SUPERVISOR, Secret("135790"))
        eva = station.shift.by_name("Eva")
        station.shift.sign_in(eva.id, Secret("135790"))
        luis = station.shift.enter("Luis", Role.OPERATOR, Secret("246801"))
        station.shift.sign_in(luis.id, Secret("246801"))

    aside(qtbot, staff)
    window.show_page("bench")
    window.show_page("erase")
    assert not page.isVisible()


def test_leaving_keeps_nothing_of_a_person_on_the_screen(qtbot: QtBot, window: MainWindow, page: ErasePage) -> None:
    found(qtbot, page, IMEI, "2 submissions")
    window.show_page("bench")
    window.show_page("erase")
    assert page.line.text() == ""
    assert not page.told.isVisible()
