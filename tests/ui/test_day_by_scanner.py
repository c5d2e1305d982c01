"""A bad day by scanner alone: the gate away, the token refused; what waits is seen, sent, and kept at closing."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.masked import Secret
from app.operators.people import Role
from app.training.station import TrainingStation
from app.work.shift import Shift
from tests.peers.bench import accepted, aside, order, text
from tests.peers.hands import Hands
from ui.main_window import MainWindow
from ui.operators.gate import GatePage
from ui.pause.page import PausePage
from ui.unsent.page import UnsentPage

IMEI, NEXT, NUMBER = "490154203237518", "356938035643809", "+525512345678"
NEW = "A-new-token_for-this-shift-0123456789"
REFUSED = "The gate did not accept the stored token."
ANA, LUIS, EVA = "2580", "1470", "3691"


def page_of(window: MainWindow) -> UnsentPage:
    (page,) = window.findChildren(UnsentPage)
    return page


def said(window: MainWindow) -> str:
    (page,) = window.findChildren(PausePage)
    return page.token._answer.text()


# Flow h: an offline day


@pytest.fixture
def offline(qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands) -> MainWindow:
    """Two devices were scanned and sent while the gate could not be reached."""
    aside(qtbot, training.gate.close_door)
    for imei in (IMEI, NEXT):
        hands.scan(imei)
        order(hands, "submit")
        qtbot.waitUntil(lambda: not window.bench.desk.draft.entries, timeout=10_000)
    qtbot.waitUntil(lambda: window.snapshot.link.offline_since is not None, timeout=15_000)
    qtbot.waitUntil(lambda: window.snapshot.unsent == 2, timeout=15_000)
    return window


def test_an_offline_day_is_seen_and_recovers(
    qtbot: QtBot, offline: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    word = offline.bar.link.headline.word
    assert word.startswith("Offline since ")
    assert "2 waiting" in word
    order(hands, "unsent")
    page = page_of(offline)
    qtbot.waitUntil(lambda: page.isVisible() and page.found.count == 2, timeout=10_000)
    order(hands, "log")
    log = offline.log
    assert log is not None
    qtbot.waitUntil(lambda: log.model.rowCount() == 2, timeout=10_000)
    order(hands, "next")
    qtbot.waitUntil(log.detail._retry.isVisible, timeout=10_000)
    aside(qtbot, training.gate.open_door)
    # Try now, if the station has not by itself.
    order(hands, "first")
    accepted(qtbot, offline, 2)
    assert sorted(record["imei"] for record in training.gate.records) == [NEXT, IMEI]
    qtbot.waitUntil(lambda: offline.bar.link.headline.word == "Online", timeout=10_000)
    order(hands, "unsent")
    qtbot.waitUntil(lambda: page.isVisible() and page.found.count == 0, timeout=10_000)
    assert hands.presses == 0


def test_the_sheet_does_not_send_what_stands_at_the_bench(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    hands.scan(IMEI)
    order(hands, "unsent")
    qtbot.waitUntil(page_of(window).isVisible, timeout=10_000)
    # There is nothing to put on paper: the button refuses, and so does the barcode.
    qtbot.waitUntil(lambda: not page_of(window).paper.isEnabled(), timeout=10_000)
    order(hands, "submit")
    assert page_of(window).isVisible()
    order(hands, "cancel")
    assert window.bench.isVisible()
    assert text(window, "imei") == IMEI
    assert training.gate.requests == []


@pytest.mark.parametrize("answer", ["first", "second"])
def test_what_is_asked_at_closing_is_answered(offline: MainWindow, hands: Hands, answer: str) -> None:
    assert not offline.close()
    assert offline.bench.notice.summary() == "2 submissions wait and are kept."
    order(hands, answer)
    # Close, or see what is not sent.
    assert offline.isVisible() == (answer == "second")
    if answer == "second":
        assert page_of(offline).isVisible()
        assert offline.close()
    assert hands.presses == 0


# Flow i: the token is refused in mid-shift


@pytest.fixture
def paused(qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands) -> MainWindow:
    """The token ended while one was sent; the next device is half entered."""
    training.gate.token = Secret(NEW)
    hands.scan(IMEI)
    order(hands, "submit")
    qtbot.waitUntil(lambda: window.snapshot.held == 1, timeout=15_000)
    hands.scan(NEXT)
    hands.scan(NUMBER)
    return window


def test_a_new_token_is_entered_and_nothing_else(
    qtbot: QtBot, paused: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    assert paused.bench.notice.summary() == REFUSED
    order(hands, "first")
    hands.scan("A-token-of-another-gate-012345")
    qtbot.waitUntil(lambda: said(paused).startswith(REFUSED), timeout=10_000)
    # The right one takes its place.
    hands.scan(NEW)
    qtbot.waitUntil(lambda: "Is this yours?" in said(paused), timeout=10_000)
    assert training.gate.records == []
    order(hands, "first")
    accepted(qtbot, paused, 1)
    qtbot.waitUntil(paused.bench.isVisible, timeout=10_000)
    assert (text(paused, "imei"), text(paused, "number")) == (NEXT, NUMBER)
    order(hands, "submit")
    accepted(qtbot, paused, 2)
    assert [record["imei"] for record in training.gate.records] == [IMEI, NEXT]
    assert hands.presses == 0


def test_a_token_of_somebody_else_is_left_by_the_second_answer(
    qtbot: QtBot, paused: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    # The notice gave way to another one: the page has a barcode of its own.
    paused.bench.notice.hide()
    order(hands, "token")
    hands.scan(NEW)
    qtbot.waitUntil(lambda: "Is this yours?" in said(paused), timeout=10_000)
    order(hands, "second")
    assert said(paused).startswith("It is not kept.")
    # An answer where nothing is asked, and SUBMIT where nothing was entered, reach nothing behind the page.
    order(hands, "first")
    order(hands, "submit")
    assert said(paused).startswith("There is no new token")
    order(hands, "cancel")
    assert paused.bench.isVisible()
    assert paused.snapshot.held == 1
    assert training.gate.records == []
    assert hands.presses == 0


def staffed(shift: Shift) -> tuple[str, str]:
    """Two supervisors, of whom the second has a badge, and an operator who is signed in; the badges of the last two."""
    shift.enter("Ana Pérez", Role.SUPERVISOR, Secret(ANA))
    eva = shift.enter("Eva Ruiz", Role.SUPERVISOR, Secret(EVA))
    luis = shift.enter("Luis Gil", Role.OPERATOR, Secret(LUIS))
    badges = shift.new_badge(eva).badge, shift.new_badge(luis).badge
    shift.sign_in(luis.id, Secret(LUIS))
    return badges


def test_a_supervisor_opens_the_page_by_badge_and_pin_and_the_operator_stays(
    qtbot: QtBot, paused: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    station = paused.station
    assert station is not None
    shift, badges = station.shift, list[str]()
    aside(qtbot, lambda: badges.extend(staffed(shift)))
    paused.door.people_changed()
    qtbot.waitUntil(lambda: len(paused.door.people) == 3, timeout=10_000)
    order(hands, "token")
    (gate,) = paused.findChildren(GatePage)
    assert gate.isVisible()
    hands.scan(badges[0])
    assert not paused.door.locked
    assert gate.panel.names.currentText().startswith("Eva Ruiz")
    hands.scan(EVA)
    qtbot.waitUntil(lambda: not gate.isVisible(), timeout=10_000)
    hands.scan(NEW)
    qtbot.waitUntil(lambda: "Is this yours?" in said(paused), timeout=10_000)
    order(hands, "first")
    accepted(qtbot, paused, 1)
    assert shift.helper is None
    assert station.operator == "Luis Gil"
    # Somebody who may not open the page changes operators with the badge, as anywhere.
    order(hands, "token")
    assert gate.isVisible()
    hands.scan(badges[1])
    assert paused.door.locked
    hands.scan(LUIS)
    qtbot.waitUntil(lambda: not paused.door.locked, timeout=10_000)
    assert hands.presses == 0


def test_a_command_barcode_is_no_token(window: MainWindow, hands: Hands) -> None:
    order(hands, "token")
    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    order(hands, "log")
    assert line.text() == ""
    assert window.log is not None
    assert window.log.isVisible()
