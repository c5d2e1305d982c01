"""Scans are told from typing by their speed alone, and never end up in a field."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.peers.hands import Hands
from tests.peers.pages import dressed
from ui.scanner import Scanner

CODE = "356938035643809"


class Desk(QWidget):
    """Two fields and a button; `mine` says whether a scan is for the program."""

    def __init__(self) -> None:
        super().__init__()
        self.field, self.other, self.button = QLineEdit(), QLineEdit(), QPushButton("Press")
        box = QVBoxLayout(self)
        for widget in (self.field, self.other, self.button):
            box.addWidget(widget)
        self.scans: list[str] = []
        self.mine = True
        self.entered = 0
        self.field.returnPressed.connect(self._count)
        self.scanner = Scanner(self._take, 50, self)

    def _take(self, text: str) -> bool:
        self.scans.append(text)
        return self.mine

    def _count(self) -> None:
        self.entered += 1


@pytest.fixture
def desk(qapp: QApplication, qtbot: QtBot) -> Desk:
    dressed(qapp)
    made = Desk()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.field.setFocus()
    return made


@pytest.mark.parametrize("end", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, "\r", "\n", "\t"])
@pytest.mark.parametrize("gap_ms", [1, 5, 49])
def test_a_scan_is_handed_on_and_leaves_the_field_alone(desk: Desk, end: Qt.Key | str, gap_ms: int) -> None:
    desk.field.setText("kept")
    desk.field.selectAll()
    Hands(desk).scan(CODE, end=end, gap_ms=gap_ms)
    assert desk.scans == [CODE]
    assert desk.field.text() == "kept"
    assert desk.entered == 0
    assert QApplication.focusWidget() is desk.field


def test_the_focus_does_not_matter(desk: Desk) -> None:
    desk.button.setFocus()
    pressed: list[bool] = []
    desk.button.clicked.connect(lambda: pressed.append(True))
    Hands(desk).scan("a code with spaces")
    assert desk.scans == ["a code with spaces"]
    assert not pressed


def test_typing_goes_to_the_field(desk: Desk) -> None:
    hands = Hands(desk)
    hands.type("maria lopez")
    hands.press(Qt.Key.Key_Return, text="\r")
    assert desk.field.text() == "maria lopez"
    assert desk.entered == 1
    assert not desk.scans


@pytest.mark.parametrize(("text", "gap_ms"), [("lopez", 5), ("maria.lopez", 51)])
def test_few_keys_and_slow_ones_are_typing(desk: Desk, text: str, gap_ms: int) -> None:
    Hands(desk).scan(text, gap_ms=gap_ms)
    assert desk.field.text() == text
    assert desk.entered == 1
    assert not desk.scans


def test_two_keys_pressed_almost_at_once_come_in_their_order(qtbot: QtBot, desk: Desk) -> None:
    hands = Hands(desk)
    hands.type("th", gap_ms=20)
    assert desk.field.text() == ""
    qtbot.waitUntil(lambda: desk.field.text() == "th")
    hands.type("e")
    hands.press(Qt.Key.Key_Backspace)
    assert desk.field.text() == "th"


def test_a_key_that_is_held_down_repeats_in_the_field(desk: Desk) -> None:
    hands = Hands(desk)
    hands.hold("0", 12)
    hands.press(Qt.Key.Key_Return, text="\r")
    assert desk.field.text() == "0" * 12
    assert not desk.scans


def test_pasting_is_no_scan(desk: Desk) -> None:
    QGuiApplication.clipboard().setText(CODE)
    hands = Hands(desk)
    hands.press(Qt.Key.Key_V, text="\x16", modifiers=Qt.KeyboardModifier.ControlModifier)
    hands.press(Qt.Key.Key_Return, text="\r")
    assert desk.field.text() == CODE
    assert not desk.scans


def test_what_is_not_for_the_program_goes_to_the_field_with_its_enter(desk: Desk) -> None:
    desk.mine = False
    Hands(desk).scan("CRM-20418")
    assert desk.scans == ["CRM-20418"]
    assert desk.field.text() == "CRM-20418"
    assert desk.entered == 1


def test_what_was_typed_before_a_scan_stays_typed(desk: Desk) -> None:
    hands = Hands(desk)
    hands.type("ana")
    hands.scan(CODE)
    hands.type("b")
    hands.press(Qt.Key.Key_Return, text="\r")
    assert desk.scans == [CODE]
    assert desk.field.text() == "anab"


def test_both_halves_of_a_line_end_are_taken(desk: Desk) -> None:
    hands = Hands(desk)
    hands.scan(CODE, end="\r")
    hands.stroke(Qt.Key.Key_J, "\n", 6, Qt.KeyboardModifier.ControlModifier)
    assert desk.entered == 0
    hands.press(Qt.Key.Key_Return, text="\r")
    assert desk.entered == 1


def test_two_lines_of_one_code_are_two_scans(desk: Desk) -> None:
    hands = Hands(desk)
    hands.scan("IMEI1: 356938035643809")
    hands.scan("IMEI2: 490154203237518")
    assert desk.scans == ["IMEI1: 356938035643809", "IMEI2: 490154203237518"]


def test_the_separator_of_gs1_comes_through(desk: Desk) -> None:
    Hands(desk).scan("0109506000134352\x1d8002356938035643809")
    assert desk.scans == ["0109506000134352\x1d8002356938035643809"]


def test_held_keys_go_before_a_click(desk: Desk) -> None:
    Hands(desk).type("a", gap_ms=5)
    QTest.mouseClick(
        desk.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, desk.other.geometry().center()
    )
    assert desk.field.text() == "a"
    assert desk.other.text() == ""


def test_an_open_list_does_not_take_a_scan(qtbot: QtBot, desk: Desk) -> None:
    choice = QComboBox()
    choice.addItems(["356", "490", "8901"])
    layout = desk.layout()
    assert layout is not None
    layout.addWidget(choice)
    choice.setCurrentIndex(1)
    choice.showPopup()
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    Hands(desk).scan(CODE)
    assert desk.scans == [CODE]
    assert choice.currentIndex() == 1
    choice.hidePopup()
