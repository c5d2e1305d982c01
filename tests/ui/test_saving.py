"""What is entered while a draft is being put away, on a disk that takes its time: nothing of it is lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent, QShortcut
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
from ui.front import Front
from ui.main_window import MainWindow
from ui.theme import Tone

CONTROL = Qt.KeyboardModifier.ControlModifier
FIRST, SECOND = BY_NAME["quectel-ec25"], BY_NAME["telit-le910"]


WRITING = """
import sqlite3, sys
sqlite3.connect(sys.argv[1], isolation_level=None).execute("BEGIN IMMEDIATE")
print("begun", flush=True)
sys.stdin.read()
"""


@contextmanager
def slow_disk(training: TrainingStation) -> Iterator[None]:
    """Nothing can be written into the journal meanwhile: another process is about to."""
    other = subprocess.Popen(
        [sys.executable, "-c", WRITING, str(training.paths.journal)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout is not None
    assert other.stdout.readline() == b"begun\n"
    try:
        yield
    finally:
        other.communicate()


@contextmanager
def leaving(qtbot: QtBot, window: MainWindow, training: TrainingStation) -> Iterator[None]:
    """The first device is being put away meanwhile; then the second one is in hand."""
    plug(qtbot, window, training)
    with slow_disk(training):
        send(window)
        yield
    next_one(qtbot, window)


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


def origins(window: MainWindow) -> set[str]:
    """Who said something of the IMEI in hand."""
    return {witness.origin.value for witness in window.bench.desk.draft.witnesses.get("imei", ())}


def composed(window: MainWindow, text: str) -> None:
    """A letter made of two keys, as an input method hands it over."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    focus = QApplication.focusWidget()
    assert focus is not None
    QCoreApplication.sendEvent(focus, event)


def username(window: MainWindow) -> LineInput:
    line = window.bench.form.rows["username"].input
    assert isinstance(line, LineInput)
    return line


def send(window: MainWindow) -> None:
    QTest.keyClick(username(window), Qt.Key.Key_Return, CONTROL)
    assert window.bench.saving


def next_one(qtbot: QtBot, window: MainWindow) -> None:
    """Until the second device is in hand."""
    qtbot.waitUntil(lambda: window.bench.desk.draft.text("imei") == SECOND.hardware.imei.reveal(), timeout=15_000)


def test_keys_go_to_the_next_device(qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands) -> None:
    plug(qtbot, window, training)
    window.bench.form.focus_field("password")
    with slow_disk(training):
        send(window)
        hands.type("Jx")
        hands.press(Qt.Key.Key_Backspace)
        hands.type("os")
        # One key at a time: the last one may be held as the beginning of a scan.
        qtbot.waitUntil(lambda: not window.scans.scanner.holding)
        composed(window, "é")
        assert username(window).text() == "maria.lopez"
    next_one(qtbot, window)
    # Where the next user begins, wherever the last one ended: this device has no number of its own.
    assert QApplication.focusWidget() is window.bench.form.rows["number"].input
    assert window.bench.desk.draft.text("number") == "José"
    assert username(window).text() == ""
    qtbot.waitUntil(lambda: len(training.gate.records) == 1, timeout=15_000)
    assert training.gate.records[0]["username"] == "maria.lopez"
    assert "password" not in training.gate.records[0]


@pytest.mark.parametrize("end", [Qt.Key.Key_Return, "\r"])
def test_a_scan_goes_to_the_next_device_and_submit_was_for_the_one_before(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands, end: Qt.Key | str
) -> None:
    with leaving(qtbot, window, training):
        for command in ("submit", "next", "cancel"):
            hands.scan(code(command), end=end)
        hands.scan(SECOND.hardware.imei.reveal(), end=end)
        assert "scan" not in origins(window)
    assert "scan" in origins(window)
    assert not window.bench.saving
    assert window.bench.notice.isHidden()


def test_other_lines_and_commands_work_meanwhile(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    with leaving(qtbot, window, training):
        hands.scan(code("log"))
        assert window.log is not None
        assert window.log.isVisible()
        hands.type("jose")
        search = window.log.bar.search
        assert QApplication.focusWidget() is search
        qtbot.waitUntil(lambda: search.text() == "jose")
        assert window.bench.saving
    assert username(window).text() == ""
    assert search.text() == "jose"


def test_where_it_could_not_be_kept_it_stands_as_it_was(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    plug(qtbot, window, training)
    with slow_disk(training):
        send(window)
        hands.type("jose")
        hands.scan(SECOND.hardware.imei.reveal())
        qtbot.waitUntil(lambda: not window.bench.saving)
    assert window.bench.notice.tone is Tone.BAD
    assert window.bench.desk.draft.text("imei") == FIRST.hardware.imei.reveal()
    assert username(window).text() == window.bench.desk.draft.text("username") == "maria.lopez"
    assert "scan" not in origins(window)
    send(window)
    next_one(qtbot, window)
    # What came meanwhile does not turn up later.
    assert "scan" not in origins(window)
    assert window.bench.form.rows["number"].input.standing() == ""


def test_what_comes_past_the_keys_is_seen_not_to_be_taken(
    qtbot: QtBot, window: MainWindow, training: TrainingStation
) -> None:
    QApplication.clipboard().setText("pasted")
    with leaving(qtbot, window, training):
        username(window).paste()
        assert username(window).text() == "maria.lopez"
        window.bench.clear()
        window.bench.put_away()
        assert username(window).text() == "maria.lopez"
    assert username(window).text() == ""


def test_a_key_held_down_sends_one_device_only(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    repeating = [shortcut for shortcut in window.findChildren(QShortcut) if shortcut.autoRepeat()]
    assert not {shortcut.key().toString() for shortcut in repeating} & {"Ctrl+Return", "Ctrl+Enter"}
    aside(qtbot, partial(training.hub.plug, FIRST))
    qtbot.waitUntil(partial(are_ready, window, 1), timeout=15_000)
    window.bench.action.button.setFocus()
    for repeated in (False, True, True):
        hands.stroke(Qt.Key.Key_Return, "\r", repeated=repeated)
    qtbot.waitUntil(lambda: not window.bench.saving)
    assert QApplication.focusWidget() is window.bench.devices.views()[0]
    hands.stroke(Qt.Key.Key_Return, "\r", repeated=True)
    assert window.bench.desk.current is None
    hands.stroke(Qt.Key.Key_Return, "\r")
    assert window.bench.desk.current is not None


def test_another_language_waits_until_it_is_kept(qtbot: QtBot, window: MainWindow, training: TrainingStation) -> None:
    plug(qtbot, window, training)
    (front,) = window.bridge.findChildren(Front)
    with slow_disk(training):
        send(window)
        window.set_personal("language", "es")
        qtbot.wait(100)
        assert front.window is window
    qtbot.waitUntil(lambda: front.window is not window)
    assert front.window.bench.desk.draft.text("imei") == SECOND.hardware.imei.reveal()
