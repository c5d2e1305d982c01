"""The canaries in the window: plugged in, typed, sent through faults, shown, saved, erased, and through crashes."""

from __future__ import annotations

import logging
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.crashes import recorded
from app.identifiers.identity import SimState
from app.journal.records import Query
from app.logs import LEVELS
from app.paths import paths
from app.settings import Settings
from app.training.gate_faults import Fault
from app.training.station import TrainingStation
from app.work.events import CardState
from tests.journeys.test_canary import CANARIES, SECRETS, context, device, judge
from tests.peers.canary import Search
from tests.peers.homes import put_away
from tests.peers.pages import dressed
from ui.background import run
from ui.doctor.bundle import BundlePage
from ui.erasing.page import ErasePage
from ui.journal.page import JournalPage
from ui.main_window import MainWindow
from ui.start import build, tell_faults

FAULTS = (Fault.LOST_ANSWER, Fault.SERVER_ERROR, Fault.PORTAL, Fault.CUT, Fault.TRUNCATED, Fault.REFUSED)
LOCKED = "canary-locked"


@pytest.fixture
def training(tmp_path: Path) -> Iterator[TrainingStation]:
    with TrainingStation(paths(tmp_path / "program")) as made:
        yield made


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, training: TrainingStation) -> Iterator[MainWindow]:
    dressed(qapp)
    made = build(qapp, training.paths, Settings(), training.workstation)
    tell_faults(made.bridge)
    made.resize(1280, 800)
    made.show()
    qtbot.waitUntil(lambda: made.known)
    yield made
    put_away(made)


def aside(qtbot: QtBot, act: Callable[[], object]) -> None:
    thread = threading.Thread(target=act)
    thread.start()
    qtbot.waitUntil(lambda: not thread.is_alive(), timeout=10_000)


def register(qtbot: QtBot, window: MainWindow, training: TrainingStation, fault: Fault) -> None:
    """Send the device in hand with a password and a push key, through one fault."""
    window.bench.choose_nth(0)
    typed = {"device_type": "ph", "number": CANARIES["number"], "username": "ana", "push_key": CANARIES["push key"]}
    for key, text in (typed | {"password": CANARIES["password"]}).items():
        window.bench.form.edited.emit(key, text)
    training.gate.fail_next(fault)
    before = len(window.snapshot.entries)
    window.bench.send()
    qtbot.waitUntil(lambda: len(window.snapshot.entries) > before, timeout=20_000)
    station = window.bridge.made
    assert station is not None
    qtbot.waitUntil(lambda: window.snapshot.waiting == 0, timeout=30_000)


def shown(qtbot: QtBot, window: MainWindow, out: Path) -> None:
    """Every page, with what it can save."""
    window.show_page("log")
    (log,) = window.findChildren(JournalPage)
    log.show_entry(window.snapshot.entries[0].id)
    log.detail.reveal()
    log.bar.search.setText(CANARIES["imei"])
    window.show_page("erase")
    (erase,) = window.findChildren(ErasePage)
    erase.line.setText(CANARIES["imei"])
    erase.look_for()
    qtbot.waitUntil(erase.erase.isVisible, timeout=10_000)
    window.show_page("settings")
    window.show_page("bundle")
    (bundle,) = window.findChildren(BundlePage)
    qtbot.waitUntil(bundle.save.isEnabled, timeout=30_000)
    bundle.write(out / "bundle.zip")
    # What it ends with is written last.
    qtbot.waitUntil(lambda: zipfile.is_zipfile(out / "bundle.zip"))
    window.show_page("bench")


def fail_everywhere(qtbot: QtBot, window: MainWindow) -> None:
    """Faults of the program that carry the canaries in their words: in the window, on a thread, in the background."""
    words = " ".join(CANARIES.values())

    def fault() -> None:
        raise ValueError(words)

    failed: list[object] = []
    window.bridge.loop_failed.connect(failed.append)
    QTimer.singleShot(0, fault)
    qtbot.waitUntil(lambda: len(failed) == 1)
    aside(qtbot, fault)
    told: list[str] = []
    run(fault, lambda _: None, lambda trouble: told.append(str(trouble)), window)
    qtbot.waitUntil(lambda: bool(told))
    assert "ValueError" in told[0]
    logging.getLogger("app").error("a body: %s", {"password": CANARIES["password"]})
    logging.getLogger("stranger").error(words)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_the_window(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    canaries = CANARIES | {"token": training.gate.token.reveal()}
    search, out = Search(canaries), tmp_path / "out"
    out.mkdir()
    plain = device()
    assert plain.sim is not None
    locked = replace(plain, name=LOCKED, sim=replace(plain.sim, state=SimState.PIN_REQUIRED))
    with recorded(training.paths, LEVELS["debug"], lambda _: None):
        tell_faults(window.bridge)
        aside(qtbot, lambda: training.hub.plug(plain))
        views = window.bench.devices.views
        qtbot.waitUntil(lambda: bool(views()) and views()[0].card.state is CardState.READY, timeout=20_000)
        for fault in FAULTS:
            register(qtbot, window, training, fault)
        aside(qtbot, lambda: training.hub.plug(locked))
        qtbot.waitUntil(lambda: views()[-1].card.state is CardState.NEEDS_YOU, timeout=20_000)
        station, key = window.bridge.made, views()[0].card.key
        assert station is not None
        aside(qtbot, lambda: station.save_trace(key, out / "trace.txt"))
        shown(qtbot, window, out)
        fail_everywhere(qtbot, window)
        states: list[str] = []
        aside(qtbot, lambda: states.extend(entry.state.value for entry in station.journal.page(Query(), 50)))
        window.close()
    assert states.count("accepted") >= 1
    sent = b"".join(request.body for request in training.gate.requests)
    assert search.data(sent) >= set(CANARIES) - {"token", "password"}, "they did go through"
    told = capfd.readouterr()
    printed = (told.out + told.err).encode()
    assert search.data(printed) == set(), context(search, printed)
    assert judge(search.files([tmp_path / "program"]), training.paths.data) == {}
    assert search.files([out]) == {}
    log = training.paths.log_file.read_text()
    assert log.count("ValueError") >= 3
    assert not any(CANARIES[name] in log for name in SECRETS)
