"""The customer's word and the shift's, given with one key in the window, over real lines."""

from __future__ import annotations

import hashlib

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.provisioning import consent
from app.training.devices.personalities import BY_NAME
from app.training.station import TrainingStation
from app.work.events import CardState
from tests.peers.bench import aside
from tests.peers.pages import press
from ui.commands import commands
from ui.devices.card import CardView
from ui.main_window import MainWindow

EC25, LE910 = "quectel-ec25", "telit-le910"


def asks(qtbot: QtBot, window: MainWindow, ground: str) -> None:
    station = window.bridge.made
    assert station is not None
    aside(qtbot, lambda: station.change_settings({"consent": ground, "operator": "Ana"}))


def plugged(qtbot: QtBot, window: MainWindow, training: TrainingStation, name: str, state: CardState) -> CardView:
    views = window.bench.devices.views
    count = len(views()) + 1
    aside(qtbot, lambda: training.hub.plug(BY_NAME[name]))
    qtbot.waitUntil(lambda: len(views()) == count and views()[-1].card.state is state, timeout=20_000)
    return views()[-1]


def heard(training: TrainingStation, name: str) -> list[str]:
    return list(training.hub.slot(name)._modem.asked)


def test_words_and_version_belong_together() -> None:
    """Other words are another version: raise TEXT_VERSION and write the new sum down here."""
    words = f"{consent.DEVICE_TEXT}\n{consent.SHIFT_TEXT}".encode()
    assert (consent.TEXT_VERSION, hashlib.sha256(words).hexdigest()[:12]) == ("1", "52d30ff76ea1")


def test_one_key_gives_the_customers_word_and_the_device_is_read(
    qtbot: QtBot, window: MainWindow, training: TrainingStation
) -> None:
    asks(qtbot, window, "per-device")
    view = plugged(qtbot, window, training, EC25, CardState.ASK)
    qtbot.waitUntil(view.consent.agree.isVisible)
    assert consent.DEVICE_TEXT in view.accessibleName()
    assert heard(training, EC25) == []
    press(Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: view.card.state is CardState.READY, timeout=20_000)
    assert heard(training, EC25)
    assert not view.consent.agree.isVisible()
    for key, text in (("device_type", "ph"), ("username", "maria"), ("number", "+525512345678")):
        window.bench.form.edited.emit(key, text)
    window.bench.send()
    qtbot.waitUntil(lambda: window.snapshot.entries != (), timeout=10_000)
    (entry,) = window.snapshot.entries
    assert entry.consent.startswith(f"per-device, text {consent.TEXT_VERSION}, 20")
    assert ", audit " in entry.consent


def test_the_customers_word_is_among_the_commands_while_a_device_waits_for_it(
    qtbot: QtBot, window: MainWindow, training: TrainingStation
) -> None:
    asks(qtbot, window, "per-device")
    assert "F6" not in [command.keys for command in commands(window)]
    view = plugged(qtbot, window, training, EC25, CardState.ASK)
    window.palette_box.open()
    window.palette_box.line.setText("F6")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: view.card.state is CardState.READY, timeout=20_000)
    assert "F6" not in [command.keys for command in commands(window)]


def test_a_customer_who_does_not_agree_takes_the_device_away_unread(
    qtbot: QtBot, window: MainWindow, training: TrainingStation
) -> None:
    asks(qtbot, window, "per-device")
    view = plugged(qtbot, window, training, EC25, CardState.ASK)
    view.consent.decline.click()
    qtbot.waitUntil(lambda: view.card.state is CardState.DECLINED, timeout=10_000)
    press(Qt.Key.Key_F6)
    assert heard(training, EC25) == []
    view.consent.agree.click()
    qtbot.waitUntil(lambda: view.card.state is CardState.READY, timeout=20_000)


def test_a_word_withdrawn_empties_the_form(qtbot: QtBot, window: MainWindow, training: TrainingStation) -> None:
    asks(qtbot, window, "per-device")
    view = plugged(qtbot, window, training, EC25, CardState.ASK)
    press(Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: view.card.state is CardState.READY, timeout=20_000)
    window.bench.form.edited.emit("username", "maria")
    assert "imei" in window.bench.desk.draft.entries
    qtbot.waitUntil(view.consent.decline.isVisible)
    view.consent.decline.click()
    qtbot.waitUntil(lambda: view.card.state is CardState.DECLINED, timeout=10_000)
    assert window.bench.desk.draft.entries == {}
    assert view.card.identity is None


def test_with_two_that_wait_the_key_asks_for_a_choice(
    qtbot: QtBot, window: MainWindow, training: TrainingStation
) -> None:
    asks(qtbot, window, "per-device")
    first = plugged(qtbot, window, training, EC25, CardState.ASK)
    second = plugged(qtbot, window, training, LE910, CardState.ASK)
    press(Qt.Key.Key_F6)
    assert window.bench.notice.summary().startswith("2 devices wait")
    window.bench.choose_nth(1)
    press(Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: second.card.state is CardState.READY, timeout=20_000)
    assert first.card.state is CardState.ASK
    assert heard(training, EC25) == []


def test_the_shift_is_confirmed_once_and_by_each_operator(
    qtbot: QtBot, window: MainWindow, training: TrainingStation
) -> None:
    asks(qtbot, window, "per-shift")
    qtbot.waitUntil(window.bench.shift.isVisible)
    view = plugged(qtbot, window, training, EC25, CardState.SHIFT)
    assert heard(training, EC25) == []
    press(Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: view.card.state is CardState.READY, timeout=20_000)
    assert not window.bench.shift.isVisible()
    plugged(qtbot, window, training, LE910, CardState.READY)
    station = window.bridge.made
    assert station is not None
    aside(qtbot, lambda: station.change_settings({"operator": "Luis"}))
    qtbot.waitUntil(window.bench.shift.isVisible)
    plugged(qtbot, window, training, "huawei-e3372", CardState.SHIFT)


@pytest.mark.parametrize("ground", ["employer-owned", "per-device"])
def test_no_bar_where_no_shift_is_confirmed(qtbot: QtBot, window: MainWindow, ground: str) -> None:
    asks(qtbot, window, ground)
    assert not window.bench.shift.isVisible()
