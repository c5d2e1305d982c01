"""The doctor page: lines as they come, the worst first, fixes that can be copied, over real checks too."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import seams
from app.errors import WorkstationError
from app.work.doctor import CHECKS
from app.work.doctor.line import Grade, Line
from tests.peers.pages import dressed, focusable, press, spoken_name, station
from ui.doctor.examination import Begun, examine_station
from ui.doctor.page import DoctorPage
from ui.doctor.words import TITLES, headline, step
from ui.kit.text import Text
from ui.theme import Tone

JOIN = "Run: sudo usermod -aG dialout ana - then sign out and in again."
LINES = (
    Line("ports", Grade.OK, "1 device."),
    Line("permissions", Grade.PROBLEM, "ana may not open it.", (JOIN,)),
    Line("clock", Grade.WARNING, "The clock is late.", ("Set the clock.",)),
)
NAMES = tuple(line.check for line in LINES)

Open = Callable[..., DoctorPage]


@pytest.fixture
def open_page(qapp: QApplication, qtbot: QtBot) -> Iterator[Open]:
    dressed(qapp)

    def opened(begin: Callable[[], Begun], width: int = 1100) -> DoctorPage:
        seams.refuse_here()
        page = DoctorPage(begin)
        qtbot.addWidget(page)
        page.resize(width, 700)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        return page

    yield opened
    seams.allow_here()


def given(lines: Sequence[Line]) -> Begun:
    return Begun(tuple(line.check for line in lines), iter(lines))


def test_every_check_has_a_title() -> None:
    assert set(TITLES) == {check.name for check in CHECKS}


def test_lines_appear_as_they_end(qtbot: QtBot, open_page: Open) -> None:
    go_on = threading.Event()

    def lines() -> Iterator[Line]:
        yield LINES[0]
        go_on.wait(10)
        yield from LINES[1:]

    page = open_page(lambda: Begun(NAMES, lines()))
    qtbot.waitUntil(lambda: bool(page.rows) and page.rows["ports"].grade is Grade.OK)
    assert page.rows["clock"].grade is None
    assert "2 still looking" in page.headline.word
    go_on.set()
    qtbot.waitUntil(lambda: not page.examination.running)
    assert page.headline.word == "1 problem, 1 warning"
    assert page.headline.tone is Tone.BAD
    qtbot.waitUntil(lambda: page.rows["permissions"].y() < page.rows["clock"].y() < page.rows["ports"].y())


def test_a_command_is_copied_alone(qtbot: QtBot, open_page: Open) -> None:
    page = open_page(lambda: given(LINES))
    qtbot.waitUntil(lambda: not page.examination.running)
    (fix,) = page.rows["permissions"].fixes
    qtbot.waitUntil(fix.copy.isVisible)
    fix.copy.setFocus()
    press(Qt.Key.Key_Return)
    assert QApplication.clipboard().text() == "sudo usermod -aG dialout ana"
    page.rows["clock"].fixes[0].copy.click()
    assert QApplication.clipboard().text() == "Set the clock."


@pytest.mark.parametrize(
    ("fix", "before", "command", "after"),
    [
        (JOIN, "Run:", "sudo usermod -aG dialout ana", "Then sign out and in again."),
        ("To see which, run: sudo fuser -v /dev/ttyUSB0", "To see which, run:", "sudo fuser -v /dev/ttyUSB0", ""),
        ("Run: sudo timedatectl set-ntp true", "Run:", "sudo timedatectl set-ntp true", ""),
        ("Run the doctor again.", "Run the doctor again.", "", ""),
    ],
)
def test_a_fix_is_taken_apart(fix: str, before: str, command: str, after: str) -> None:
    taken = step(fix)
    assert (taken.before, taken.command, taken.after) == (before, command, after)


def test_the_headline_says_the_worst(qtbot: QtBot) -> None:
    assert headline(LINES[:1], running=0).word == "Everything is in order"
    assert headline(LINES[2:], running=0).tone is Tone.WARN
    assert headline((LINES[1], LINES[1]), running=0).word == "2 problems"


def test_a_second_look_replaces_the_first(qtbot: QtBot, open_page: Open) -> None:
    answers = iter([LINES, [Line(name, Grade.OK, "Mended.") for name in NAMES]])
    page = open_page(lambda: given(list(next(answers))))
    qtbot.waitUntil(lambda: page.headline.word == "1 problem, 1 warning")
    assert QApplication.focusWidget() is page.again
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.headline.word == "Everything is in order")
    assert not page.rows["permissions"].fixes
    assert QApplication.focusWidget() is page.again


def test_a_failure_is_told_and_can_be_tried_again(qtbot: QtBot, open_page: Open) -> None:
    troubles = [WorkstationError("The ports cannot be listed.", remedy="Restart.")]

    def begin() -> Begun:
        if troubles:
            raise troubles.pop()
        return given(LINES)

    page = open_page(begin)
    qtbot.waitUntil(lambda: page.notice.summary() == "The ports cannot be listed.")
    page.again.click()
    qtbot.waitUntil(lambda: len(page.rows) == len(LINES))
    assert page.notice.summary() == ""


def test_a_screen_reader_hears_each_row_and_button(qtbot: QtBot, open_page: Open) -> None:
    page = open_page(lambda: given(LINES))
    qtbot.waitUntil(lambda: not page.examination.running)
    assert page.rows["permissions"].accessibleName() == "Right to open ports: Problem"
    assert JOIN in page.rows["permissions"].accessibleDescription()
    assert [widget for widget in focusable(page) if not spoken_name(widget)] == []
    assert len({spoken_name(widget) for widget in focusable(page)}) == len(focusable(page))


def test_the_real_checks_come_to_the_page(tmp_path: Path, qtbot: QtBot, open_page: Open) -> None:
    with station(tmp_path, ("gate.base_url=http://127.0.0.1:9/api",)) as made:
        page = open_page(partial(examine_station, made))
        qtbot.waitUntil(lambda: bool(page.rows) and not page.examination.running, timeout=40_000)
        seams.allow_here()
        assert page.rows["gate"].grade is Grade.PROBLEM
        assert page.rows["disk"].grade is not None


@pytest.mark.parametrize("width", [500, 700, 1100])
def test_nothing_of_a_row_is_cut(qtbot: QtBot, open_page: Open, width: int) -> None:
    long = "It is known to this station under many names, and each is told here in full. " * 3
    lines = [Line(line.check, line.grade, long, (*line.fixes, f"Run: echo {long}")) for line in LINES]
    # The page has its size before a line comes: a resize would lay everything out once more.
    page = open_page(lambda: given(lines), width)
    qtbot.waitUntil(lambda: bool(page.rows) and not page.examination.running)

    def whole() -> bool:
        labels = [label for row in page.rows.values() for label in row.findChildren(Text) if label.isVisible()]
        return len(labels) > 12 and all(label.height() >= label.heightForWidth(label.width()) for label in labels)

    qtbot.waitUntil(whole)
