"""What is done around the bench, and what it shows: for the tests that drive the window by hands."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.provisioning.submission import State
from app.scanning.commands import BY_NAME as COMMANDS
from app.training.devices.personalities import BY_NAME
from app.training.station import TrainingStation
from app.work.batch import Standing
from app.work.events import CardState
from tests.peers.hands import Hands
from ui.batch.page import BatchPage
from ui.main_window import MainWindow

CONTROL = Qt.KeyboardModifier.ControlModifier
EC25, LE910 = BY_NAME["quectel-ec25"], BY_NAME["telit-le910"]


def aside(qtbot: QtBot, act: Callable[[], object]) -> None:
    """What happens outside the window, on a thread of its own."""
    thread = threading.Thread(target=act)
    thread.start()
    qtbot.waitUntil(lambda: not thread.is_alive(), timeout=10_000)


def plug(qtbot: QtBot, window: MainWindow, training: TrainingStation, name: str = EC25.name) -> None:
    """Plug a simulated device in, and wait until it was read."""
    aside(qtbot, lambda: training.hub.plug(BY_NAME[name]))
    wanted = BY_NAME[name].hardware.imei
    qtbot.waitUntil(
        lambda: any(
            view.card.state is CardState.READY and view.card.identity is not None and view.card.identity.imei == wanted
            for view in window.bench.devices.views()
        ),
        timeout=20_000,
    )


def unplug(qtbot: QtBot, window: MainWindow, training: TrainingStation, name: str = EC25.name) -> None:
    """Pull the only device, and wait until its card has gone."""
    aside(qtbot, lambda: training.hub.unplug(name))
    qtbot.waitUntil(lambda: not window.bench.devices.views(), timeout=10_000)


def registered(qtbot: QtBot, window: MainWindow, training: TrainingStation, **more: str) -> None:
    """An EC25 of maria.lopez that the gate has accepted; it is still plugged in."""
    plug(qtbot, window, training)
    for key, value in {"username": "maria.lopez", **more}.items():
        window.bench.form.edited.emit(key, value)
    window.bench.send()
    accepted(qtbot, window, 1)


def counted(qtbot: QtBot, window: MainWindow, state: State, count: int) -> None:
    """Wait until so many of today's submissions are in `state`."""
    qtbot.waitUntil(lambda: window.snapshot.counts.get(state, 0) == count, timeout=15_000)


def accepted(qtbot: QtBot, window: MainWindow, count: int) -> None:
    counted(qtbot, window, State.ACCEPTED, count)


def standings(page: BatchPage) -> list[Standing]:
    """Where each of the batch stands, in the order of the list."""
    return [item.standing for item in page.model.items]


def order(hands: Hands, name: str) -> None:
    """Scan a command barcode."""
    hands.scan(COMMANDS[name].code)


def command(window: MainWindow, hands: Hands, words: str) -> None:
    """Open the palette, type, and take the first command that fits."""
    hands.shortcut(Qt.Key.Key_K, CONTROL)
    assert window.palette_box.isVisible()
    hands.type(words)
    hands.press(Qt.Key.Key_Return, text="\r")
    assert not window.palette_box.isVisible()


def tab_to(hands: Hands, wanted: QWidget, *, most: int = 80) -> None:
    """Go on with the Tab key until `wanted` has the focus."""
    for _ in range(most):
        if QApplication.focusWidget() is wanted:
            return
        hands.press(Qt.Key.Key_Tab, text="\t")
    raise AssertionError(f"Tab never came to {wanted.accessibleName() or wanted}")


def type_at(window: MainWindow, hands: Hands, key: str, words: str) -> None:
    """Go to a field with the Tab key, and type."""
    tab_to(hands, window.bench.form.rows[key].input)
    hands.type(words)


def text(window: MainWindow, key: str) -> str:
    """What stands in the draft in hand."""
    return window.bench.desk.draft.text(key)


def note(window: MainWindow, key: str) -> str:
    """What is said below a field."""
    return window.bench.form.rows[key].input.accessibleDescription()


def words(page: QWidget) -> str:
    """All that can be read on a page; of a password's field, its dots."""
    said = [label.text() for label in page.findChildren(QLabel)]
    said += [value.toPlainText() for value in page.findChildren(QTextEdit)]
    said += [line.displayText() for line in page.findChildren(QLineEdit)]
    return " ".join(said)


def enter(hands: Hands) -> None:
    """Enter, where the focus is."""
    hands.press(Qt.Key.Key_Return, text="\r")


def send(hands: Hands) -> None:
    """Ctrl+Enter."""
    hands.shortcut(Qt.Key.Key_Return, CONTROL)


def press_button(hands: Hands, button: QWidget) -> None:
    """Go to a button with the Tab key, and press Enter."""
    tab_to(hands, button)
    enter(hands)


def to_the_front(qtbot: QtBot, window: MainWindow) -> None:
    """After a dialog or a list has closed: which window is in front is the desktop's to say, and there is none here."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def answer_file(qtbot: QtBot, window: MainWindow, page: QWidget, file: Path) -> None:
    """Type where the file is into the dialog that asks for it."""
    (dialog,) = page.findChildren(QFileDialog)
    qtbot.waitUntil(dialog.isActiveWindow)
    keys = Hands(dialog, window.scans.scanner)
    keys.type(str(file))
    enter(keys)
    qtbot.waitUntil(lambda: not page.findChildren(QFileDialog))
    to_the_front(qtbot, window)
