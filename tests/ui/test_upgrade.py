"""A device upgrade through the window: the user found, the new device beside the old one, two sends in order."""

from __future__ import annotations

import json

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.identifiers import imei
from app.provisioning.submission import State
from app.training.gate_faults import Fault
from app.training.station import TrainingStation
from tests.peers.bench import (
    EC25,
    LE910,
    accepted,
    aside,
    counted,
    note,
    order,
    plug,
    registered,
    send,
    tab_to,
    text,
    type_at,
    unplug,
    words,
)
from tests.peers.hands import Hands
from tests.peers.pages import spoken_name
from ui.bench.side import Line
from ui.main_window import MainWindow

USER = "maria.lopez"
OLD, NEW = EC25.hardware.imei.reveal(), LE910.hardware.imei.reveal()
OLD_SIM = EC25.sim.iccid.reveal() if EC25.sim else ""
NEW_SIM = LE910.sim.iccid.reveal() if LE910.sim else ""


def has_old_device(qtbot: QtBot, window: MainWindow, training: TrainingStation) -> None:
    """The user's record has the old device, which was taken away."""
    registered(qtbot, window, training)
    unplug(qtbot, window, training)


def compared(qtbot: QtBot, window: MainWindow) -> None:
    """The new device stands beside the old one, field by field."""
    assert text(window, "imei") == NEW
    qtbot.waitUntil(lambda: imei.group(OLD) in note(window, "imei"), timeout=10_000)
    assert OLD_SIM in note(window, "iccid").replace(" ", "")
    assert "EC25" in note(window, "device_model")


def moved(training: TrainingStation) -> None:
    """The gate has both devices, the user at the new one; and was asked for it in this order."""
    assert [(record["imei"], record.get("username")) for record in training.gate.records] == [(OLD, USER), (NEW, USER)]
    _, register, update = training.gate.requests
    assert register.path.endswith("/device_app_register/")
    assert "username" not in json.loads(register.body)
    assert update.path.endswith("/device_app_user_update/")
    sent = json.loads(json.loads(update.body)["data"])
    assert (sent["imei"], sent["iccid"], sent["username"]) == (NEW, NEW_SIM, USER)


def sent_by_key(qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands) -> None:
    compared(qtbot, window)
    send(hands)
    accepted(qtbot, window, 3)
    moved(training)


def test_a_device_is_upgraded_by_keyboard_alone(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    has_old_device(qtbot, window, training)
    hands.shortcut(Qt.Key.Key_F4)
    type_at(window, hands, "username", USER)
    hands.press(Qt.Key.Key_Tab, text="\t")
    qtbot.waitUntil(lambda: imei.group(OLD) in note(window, "imei"), timeout=10_000)
    plug(qtbot, window, training, LE910.name)
    sent_by_key(qtbot, window, training, hands)


def test_the_new_device_takes_over_from_the_old_one_that_was_plugged_in_first(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    has_old_device(qtbot, window, training)
    aside(qtbot, lambda: training.hub.replug(EC25.name))
    qtbot.waitUntil(lambda: text(window, "iccid") == OLD_SIM, timeout=15_000)
    hands.shortcut(Qt.Key.Key_F4)
    type_at(window, hands, "username", USER)
    qtbot.waitUntil(lambda: "Plug the new one in." in note(window, "imei"), timeout=10_000)
    plug(qtbot, window, training, LE910.name)
    assert text(window, "username") == USER
    sent_by_key(qtbot, window, training, hands)


def test_a_device_is_upgraded_by_scanner_alone(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    has_old_device(qtbot, window, training)
    order(hands, "new-device-upgrade")
    hands.scan(OLD_SIM)
    qtbot.waitUntil(lambda: text(window, "username") == USER, timeout=10_000)
    plug(qtbot, window, training, LE910.name)
    compared(qtbot, window)
    order(hands, "submit")
    accepted(qtbot, window, 3)
    moved(training)
    assert hands.presses == 0


def test_one_of_two_done_is_said_and_the_second_is_sent_again(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    has_old_device(qtbot, window, training)
    training.gate.fail_next(Fault.NONE, Fault.REFUSED)
    hands.shortcut(Qt.Key.Key_F4)
    type_at(window, hands, "username", USER)
    plug(qtbot, window, training, LE910.name)
    send(hands)
    counted(qtbot, window, State.REJECTED, 1)
    said = [spoken_name(line) for line in window.bench.just_now.findChildren(Line)]
    assert next(name for name in said if "1 of 2 done" in name).startswith("Refused")
    hands.shortcut(Qt.Key.Key_F9)
    log = window.log
    assert log is not None
    qtbot.waitUntil(lambda: log.model.rowCount() == 3, timeout=10_000)
    hands.press(Qt.Key.Key_Down)
    qtbot.waitUntil(log.detail.isVisible, timeout=10_000)
    qtbot.waitUntil(lambda: "Step 2 of a job: 1 of 2 done." in words(log.detail), timeout=10_000)
    tab_to(hands, log.detail._correct)
    hands.press(Qt.Key.Key_Return, text="\r")
    assert window.bench.isVisible()
    assert (text(window, "imei"), text(window, "username")) == (NEW, USER)
    send(hands)
    accepted(qtbot, window, 3)
    assert "2 of 2 done" in spoken_name(window.bench.just_now.findChildren(Line)[0])
    assert [(record["imei"], record.get("username")) for record in training.gate.records] == [(OLD, USER), (NEW, USER)]
    # What was done is not done again.
    assert [request.path.rsplit("/", 2)[-2] for request in training.gate.requests] == [
        "device_app_register",
        "device_app_register",
        "device_app_user_update",
        "device_app_user_update",
    ]


def test_a_device_that_the_gate_has_already_is_moved_once_somebody_says_that_it_is_the_same(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    registered(qtbot, window, training)
    unplug(qtbot, window, training)
    plug(qtbot, window, training, LE910.name)
    order(hands, "submit")
    accepted(qtbot, window, 2)
    unplug(qtbot, window, training, LE910.name)
    order(hands, "new-device-upgrade")
    hands.scan(OLD_SIM)
    qtbot.waitUntil(lambda: text(window, "username") == USER, timeout=10_000)
    aside(qtbot, lambda: training.hub.replug(LE910.name))
    qtbot.waitUntil(lambda: text(window, "iccid") == NEW_SIM, timeout=15_000)
    compared(qtbot, window)
    order(hands, "submit")
    counted(qtbot, window, State.CONFLICT, 1)
    order(hands, "log")
    log = window.log
    assert log is not None
    qtbot.waitUntil(lambda: log.model.rowCount() == 4, timeout=10_000)
    # The second step was entered last and stands above the first.
    for _ in range(2):
        order(hands, "next")
    qtbot.waitUntil(log.detail.same.isVisible, timeout=10_000)
    order(hands, "second")
    accepted(qtbot, window, 3)
    assert [(record["imei"], record.get("username")) for record in training.gate.records] == [(OLD, USER), (NEW, USER)]
    assert hands.presses == 0
