"""What is entered while a draft is being put away, on a disk that takes its time: nothing of it is lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.scanning.commands import COMMANDS
from app.training.devices.personalities import BY_NAME
from app.training.station import TrainingStation
from app.work.events import CardState
from tests.peers.bench import aside
from tests.peers.hands import Hands
from ui.form.inputs import LineInput
from ui.main_window import MainWindow

CONTROL = Qt.KeyboardModifier.ControlModifier
FIRST, SECOND = BY_NAME["quectel-ec25"], BY_NAME["telit-le910"]
SAVING = "Saving"


@contextmanager
def slow_disk(training: TrainingStation) -> Iterator[None]:
    """Nothing can be written into the journal meanwhile."""
    with closing(sqlite3.connect(training.paths.journal, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def plug(qtbot: QtBot, window: MainWindow, training: TrainingStation) -> None:
    """Two devices, the first one in hand, with a user."""
    for count, device in enumerate((FIRST, SECOND), 1):
        aside(qtbot, partial(training.hub.plug, device))
        qtbot.waitUntil(partial(are_ready, window, count), timeout=15_000)
    assert window.bench.desk.draft.text("imei") == FIRST.hardware.imei.reveal()
    username(window).setFocus()
    QTest.keyClicks(username(window), "maria.lopez")


def are_ready(window: MainWindow, count: int) -> bool:
    return [view.card.state for view in window.bench.devices.views()] == [CardState.READY] * count


def code(name: str) -> str:
    return next(command.code for command in COMMANDS if command.name == name)


def username(window: MainWindow) -> LineInput:
    line = window.bench.form.rows["username"].input
    assert isinstance(line, LineInput)
    return line


def send(window: MainWindow) -> None:
    QTest.keyClick(username(window), Qt.Key.Key_Return, CONTROL)
    assert window.bench.action.button.text() == SAVING


def next_one(qtbot: QtBot, window: MainWindow) -> None:
    """Until the second device is in hand, which nothing is lost of."""
    qtbot.waitUntil(lambda: window.bench.desk.draft.text("imei") == SECOND.hardware.imei.reveal(), timeout=15_000)


def test_keys_go_to_the_next_device(qtbot: QtBot, window: MainWindow, training: TrainingStation) -> None:
    plug(qtbot, window, training)
    hands = Hands(window, window.scans.scanner)
    window.bench.form.focus_field("password")
    with slow_disk(training):
        send(window)
        hands.type("Jx")
        hands.press(Qt.Key.Key_Backspace)
        hands.type("ose")
        assert username(window).text() == "maria.lopez"
    next_one(qtbot, window)
    qtbot.waitUntil(lambda: not window.scans.scanner.holding)
    # Where the next user begins, wherever the last one ended: this device has no number of its own.
    assert QApplication.focusWidget() is window.bench.form.rows["number"].input
    assert window.bench.desk.draft.text("number") == "Jose"
    assert username(window).text() == ""
    qtbot.waitUntil(lambda: len(training.gate.records) == 1, timeout=15_000)
    assert training.gate.records[0]["username"] == "maria.lopez"


def test_a_scan_goes_to_the_next_device_and_a_command_was_for_the_one_before(
    qtbot: QtBot, window: MainWindow, training: TrainingStation
) -> None:
    plug(qtbot, window, training)
    hands = Hands(window, window.scans.scanner)
    with slow_disk(training):
        send(window)
        hands.scan(code("submit"))
        hands.scan(SECOND.hardware.imei.reveal())
    next_one(qtbot, window)
    said = window.bench.desk.draft.witnesses["imei"]
    assert "scan" in {witness.origin.value for witness in said}
    assert window.bench.action.button.text() != SAVING
    assert window.bench.notice.isHidden()


def test_what_comes_past_the_keyboard_is_seen_not_to_be_taken(
    qtbot: QtBot, window: MainWindow, training: TrainingStation
) -> None:
    plug(qtbot, window, training)
    with slow_disk(training):
        send(window)
        # Events without a time, as those of a paste by mouse are no keys at all.
        QTest.keyClicks(username(window), "x")
        assert username(window).text() == "maria.lopez"
        window.bench.clear()
        window.bench.put_away()
        assert username(window).text() == "maria.lopez"
    next_one(qtbot, window)
    assert username(window).text() == ""


def test_a_key_held_down_sends_one_device_only(window: MainWindow) -> None:
    repeating = [
        shortcut.key().toString()
        for shortcut in window.findChildren(QShortcut)
        if shortcut.autoRepeat() and "Return" in shortcut.key().toString()
    ]
    assert repeating == []
