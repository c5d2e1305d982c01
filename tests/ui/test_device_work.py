"""What is done to a device from its card: its SIM unlocked or replaced, its trace saved."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from app.identifiers.identity import SimState
from app.masked import Secret
from app.modem.pin import PinOutcome, PinResult
from app.training.devices.personalities import BY_NAME, SPARE_DE
from app.training.station import TrainingStation
from app.work.events import CardState
from tests.peers.bench import aside, order
from tests.peers.hands import Hands
from tests.peers.pages import dressed, press
from ui.devices.card import CardView
from ui.devices.pin import PinEntry
from ui.kit.text import Text
from ui.main_window import MainWindow
from ui.theme import Tone

LOCKED, MODEM = "sim-locked", "quectel-ec25"


def plugged(qtbot: QtBot, window: MainWindow, training: TrainingStation, name: str, *states: CardState) -> CardView:
    aside(qtbot, lambda: training.hub.plug(BY_NAME[name]))
    views = window.bench.devices.views
    qtbot.waitUntil(lambda: bool(views()) and views()[-1].card.state in states, timeout=20_000)
    return views()[-1]


def test_a_sim_is_unlocked_on_its_card(qtbot: QtBot, window: MainWindow, training: TrainingStation) -> None:
    view = plugged(qtbot, window, training, LOCKED, CardState.NEEDS_YOU)
    assert view.pin.isVisible()
    assert "SIM is locked." in {text.text() for text in window.bench.checks.findChildren(Text)}
    view.pin.line.setFocus()
    QTest.keyClicks(view.pin.line, "47")
    press(Qt.Key.Key_Return)
    assert view.pin.said == "A PIN has 4 to 8 digits."
    QTest.keyClicks(view.pin.line, "12")
    assert QApplication.focusWidget() is view.pin.line
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "2 attempts are left" in view.pin.said, timeout=15_000)
    assert view.pin.line.text() == ""
    qtbot.waitUntil(lambda: view.card.state is CardState.NEEDS_YOU, timeout=15_000)
    QTest.keyClicks(view.pin.line, "4711")
    view.pin.button.click()
    qtbot.waitUntil(lambda: view.card.state is CardState.READY, timeout=20_000)
    assert not view.pin.isVisible()
    assert view.card.identity is not None
    assert view.card.identity.sim_state is SimState.READY


def test_a_sim_is_unlocked_by_scanner_alone(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    plugged(qtbot, window, training, MODEM, CardState.READY)
    view = plugged(qtbot, window, training, LOCKED, CardState.NEEDS_YOU)
    order(hands, "pin")
    assert view.pin.line.hasFocus()
    hands.scan("4711")
    qtbot.waitUntil(lambda: view.card.state is CardState.READY, timeout=20_000)
    assert hands.presses == 0


def test_a_risky_pin_is_sent_only_at_the_button_that_says_so(qtbot: QtBot, qapp: QApplication) -> None:
    dressed(qapp)
    entry = PinEntry()
    qtbot.addWidget(entry)
    sent: list[tuple[str, bool]] = []

    def keep(pin: Secret, confirmed: bool) -> None:
        sent.append((pin.reveal(), confirmed))

    entry.entered.connect(keep)
    entry.show()
    entry.activateWindow()
    qtbot.waitUntil(entry.isActiveWindow)
    entry.line.setFocus()
    QTest.keyClicks(entry.line, "4711")
    press(Qt.Key.Key_Return)
    entry.say(PinResult(PinOutcome.REFUSED, 1, "One attempt is left.", must_confirm=True))
    QTest.keyClick(entry.line, Qt.Key.Key_Return)
    assert sent == [("4711", False)]
    assert QApplication.focusWidget() is entry.anyway
    press(Qt.Key.Key_Return)
    assert sent == [("4711", False), ("4711", True)]
    assert not entry.anyway.isVisible()
    entry.say(PinResult(PinOutcome.REFUSED, 1, "One attempt is left.", must_confirm=True))
    QTest.keyClicks(entry.line, "2")
    assert not entry.anyway.isVisible(), "another PIN is another question"


def test_a_changed_sim_offers_its_replacement(qtbot: QtBot, window: MainWindow, training: TrainingStation) -> None:
    view = plugged(qtbot, window, training, MODEM, CardState.READY)
    assert not view.change.isVisible()
    aside(qtbot, lambda: training.hub.swap_sim(MODEM, SPARE_DE))
    qtbot.waitUntil(view.change.isVisible, timeout=20_000)
    before = BY_NAME[MODEM].sim
    assert before is not None
    assert all(sim.iccid.reveal()[-4:] in view.change.chip.word for sim in (before, SPARE_DE))
    assert before.iccid.reveal() not in view.change.chip.accessibleName()
    view.change.button.click()
    assert window.bench.workflow.name == "sim-replacement"
    assert window.bench.desk.current == view.card.key


def test_a_trace_is_saved_for_support(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, tmp_path: Path
) -> None:
    view = plugged(qtbot, window, training, MODEM, CardState.READY)
    assert not view.trace.isVisible()
    # As after a reading that brought less; the trace is that of the real one.
    window.bridge.device_changed.emit(replace(view.card, state=CardState.PARTLY))
    assert view.trace.isVisible()
    view.trace.click()
    (dialog,) = window.findChildren(QFileDialog)
    assert dialog.selectedFiles()[0].endswith(".txt")
    file = tmp_path / "trace.txt"
    dialog.fileSelected.emit(str(file))
    dialog.close()
    qtbot.waitUntil(lambda: window.bench.notice.tone is Tone.OK and window.bench.notice.isVisible())
    text = file.read_text(encoding="utf-8")
    assert "AT+CGSN" in text
    assert BY_NAME[MODEM].hardware.imei.reveal() not in text
    assert "A1 Quectel EC25" in window.bench.notice.summary()
    window.bench.devices.trace_wanted.emit(view.card.key)
    window.findChildren(QFileDialog)[-1].fileSelected.emit(str(tmp_path / "none" / "trace.txt"))
    qtbot.waitUntil(lambda: "could not be written" in window.bench.notice.summary())
