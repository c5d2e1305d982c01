"""Places of the hub in the window: named once on the card, said everywhere, reached by number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.paths import paths
from app.training.devices.personalities import BY_NAME
from app.training.station import TrainingStation
from tests.peers.pages import press
from ui.devices.card import CardView
from ui.kit.text import Cut
from ui.main_window import MainWindow

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def training(tmp_path: Path) -> Iterator[TrainingStation]:
    with TrainingStation(paths(tmp_path), [BY_NAME["quectel-ec25"], BY_NAME["silent"]]) as made:
        yield made


def cards(qtbot: QtBot, window: MainWindow, done: Callable[[CardView], bool]) -> list[CardView]:
    panel = window.bench.devices
    qtbot.waitUntil(lambda: len(panel.views()) == 2 and done(panel.views()[0]), timeout=15_000)
    return panel.views()


def test_training_names_its_places_and_shows_no_address(
    qtbot: QtBot, window: MainWindow, training: TrainingStation
) -> None:
    first, second = cards(qtbot, window, lambda view: view.card.state.value == "ready")
    assert [first.card.slot, second.card.slot] == ["A1", "A2"]
    assert first.accessibleName().startswith("A1 Quectel EC25")
    shown = [text.text() for text in window.findChildren(Cut) if text.isVisible()]
    assert "A1" in shown
    assert not [text for text in shown if "socket:" in text]


def test_a_place_is_renamed_on_its_card(qtbot: QtBot, window: MainWindow, training: TrainingStation) -> None:
    first, second = cards(qtbot, window, lambda view: view.card.state.value == "ready")
    assert first.rename.isVisible()
    assert not second.rename.isVisible()
    first.rename.setFocus()
    press(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is first.place
    QTest.keyClicks(first.place, "Left 1")
    press(Qt.Key.Key_Escape)
    assert first.place.isHidden()
    assert window.bench.isVisible()
    assert first.card.slot == "A1"
    first.ask_name()
    QTest.keyClicks(first.place, "A2")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "already" in window.bench.notice.summary())
    first.ask_name()
    QTest.keyClicks(first.place, "Left 1")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: first.card.slot == "Left 1")
    assert "Left 1" in training.paths.settings.read_text(encoding="utf-8")


def test_control_and_a_number_take_a_card_in_hand(qtbot: QtBot, window: MainWindow, training: TrainingStation) -> None:
    first, second = cards(qtbot, window, lambda view: view.card.state.value == "ready")
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_2, CONTROL)
    assert window.bench.desk.current == second.card.key
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_9, CONTROL)
    assert window.bench.desk.current == second.card.key
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_1, CONTROL)
    assert window.bench.desk.current == first.card.key
