"""The log by keyboard alone: found while typing, narrowed by result, operator and day, and written to a file."""

from __future__ import annotations

import csv
import json
from functools import partial
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QButtonGroup
from pytestqt.qtbot import QtBot

from app.masked import Secret, mask
from app.operators.people import Role
from app.provisioning.submission import State
from app.training.gate_faults import Fault
from app.training.station import TrainingStation
from tests.peers.bench import CONTROL, answer_file, aside, counted, enter, press_button, send, tab_to, type_at
from tests.peers.hands import Hands
from ui.exporting.page import ExportPage
from ui.journal.filters import Days
from ui.journal.meaning import Shown
from ui.journal.page import JournalPage
from ui.main_window import MainWindow

ANA, LUIS = "Ana Pérez", "Luis Gil"
PINS = {ANA: "2580", LUIS: "1470"}
IMEIS = {"maria.lopez": "490154203237518", "j.ortega": "356938035643809", "ana.gil": "351234091234567"}


def signs_in(qtbot: QtBot, window: MainWindow, hands: Hands, name: str) -> None:
    hands.shortcut(Qt.Key.Key_L, CONTROL)
    panel = window.door.lock_page.panel
    while not panel.names.currentText().startswith(name):
        hands.press(Qt.Key.Key_Down)
    hands.type(PINS[name])
    enter(hands)
    qtbot.waitUntil(lambda: not window.door.locked, timeout=10_000)


@pytest.fixture
def log(qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands) -> JournalPage:
    """Ana's two were accepted, Luis's one was refused; Luis, who is no supervisor, opens the log."""
    station = window.station
    assert station is not None
    for name, role in ((ANA, Role.SUPERVISOR), (LUIS, Role.OPERATOR)):
        aside(qtbot, partial(station.shift.enter, name, role, Secret(PINS[name])))
    window.door.people_changed()
    qtbot.waitUntil(lambda: len(window.door.people) == 2, timeout=10_000)
    *accepted, refused = IMEIS
    for count, user in enumerate(accepted, start=1):
        registers(window, hands, user)
        counted(qtbot, window, State.ACCEPTED, count)
    signs_in(qtbot, window, hands, LUIS)
    training.gate.fail_next(Fault.REFUSED)
    registers(window, hands, refused)
    counted(qtbot, window, State.REJECTED, 1)
    hands.shortcut(Qt.Key.Key_F9)
    page = window.log
    assert page is not None
    qtbot.waitUntil(lambda: page.model.rowCount() == 3, timeout=10_000)
    return page


def registers(window: MainWindow, hands: Hands, user: str) -> None:
    type_at(window, hands, "imei", IMEIS[user])
    type_at(window, hands, "username", user)
    send(hands)


def users(page: JournalPage) -> list[str]:
    entries = [page.model.entry(row) for row in range(page.model.rowCount())]
    return [entry.fields["username"] for entry in entries if entry is not None]


def shows(qtbot: QtBot, page: JournalPage, *wanted: str) -> None:
    qtbot.waitUntil(lambda: users(page) == [*wanted], timeout=10_000)


def chosen(page: JournalPage, group: int) -> QAbstractButton:
    """The one of a group of filters that is chosen: 0 the results, 1 the days."""
    button = page.bar.findChildren(QButtonGroup)[group].checkedButton()
    assert button is not None
    return button


def test_it_is_found_while_typing_and_by_a_whole_identifier(qtbot: QtBot, log: JournalPage, hands: Hands) -> None:
    assert log.bar.search.hasFocus()
    hands.type("orteg")
    shows(qtbot, log, "j.ortega")
    hands.press(Qt.Key.Key_Escape)
    shows(qtbot, log, "ana.gil", "j.ortega", "maria.lopez")
    hands.type(IMEIS["maria.lopez"])
    shows(qtbot, log, "maria.lopez")
    hands.press(Qt.Key.Key_Down)
    qtbot.waitUntil(log.detail.isVisible, timeout=10_000)
    # A digit more is another one.
    hands.shortcut(Qt.Key.Key_F, CONTROL)
    hands.press(Qt.Key.Key_End)
    hands.type("0")
    shows(qtbot, log)


def test_it_is_narrowed_by_result_operator_and_day(qtbot: QtBot, log: JournalPage, hands: Hands) -> None:
    tab_to(hands, chosen(log, 0))
    hands.press(Qt.Key.Key_Left)
    assert log.bar.filter.shown is Shown.DONE
    shows(qtbot, log, "j.ortega", "maria.lopez")
    hands.press(Qt.Key.Key_Right)
    tab_to(hands, log.bar.people)
    hands.press(Qt.Key.Key_Down)
    assert log.bar.filter.operator == ANA
    shows(qtbot, log, "j.ortega", "maria.lopez")
    hands.press(Qt.Key.Key_Down)
    assert log.bar.filter.operator == LUIS
    shows(qtbot, log, "ana.gil")
    tab_to(hands, chosen(log, 1))
    hands.press(Qt.Key.Key_Left)
    hands.press(Qt.Key.Key_Left)
    assert log.bar.filter.days is Days.TODAY
    shows(qtbot, log, "ana.gil")


@pytest.fixture(params=["log.csv", "log.xlsx"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / str(request.param)


def test_what_is_shown_is_exported_masked_once_a_supervisor_allows_it(
    qtbot: QtBot, window: MainWindow, log: JournalPage, hands: Hands, file: Path
) -> None:
    tab_to(hands, chosen(log, 0))
    hands.press(Qt.Key.Key_Left)
    shows(qtbot, log, "j.ortega", "maria.lopez")
    press_button(hands, log.bar.export)
    assert not window.findChildren(ExportPage)
    # Luis may not; Ana enters her PIN, and he stays signed in.
    hands.type(PINS[ANA])
    enter(hands)
    qtbot.waitUntil(lambda: bool(window.findChildren(ExportPage)), timeout=10_000)
    (page,) = window.findChildren(ExportPage)
    qtbot.waitUntil(lambda: page.told.text() == "2 submissions", timeout=10_000)
    assert page.save.hasFocus()
    enter(hands)
    answer_file(qtbot, window, page, file)
    qtbot.waitUntil(lambda: file.name in page.notice.summary(), timeout=10_000)
    rows, about = read_back(file)
    assert [(row["username"], row["operator"], row["state"]) for row in rows] == [
        ("j.ortega", ANA, "accepted"),
        ("maria.lopez", ANA, "accepted"),
    ]
    assert [row["imei"] for row in rows] == [mask(IMEIS["j.ortega"]), mask(IMEIS["maria.lopez"])]
    assert about["entered_by"] == "all"
    assert (about["state"], about["rows"], about["identifiers"]) == ("accepted", "2", "masked")
    hands.shortcut(Qt.Key.Key_Escape)
    assert window.bench.isVisible()


def read_back(file: Path) -> tuple[list[dict[str, str]], dict[str, str]]:
    """The rows of an export by their column, and what it says of itself."""
    if file.suffix == ".csv":
        with file.open(encoding="utf-8-sig", newline="") as opened:
            rows = list(csv.DictReader(opened))
        return rows, json.loads(file.with_name(f"{file.name}.about.json").read_text(encoding="utf-8"))
    book = load_workbook(file, read_only=True)
    head, *lines = [[str(cell or "") for cell in line] for line in book["Submissions"].iter_rows(values_only=True)]
    about = {str(line[0]): str(line[1]) for line in book["About"].iter_rows(values_only=True) if len(line) > 1}
    return [dict(zip(head, line, strict=True)) for line in lines], about
