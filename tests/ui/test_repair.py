"""A damaged journal in the window: how much can be read is said, one action saves it, the old file stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.journal.outbox import Journal
from app.journal.records import Query
from app.journal.salvage import survey
from app.paths import paths
from app.seams import allow_here
from app.settings import Settings
from app.training.station import TrainingStation
from tests.peers.homes import put_away
from tests.peers.pages import dressed, press
from tests.peers.submissions import submission
from ui.main_window import MainWindow
from ui.start import build
from ui.theme import Tone

COUNT, PAGE = 120, 4096


@pytest.fixture
def training(tmp_path: Path) -> Iterator[TrainingStation]:
    with TrainingStation(paths(tmp_path)) as made:
        journal = Journal.open(made.paths.journal)
        journal.add_all(submission(f"s-{number}") for number in range(COUNT))
        journal.close()
        yield made


def opened(app: QApplication, training: TrainingStation) -> MainWindow:
    dressed(app)
    made = build(app, training.paths, Settings(), training.workstation)
    made.resize(1280, 800)
    made.show()
    return made


@pytest.fixture
def windows(qapp: QApplication) -> Iterator[list[MainWindow]]:
    made: list[MainWindow] = []
    yield made
    for window in made:
        put_away(window)


def test_what_can_be_read_is_said_and_saved_with_one_key(
    qtbot: QtBot, qapp: QApplication, training: TrainingStation, windows: list[MainWindow]
) -> None:
    path = training.paths.journal
    whole = path.read_bytes()
    # Of the pages that hold this submission's fields one is the table's, the other its index.
    for at in (found.start() // PAGE * PAGE for found in re.finditer(b"s-60", whole)):
        path.write_bytes(whole[:at] + b"\xa5" * PAGE + whole[at + PAGE :])
        if survey(path).readable < COUNT:
            break
    seen = survey(path)
    assert 0 < seen.readable < seen.found == COUNT
    window = opened(qapp, training)
    windows.append(window)
    notice = window.bench.notice
    asked = f"The journal is damaged. {seen.readable} of {COUNT} submissions can be read."
    qtbot.waitUntil(lambda: notice.summary() == asked, timeout=20_000)
    assert notice.tone is Tone.BAD
    assert not list(path.parent.glob("*.damaged-*")), "nothing is done before it is asked for"
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    press(Qt.Key.Key_Return)
    told = f"{seen.readable} of {COUNT} submissions were saved; {seen.unfinished} are yet to be sent."
    qtbot.waitUntil(lambda: notice.summary() == told, timeout=20_000)
    tone: Tone = notice.tone
    assert tone is Tone.WARN
    (kept,) = path.parent.glob("journal.db.damaged-*Z")
    assert kept.name in notice.accessibleName()
    station = window.bridge.made
    assert station is not None
    qtbot.waitUntil(lambda: window.known, timeout=20_000)
    allow_here()
    journal = Journal.open(path)
    try:
        assert len(journal.ids(Query())) == seen.readable
    finally:
        journal.close()


def test_a_file_of_which_nothing_can_be_read_is_left_as_it_is(
    qtbot: QtBot, qapp: QApplication, training: TrainingStation, windows: list[MainWindow]
) -> None:
    path = training.paths.journal
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(PAGE)
        file.write(b"\xa5" * (size - PAGE))
    before = path.read_bytes()
    window = opened(qapp, training)
    windows.append(window)
    qtbot.waitUntil(lambda: "No submission can be read" in window.bench.notice.summary(), timeout=20_000)
    assert path.read_bytes() == before
