"""The token is refused in mid-shift: one notice, a new token in its place, and nothing typed again."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.masked import Secret
from app.operators.people import Role
from app.provisioning.submission import State
from app.training.gate_faults import Fault
from app.training.station import TrainingStation
from tests.peers.bench import aside
from tests.peers.hands import Hands
from tests.peers.pages import focusable, press, spoken_name
from ui.main_window import MainWindow
from ui.operators.gate import GatePage
from ui.pause.page import PausePage

CONTROL = Qt.KeyboardModifier.ControlModifier
IMEI, NEXT = "490154203237518", "356938035643809"
REFUSED = "The gate did not accept the stored token."
NEW = "A-new-token_for-this-shift-0123456789"
ANA, LUIS = "2580", "1470"


def typed(text: str) -> None:
    holder = QApplication.focusWidget()
    assert holder is not None
    QTest.keyClicks(holder, text)


def line() -> QLineEdit:
    found = QApplication.focusWidget()
    assert isinstance(found, QLineEdit)
    return found


def said(window: MainWindow) -> str:
    (page,) = window.findChildren(PausePage)
    return page.token._answer.text()


@pytest.fixture
def paused(qtbot: QtBot, window: MainWindow, training: TrainingStation) -> MainWindow:
    """The token ended while one was sent; the next device is half entered."""
    training.gate.token = Secret(NEW)
    window.bench.form.edited.emit("imei", IMEI)
    QTest.keyClick(window, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: window.snapshot.held == 1, timeout=15_000)
    window.bench.form.edited.emit("imei", NEXT)
    window.bench.form.edited.emit("username", "maria.lopez")
    return window


def open_by_palette(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_K, CONTROL)
    typed("new token")
    press(Qt.Key.Key_Return)


def test_one_notice_says_why_sending_stands_and_where_to_mend_it(paused: MainWindow) -> None:
    notice = paused.bench.notice
    assert notice.summary() == REFUSED
    assert notice.act.text() == "Enter a new token"
    assert paused.bar.link.headline.word == "Held: token refused · 1 held"


def test_a_new_token_is_entered_by_keyboard_and_nothing_is_typed_again(
    qtbot: QtBot, paused: MainWindow, training: TrainingStation
) -> None:
    open_by_palette(paused)
    assert line().echoMode() is QLineEdit.EchoMode.Password
    typed(NEW)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Training store" in said(paused), timeout=10_000)
    # Nothing goes out under a name that nobody has vouched for.
    assert training.gate.records == []
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: paused.snapshot.counts.get(State.ACCEPTED, 0) == 1, timeout=15_000)
    assert [record["imei"] for record in training.gate.records] == [IMEI]
    assert paused.bench.isVisible()
    assert paused.bench.notice.summary() == "The new token is kept. Sending goes on."
    assert paused.bench.desk.draft.text("imei") == NEXT
    assert paused.bench.desk.draft.text("username") == "maria.lopez"


def test_a_token_is_scanned(qtbot: QtBot, paused: MainWindow) -> None:
    hands = Hands(paused, paused.scans.scanner)
    paused.bench.notice.act.click()
    hands.scan(NEW)
    qtbot.waitUntil(lambda: "Is this yours?" in said(paused), timeout=10_000)
    hands.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: paused.snapshot.held == 0 and paused.snapshot.waiting == 0, timeout=15_000)


def test_a_token_of_somebody_else_is_not_kept(qtbot: QtBot, paused: MainWindow, training: TrainingStation) -> None:
    paused.bench.notice.act.click()
    typed(NEW)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Is this yours?" in said(paused), timeout=10_000)
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Return)
    assert said(paused).startswith("It is not kept.")
    assert line().text() == ""
    press(Qt.Key.Key_Escape)
    assert paused.bench.isVisible()
    assert paused.snapshot.link.pause is not None
    assert training.gate.records == []


def test_a_refused_one_is_told_at_its_line_and_goes_with_the_page(qtbot: QtBot, paused: MainWindow) -> None:
    open_by_palette(paused)
    typed("not-the-token")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: said(paused).startswith(REFUSED), timeout=10_000)
    entry = line()
    assert entry.text() == "not-the-token"
    press(Qt.Key.Key_Escape)
    assert entry.text() == ""


def test_an_operator_has_a_supervisor_enter_a_pin_and_the_right_goes_with_the_page(
    qtbot: QtBot, paused: MainWindow
) -> None:
    station = paused.station
    assert station is not None
    shift = station.shift

    def staff() -> None:
        shift.enter("Ana Pérez", Role.SUPERVISOR, Secret(ANA))
        luis = shift.enter("Luis Gil", Role.OPERATOR, Secret(LUIS))
        shift.sign_in(luis.id, Secret(LUIS))

    aside(qtbot, staff)
    paused.door.people_changed()
    qtbot.waitUntil(lambda: len(paused.door.people) == 2, timeout=10_000)
    paused.bench.notice.act.click()
    assert not paused.findChildren(PausePage)
    (gate,) = paused.findChildren(GatePage)
    typed(ANA)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not gate.isVisible(), timeout=10_000)
    typed(NEW)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Is this yours?" in said(paused), timeout=10_000)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: paused.snapshot.counts.get(State.ACCEPTED, 0) == 1, timeout=15_000)
    assert shift.helper is None
    assert station.operator == "Luis Gil"


def test_a_wrong_address_leads_to_the_settings_and_the_notice_goes_with_the_pause(
    qtbot: QtBot, window: MainWindow, training: TrainingStation
) -> None:
    training.gate.fail_next(Fault("404"))
    window.bench.form.edited.emit("imei", IMEI)
    QTest.keyClick(window, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: window.snapshot.link.pause is not None, timeout=15_000)
    assert window.bench.notice.act.text() == "Open the settings"
    press(Qt.Key.Key_F9)
    station = window.station
    assert station is not None
    aside(qtbot, station.resume)
    qtbot.waitUntil(lambda: window.snapshot.link.pause is None, timeout=15_000)
    press(Qt.Key.Key_Escape)
    assert window.bench.isVisible()
    assert window.bench.notice.summary() == ""


def test_everything_on_the_page_has_a_name_and_is_reached_by_tab(paused: MainWindow) -> None:
    paused.bench.notice.act.click()
    (page,) = paused.findChildren(PausePage)
    reachable = focusable(page)
    assert all(spoken_name(widget) for widget in reachable)
    visited = set()
    for _ in range(60):
        visited.add(QApplication.focusWidget())
        press(Qt.Key.Key_Tab)
    assert [spoken_name(widget) for widget in set(reachable) - visited] == []
