"""Where a command barcode goes: to the page in sight, else to the bench; never past what a hand could press."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from app.provisioning.draft import Override
from app.training.station import TrainingStation
from tests.peers.bench import accepted, order, plug, text
from tests.peers.hands import Hands
from ui.kit.buttons import Button
from ui.kit.combo import Combo
from ui.main_window import MainWindow
from ui.orders import answers, choosing, press
from ui.settings.page import SettingsPage

IMEI, OTHER = "490154203237518", "356938035643809"


def test_a_page_without_a_meaning_leaves_submit_to_the_bench(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    hands.scan(IMEI)
    window.show_page("doctor")
    order(hands, "submit")
    assert window.bench.isVisible()
    accepted(qtbot, window, 1)


def test_submit_on_the_settings_saves_them_and_sends_nothing(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    hands.scan(IMEI)
    window.show_page("settings")
    (page,) = window.findChildren(SettingsPage)
    page.enter("scanner.gap_ms", 60)
    order(hands, "submit")
    station = window.station
    assert station is not None
    qtbot.waitUntil(lambda: station.settings.number("scanner.gap_ms") == 60, timeout=10_000)
    assert page.isVisible()
    assert training.gate.requests == []


def test_cancel_elsewhere_goes_back_and_the_form_stays(window: MainWindow, hands: Hands) -> None:
    hands.scan(IMEI)
    window.show_page("doctor")
    order(hands, "cancel")
    assert window.bench.isVisible()
    assert text(window, "imei") == IMEI


def test_a_question_is_seen_before_it_is_answered(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    plug(qtbot, window, training)
    hands.scan(OTHER)
    window.show_page("doctor")
    order(hands, "second")
    assert window.bench.question.summary.startswith("IMEI differs")
    # Override, and the last of four reasons.
    order(hands, "third")
    order(hands, "fourth")
    assert window.bench.desk.draft.overrides == {"imei": Override("wrong-order")}
    assert hands.presses == 0


def test_undo_is_an_answer_while_the_notice_offers_it(window: MainWindow, hands: Hands) -> None:
    hands.scan(IMEI)
    order(hands, "cancel")
    assert text(window, "imei") == ""
    order(hands, "first")
    assert text(window, "imei") == IMEI


def test_a_dialog_in_front_is_answered_first(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    hands.scan(IMEI)
    window.show_page("doctor")
    dialog = QFileDialog(window)
    dialog.open()
    assert QApplication.activeModalWidget() is dialog
    order(hands, "submit")
    assert window.page == "doctor"
    dialog.reject()
    # The doctor asks the gate, too, who it is.
    assert [request for request in training.gate.requests if request.method == "POST"] == []
    order(hands, "submit")
    accepted(qtbot, window, 1)


def test_a_button_that_is_hidden_or_disabled_is_not_pressed(window: MainWindow) -> None:
    pressed: list[str] = []
    made = {name: Button(name, parent=window) for name in ("hidden", "disabled", "third")}
    for name, button in made.items():
        button.clicked.connect(lambda _=False, name=name: pressed.append(name))
        button.setVisible(name != "hidden")
    made["disabled"].setEnabled(False)
    press(made["hidden"])
    # Counted as they stand in sight: the one that is disabled is the first.
    for name in ("first", "third", "fourth"):
        answers(made.values())[name]()
    assert pressed == []
    answers(made.values())["second"]()
    assert pressed == ["third"]


def test_a_list_that_an_administrator_has_fixed_is_not_chosen_from(qtbot: QtBot) -> None:
    combo = Combo()
    qtbot.addWidget(combo)
    combo.addItems(["one", "two"])
    choosing(combo)["second"]()
    assert combo.currentText() == "two"
    combo.setEnabled(False)
    choosing(combo)["first"]()
    assert combo.currentText() == "two"
