"""The lock, lent rights and the list of operators, through the real window."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.operators.people import Role
from app.provisioning.draft import Override
from app.scanning.commands import BY_NAME as COMMANDS
from app.training.station import TrainingStation
from tests.peers.hands import Hands
from tests.peers.pages import focusable, press, spoken_name
from ui.main_window import MainWindow
from ui.operators.gate import GatePage
from ui.settings.page import SettingsPage

ANA, LUIS = "2580", "1470"
LABEL, OTHER = "490154203237518", "356938035643809"


def typed(text: str) -> None:
    holder = QApplication.focusWidget()
    assert holder is not None
    QTest.keyClicks(holder, text)


def entered(page: SettingsPage, name: str) -> bool:
    return name in [who.name for who in page.operators.people]


@pytest.fixture
def staffed(qtbot: QtBot, window: MainWindow) -> MainWindow:
    """A supervisor and an operator, entered by hand in the settings; the supervisor is signed in."""
    window.show_page("settings")
    (page,) = window.findChildren(SettingsPage)
    for name, role, pin in (("Ana Pérez", Role.SUPERVISOR, ANA), ("Luis Gil", Role.OPERATOR, LUIS)):
        page.operators.add()
        page.operators.editor.name.setText(name)
        page.operators.editor.pin.setText(pin)
        press(Qt.Key.Key_Return)
        qtbot.waitUntil(partial(entered, page, name), timeout=10_000)
        assert page.operators.people[-1].role is role
    qtbot.waitUntil(lambda: len(window.door.people) == 2)
    return window


def signs_in(qtbot: QtBot, window: MainWindow, name: str, pin: str) -> None:
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert window.door.locked
    panel = window.door.lock_page.panel
    while not panel.names.currentText().startswith(name):
        press(Qt.Key.Key_Down)
    typed(pin)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.door.locked, timeout=10_000)


def test_the_first_one_entered_is_signed_in_and_named(staffed: MainWindow) -> None:
    assert staffed.rail.who.text() == "Ana P."
    assert not staffed.door.locked


def test_behind_the_lock_nothing_can_be_sent_or_opened(qtbot: QtBot, staffed: MainWindow) -> None:
    staffed.show_page("bench")
    QTest.keyClick(staffed, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert staffed.door.locked
    QTest.keyClick(staffed, Qt.Key.Key_F9)
    QTest.keyClick(staffed, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert staffed.bench.isHidden() is False
    assert not staffed.bench.notice.summary()
    assert all(
        widget is staffed.door.lock_page or staffed.door.lock_page.isAncestorOf(widget) for widget in focusable(staffed)
    )
    assert all(spoken_name(widget) for widget in focusable(staffed))


def test_the_lock_is_among_the_commands_of_a_station_with_operators(staffed: MainWindow) -> None:
    QTest.keyClick(staffed, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    typed("lock")
    press(Qt.Key.Key_Return)
    assert staffed.door.locked


def test_a_wrong_pin_says_so_and_the_right_one_opens(qtbot: QtBot, staffed: MainWindow) -> None:
    QTest.keyClick(staffed, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    panel = staffed.door.lock_page.panel
    typed("9999")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "wrong" in panel.said, timeout=10_000)
    assert panel.line.text() == ""
    typed(ANA)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not staffed.door.locked, timeout=10_000)
    assert panel.said == ""


def test_the_operator_needs_a_supervisor_for_the_settings_and_stays_signed_in(
    qtbot: QtBot, staffed: MainWindow, training: TrainingStation
) -> None:
    signs_in(qtbot, staffed, "Luis", LUIS)
    assert staffed.rail.who.text() == "Luis G."
    staffed.show_page("settings")
    (page,) = staffed.findChildren(SettingsPage)
    assert not page.isVisible()
    typed(LUIS)
    press(Qt.Key.Key_Return)
    assert staffed.station is not None
    (gate,) = staffed.findChildren(GatePage)
    qtbot.waitUntil(lambda: "wrong" in gate.panel.said, timeout=10_000)
    typed(ANA)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(page.isVisible, timeout=10_000)
    assert staffed.station.operator == "Luis Gil"
    staffed.show_page("bench")
    staffed.show_page("settings")
    assert not page.isVisible()


def test_without_a_key_for_a_while_the_window_locks(qtbot: QtBot, staffed: MainWindow) -> None:
    attendance = staffed.door.attendance
    assert attendance is not None
    with qtbot.waitSignal(attendance.locked):
        attendance.lock_after(0.001)
    assert staffed.door.locked
    assert staffed.station is not None
    qtbot.waitUntil(lambda: staffed.station is not None and staffed.station.operator == "")


def test_a_badge_is_printed_and_chooses_who_it_belongs_to(qtbot: QtBot, staffed: MainWindow, tmp_path: Path) -> None:
    (page,) = staffed.findChildren(SettingsPage)
    luis = next(who for who in page.operators.people if who.name == "Luis Gil")
    page.operators.edit(luis)
    editor = page.operators.editor
    assert editor.paper.isHidden(), "there is no badge to print yet"
    editor.badge_wanted.emit(luis)
    qtbot.waitUntil(lambda: any(who.badge for who in staffed.door.people), timeout=10_000)
    badge = next(who.badge for who in staffed.door.people if who.badge)
    qtbot.waitUntil(lambda: not editor.paper.isHidden())
    editor.paper._save(tmp_path / "badge.pdf")
    qtbot.waitUntil((tmp_path / "badge.pdf").exists)
    qtbot.waitUntil(lambda: editor.said == "The badge is saved.")
    assert not staffed.door.badge("GSOP-000000000000")
    assert staffed.door.badge(badge)
    assert staffed.door.locked
    assert staffed.door.lock_page.panel.names.currentText().startswith("Luis Gil")
    typed(LUIS)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not staffed.door.locked, timeout=10_000)
    assert staffed.rail.who.text() == "Luis G."


def test_a_bad_pin_is_refused_at_the_editor_and_nothing_is_lost(qtbot: QtBot, window: MainWindow) -> None:
    window.show_page("settings")
    (page,) = window.findChildren(SettingsPage)
    page.operators.add()
    editor = page.operators.editor
    editor.name.setText("Ana")
    editor.pin.setText("1234")
    editor.save.click()
    qtbot.waitUntil(lambda: "too easy" in editor.said, timeout=10_000)
    assert editor.name.text() == "Ana"
    assert page.operators.people == []


def test_an_override_takes_a_supervisor_who_is_on_record_with_it(
    qtbot: QtBot, staffed: MainWindow, training: TrainingStation
) -> None:
    hands = Hands(staffed, staffed.scans.scanner)
    ana = next(who for who in staffed.door.people if who.name == "Ana Pérez")
    signs_in(qtbot, staffed, "Luis", LUIS)
    staffed.show_page("bench")
    hands.scan(f"IMEI {LABEL}")
    staffed.bench.form.edited.emit("imei", OTHER)
    assert staffed.bench.question.summary.startswith("IMEI differs")
    assert staffed.bench.question.answer(2)
    (gate,) = staffed.findChildren(GatePage)
    typed(ANA)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(staffed.bench.isVisible, timeout=10_000)
    assert not gate.isVisible()
    assert "Why is" in staffed.bench.question.summary
    hands.press(Qt.Key.Key_1, text="1")
    assert staffed.bench.desk.draft.overrides == {"imei": Override("wrong-box", ana.id)}
    staffed.bench.send()
    qtbot.waitUntil(lambda: len(staffed.snapshot.entries) == 1, timeout=10_000)
    assert staffed.snapshot.entries[0].operator == "Luis Gil"
    assert staffed.snapshot.entries[0].fields["imei"] == OTHER


def test_behind_the_lock_nothing_is_scanned_but_a_badge(qtbot: QtBot, staffed: MainWindow) -> None:
    hands = Hands(staffed, staffed.scans.scanner)
    QTest.keyClick(staffed, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    hands.scan(f"IMEI {LABEL}")
    hands.scan(COMMANDS["register-device"].code)
    assert staffed.door.locked
    assert not staffed.bench.desk.draft.entries
