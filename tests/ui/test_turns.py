"""Many devices at once leave the window its turns: a few cards in each, and only what changed is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from app.assembly import Workstation
from app.errors import WorkstationError
from app.settings import Settings
from app.work.events import CardState, DeviceChanged, Publish
from tests.peers.pages import dressed
from ui import bridge as bridges
from ui.bench.page import BenchPage
from ui.bridge import Bridge
from ui.sample_devices import crowd
from ui.screens import settle

CROWD = [replace(card, state=CardState.READING, identity=None, sentence="", remedy="") for card in crowd(32)]


@pytest.fixture
def bench(qapp: QApplication, qtbot: QtBot) -> Iterator[BenchPage]:
    dressed(qapp)
    made = BenchPage(Settings())
    made.resize(1280, 800)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.close()
    made.deleteLater()


class Seen(QObject):
    """Which of the widgets it watches were drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn: set[QObject] = set()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.drawn.add(watched)
        return False


def test_the_window_gets_its_turn_between_cards(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    # Each card takes longer than a turn: no two may come in one.
    monkeypatch.setattr(bridges, "TURN_S", 0.0)
    bridge, told, between = Bridge(_no_station), list[str](), list[int]()
    bridge.device_changed.connect(lambda card: told.append(card.key))
    turns = QTimer()
    turns.timeout.connect(lambda: between.append(len(told)))
    turns.start(0)
    for card in CROWD:
        bridge.publish(DeviceChanged(card))
    qtbot.waitUntil(lambda: len(told) == len(CROWD))
    turns.stop()
    assert told == [card.key for card in CROWD]
    steps = [later - before for before, later in pairwise(between)]
    assert max(steps) == 1


def test_a_card_is_made_of_what_it_shows(bench: BenchPage) -> None:
    for card in CROWD:
        bench.show_device(card)
    for view in bench.devices.views():
        # Its place, name, state, identifiers, network, progress and what is told.
        assert len(view.findChildren(QWidget)) <= len(("slot", "port", "chip", "label", "ids", "net", "told", "bar"))


def test_news_of_one_device_draws_no_other_card(qtbot: QtBot, bench: BenchPage) -> None:
    for card in CROWD:
        bench.show_device(card)
    seen, views = Seen(), bench.devices.views()
    for view in views:
        view.installEventFilter(seen)
    qtbot.waitUntil(lambda: views[1] in seen.drawn)
    # What is still to be laid out and drawn of their coming.
    settle()
    seen.drawn.clear()
    bench.show_device(replace(CROWD[1], label="Another name"))
    qtbot.waitUntil(lambda: views[1] in seen.drawn)
    assert seen.drawn == {views[1]}


def _no_station(_: Publish) -> Workstation:
    raise WorkstationError("The journal cannot be opened.", remedy="Check the disk.")
