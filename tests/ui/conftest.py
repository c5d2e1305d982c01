"""The real window over a training station, for the tests that drive it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.paths import paths
from app.settings import Settings
from app.training.gate import TrainingGate
from app.training.station import TrainingStation
from tests.peers.hands import Hands
from tests.peers.homes import Home, put_away
from tests.peers.pages import dressed
from ui.main_window import MainWindow
from ui.start import build


@pytest.fixture
def training(tmp_path: Path) -> Iterator[TrainingStation]:
    with TrainingStation(paths(tmp_path)) as made:
        yield made


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, training: TrainingStation) -> Iterator[MainWindow]:
    dressed(qapp)
    made = build(qapp, training.paths, Settings(), training.workstation)
    made.resize(1280, 800)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    qtbot.waitUntil(lambda: made.known)
    yield made
    put_away(made)


@pytest.fixture
def hands(window: MainWindow) -> Hands:
    """A keyboard and a scanner at the window."""
    return Hands(window, window.scans.scanner)


@pytest.fixture
def gate() -> Iterator[TrainingGate]:
    """A gate beside no station: for one that is set up by hand."""
    with TrainingGate() as made:
        yield made


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home in which nothing was done yet."""
    return Home(tmp_path / "home")
