"""The training station in the window: shown to learn on, or driven by keys and drawn where there is no display."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.cli.journal import listed
from app.crashes import recorded, tell_on_stderr
from app.journal.outbox import Journal
from app.journal.records import Entry, Query
from app.logs import LEVELS
from app.paths import Paths, paths
from app.provisioning.submission import State
from app.seams import allow_here
from app.settings import Settings
from app.training.devices.personalities import ALL, BY_NAME, SPARE_DE
from app.training.station import TrainingStation
from app.work.events import CardState
from ui.look import application
from ui.main_window import MainWindow
from ui.single_instance import Place
from ui.start import build, tell_faults

MODEM = "quectel-ec25"
PATIENCE_S = 30.0


def show_training(arguments: argparse.Namespace) -> int:
    """The training window, with every simulated device plugged in, until it is closed; or the one that is open."""
    app = application()
    real = paths(arguments.home)
    place = Place(real.training().data, app)
    if not place.take():
        return 0
    with (
        TrainingStation(real, ALL) as training,
        recorded(training.paths, LEVELS["info"], tell_on_stderr),
    ):
        window = build(app, training.paths, Settings(), training.workstation, place=place)
        tell_faults(window.bridge)
        window.show()
        code = app.exec()
        # The window is gone: stopping the devices may take its time.
        allow_here()
        return code


def show_demo(arguments: argparse.Namespace) -> int:
    """With a display, the training window; without, the same driven through a day's work, with pictures of it."""
    if os.environ.get("QT_QPA_PLATFORM") != "offscreen":
        return show_training(arguments)
    out = Path(arguments.pictures)
    out.mkdir(parents=True, exist_ok=True)
    app = application()
    with tempfile.TemporaryDirectory() as home, TrainingStation(Paths(Path(home), Path(home), Path(home))) as training:
        demo = Demo(app, training, out)
        try:
            demo.play()
        finally:
            demo.window.close()
            allow_here()
        entries = demo.entries()
    listed(entries)
    return 0 if [entry.state for entry in entries] == [State.ACCEPTED] * len(PLAYED) else 1


PLAYED = ("register EC25", "SIM replacement", "register another while the gate is away")


class Demo:
    """One run. Raises TimeoutError, naming the step, when the window does not come to what is waited for."""

    def __init__(self, app: QApplication, training: TrainingStation, out: Path) -> None:
        self._app, self._training, self._out = app, training, out
        self._pictures = 0
        self.window: MainWindow = build(app, training.paths, Settings(), training.workstation)
        self.window.resize(1280, 800)
        self.window.show()

    def entries(self) -> list[Entry]:
        """The journal, newest first; for after the window has closed."""
        journal = Journal.open(self._training.paths.journal)
        try:
            return journal.page(Query(), 50)
        finally:
            journal.close()

    def play(self) -> None:
        self._wait("the station to open", lambda: self.window.known)
        self._draw("empty")
        self._register()
        self._replace_sim()
        self._offline()
        for personality in ALL:
            if personality.name not in {MODEM, "telit-le910"}:
                self._aside(partial(self._training.hub.plug, personality))
        # One was pulled, and one dies while it is read: its card may have come and gone.
        self._wait("the devices to have cards", lambda: len(self.window.bench.devices.views()) >= len(ALL) - 2)
        self._rest(3.0)
        self._draw("full-bench")
        self._key(Qt.Key.Key_F9)
        self._rest(1.0)
        self._draw("log")

    def _register(self) -> None:
        self._aside(lambda: self._training.hub.plug(BY_NAME[MODEM]))
        self._wait("the form to be filled", lambda: self._text("iccid") != "")
        self._wait("the reading to end", self._ready)
        self._draw("read")
        self._type("username", "maria.lopez")
        self._type("password", "a password to hash")
        self._draw("checked")
        self._send(1)
        self._draw("registered")

    def _replace_sim(self) -> None:
        self._key(Qt.Key.Key_F3)
        self._aside(lambda: self._training.hub.swap_sim(MODEM, SPARE_DE))
        card = self.window.bench.devices.views()[0].card
        self.window.bench.devices.again.emit(card.key)
        self._wait("the new SIM to be read", lambda: self._text("iccid") == SPARE_DE.iccid.reveal() and self._ready())
        self._wait("the last known record", lambda: bool(self.window.bench.recall.known))
        self._rest(0.5)
        self._draw("sim-replacement")
        self._send(2)

    def _offline(self) -> None:
        self._aside(self._training.gate.close_door)
        self._aside(lambda: self._training.hub.unplug(MODEM))
        self._key(Qt.Key.Key_F2)
        self._aside(lambda: self._training.hub.plug(BY_NAME["telit-le910"]))
        wanted = BY_NAME["telit-le910"].hardware.imei.reveal()
        self._wait("the next device", lambda: self._text("imei") == wanted and self._ready())
        self._type("user_external_id", "CRM-20418")
        self._key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        self._wait("the outage to be told", lambda: self.window.snapshot.link.offline_since is not None)
        self._rest(0.5)
        self._draw("offline")
        self._aside(self._training.gate.open_door)
        self._wait("the delivery after the outage", lambda: self._accepted() == len(PLAYED))
        self._draw("delivered")

    def _send(self, accepted: int) -> None:
        self._key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        self._wait("the gate's answer", lambda: self._accepted() == accepted)
        self._rest(0.5)

    def _accepted(self) -> int:
        return self.window.snapshot.counts.get(State.ACCEPTED, 0)

    def _ready(self) -> bool:
        card = self.window.bench.desk.card
        return card is not None and card.state is CardState.READY

    def _text(self, key: str) -> str:
        return self.window.bench.desk.draft.text(key)

    def _type(self, key: str, text: str) -> None:
        self.window.bench.form.focus_field(key)
        self._rest(0.1)
        focused = self.window.focusWidget()
        if focused is not None:
            QTest.keyClicks(focused, text)

    def _key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.window.focusWidget() or self.window, key, modifier)

    def _aside(self, act: Callable[[], object]) -> None:
        """What happens outside the window: a hand at the hub, the network. Not on the window's thread."""
        thread = threading.Thread(target=act)
        thread.start()
        self._wait("a hand at the bench", lambda: not thread.is_alive())

    def _wait(self, what: str, done: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE_S
        while not done():
            if time.monotonic() > end:
                self._draw("stuck")
                raise TimeoutError(f"waited {PATIENCE_S:.0f} s for {what}")
            self._app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)

    def _rest(self, seconds: float) -> None:
        """Let the window settle before its picture is taken."""
        QTest.qWait(int(seconds * 1000))

    def _draw(self, name: str) -> None:
        self._pictures += 1
        path = self._out / f"{self._pictures:02}-{name}.png"
        self.window.grab().save(str(path))
        sys.stderr.write(f"gate-station: {path}\n")
