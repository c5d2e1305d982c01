"""The three signals: which event is worth one, that a burst is one, and that what was told is not told again."""

from __future__ import annotations

import os
import sys
import threading
import wave
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

import resources
from app.journal.records import Entry
from app.provisioning.fields import Kind
from app.provisioning.submission import State
from app.training.devices.personalities import ALL
from app.training.station import TrainingStation
from app.work.events import CardState, DeviceCard
from resources.make_sounds import TONES, make
from tests.peers.pages import dressed
from ui.attention.attention import Attention
from ui.attention.flash import Flash
from ui.attention.player import Player
from ui.attention.signals import Ear, Signal, worst
from ui.main_window import MainWindow
from ui.snapshot import Snapshot
from ui.theme import Tone

NOW = datetime(2026, 11, 25, tzinfo=UTC)


def card(state: CardState, key: str = "a") -> DeviceCard:
    return DeviceCard(key, "EC25", "/dev/ttyUSB2", state)


def entry(id: str, state: State) -> Entry:
    return Entry(
        1, id, Kind.REGISTER, "register-device", state, False, NOW, NOW, "", "", {}, {}, (), {}, None, None, None, "",
        "", None, {}, (), (), None, (),
    )  # fmt: skip


def snapshot(**states: State) -> Snapshot:
    return Snapshot(tuple(entry(id, state) for id, state in states.items()))


def test_each_state_of_a_card_is_told_once() -> None:
    ear = Ear()
    states = [CardState.READING, CardState.READY, CardState.READY, CardState.NEEDS_YOU, CardState.READY]
    heard = [ear.card(card(state)) for state in states]
    assert heard == [None, Signal.READY, None, Signal.NEEDS_YOU, Signal.READY]
    ear.gone("a")
    assert ear.card(card(CardState.READY)) is Signal.READY


def test_only_what_happens_from_now_on_is_told_of_the_journal() -> None:
    ear = Ear()
    assert ear.snapshot(snapshot(a=State.ACCEPTED, b=State.WAITING)) is None
    assert ear.snapshot(snapshot(a=State.ACCEPTED, b=State.WAITING, c=State.QUEUED)) is None
    assert ear.snapshot(snapshot(a=State.ACCEPTED, b=State.ACCEPTED, c=State.QUEUED)) is Signal.ACCEPTED
    assert ear.snapshot(snapshot(a=State.ACCEPTED, b=State.ACCEPTED, c=State.HELD)) is Signal.NEEDS_YOU
    assert ear.snapshot(snapshot(a=State.ACCEPTED, b=State.ACCEPTED, c=State.HELD, d=State.ACCEPTED)) is Signal.ACCEPTED


def test_one_that_is_new_and_has_not_ended_is_no_news() -> None:
    ear = Ear()
    ear.snapshot(snapshot())
    assert ear.snapshot(snapshot(n=State.HELD)) is None


def test_a_failure_among_successes_is_what_is_heard() -> None:
    assert worst({Signal.ACCEPTED, Signal.NEEDS_YOU, Signal.READY}) is Signal.NEEDS_YOU
    assert worst(set()) is None
    ear = Ear()
    ear.snapshot(snapshot())
    assert ear.snapshot(snapshot(a=State.ACCEPTED, b=State.REJECTED)) is Signal.NEEDS_YOU


@pytest.fixture
def front(qapp: QApplication, qtbot: QtBot) -> QWidget:
    """A window before all others."""
    dressed(qapp)
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_a_burst_is_one_signal_and_off_is_silent_but_seen(qtbot: QtBot, front: QWidget) -> None:
    played: list[str] = []
    attention = Attention(front, lambda file: played.append(file.name))
    for number in range(32):
        attention.device_changed(card(CardState.READY, f"d{number}"))
    qtbot.waitUntil(lambda: attention.last is Signal.READY)
    assert played == ["ready.wav"]
    assert attention.flash.isVisible()
    attention.sound = False
    attention.device_changed(card(CardState.FAILED, "d1"))
    qtbot.waitUntil(lambda: attention.last is Signal.NEEDS_YOU)
    assert played == ["ready.wav"]
    assert attention.flash.tone is Signal.NEEDS_YOU.tone
    qtbot.waitUntil(attention.flash.isHidden)


def test_asleep_it_takes_nothing_in_and_awake_an_alarm_is_heard(qtbot: QtBot, front: QWidget) -> None:
    played: list[str] = []
    attention = Attention(front, lambda file: played.append(file.name))
    attention.awake = False
    attention.alarm()
    attention.awake = True
    attention.device_changed(card(CardState.READY))
    qtbot.waitUntil(lambda: attention.last is not None)
    attention.alarm()
    qtbot.waitUntil(lambda: attention.last is Signal.NEEDS_YOU)
    assert played == ["ready.wav", "needs-you.wav"]


@pytest.mark.parametrize(
    ("state", "behind", "told"), [(CardState.FAILED, True, 1), (CardState.FAILED, False, 0), (CardState.READY, True, 0)]
)
def test_the_system_tells_it_only_where_the_window_is_not_in_front(  # noqa: PLR0917 - fixtures are handed in so
    qtbot: QtBot, front: QWidget, monkeypatch: pytest.MonkeyPatch, state: CardState, behind: bool, told: int
) -> None:
    alerts: list[QWidget] = []
    monkeypatch.setattr(QApplication, "alert", staticmethod(lambda window, _: alerts.append(window)))
    other = QWidget()
    qtbot.addWidget(other)
    if behind:
        other.show()
        other.activateWindow()
        qtbot.waitUntil(lambda: not front.isActiveWindow())
    attention = Attention(front, lambda _: None)
    attention.device_changed(card(state))
    qtbot.waitUntil(lambda: attention.last is not None)
    assert alerts == [front] * told


def test_the_flash_lies_over_the_whole_window_and_lets_clicks_through(qtbot: QtBot, front: QWidget) -> None:
    button = QPushButton("Send", front)
    button.show()
    flash = Flash(front)
    flash.show_tone(Tone.WARN, 60_000)
    assert flash.geometry() == front.rect()
    assert front.childAt(button.geometry().center()) is button
    front.resize(500, 350)
    qtbot.waitUntil(lambda: flash.width() == 500)
    assert flash.geometry() == front.rect()
    # What lies within its frame is not drawn again for it.
    assert flash.mask().contains(flash.rect().bottomRight())
    assert not flash.mask().contains(flash.rect().center())


def has(file: Path, words: list[str]) -> bool:
    return file.read_text().split() == words


@pytest.mark.skipif(sys.platform == "win32", reason="the system plays by itself")
def test_while_one_sounds_another_is_left_out(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    heard, silence = tmp_path / "heard", tmp_path / "silence"
    heard.touch()
    os.mkfifo(silence)
    script = tmp_path / "pw-play"
    script.write_text(f'#!/bin/sh\necho "$1" >>"{heard}"\nread _ <"{silence}"\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    player = Player()
    for expected in (["first"], ["first", "third"]):
        player.play(Path(expected[-1]))
        player.play(Path("second"))
        qtbot.waitUntil(partial(has, heard, expected))
        silence.write_text("")
        for thread in threading.enumerate():
            if thread.name == "sound":
                thread.join(10)


def test_the_tones_differ_in_rhythm_and_are_what_the_script_makes(tmp_path: Path) -> None:
    make(tmp_path)
    lengths = set()
    for signal in Signal:
        shipped = resources.path(f"sounds/{signal.sound}.wav").read_bytes()
        assert shipped == (tmp_path / f"{signal.sound}.wav").read_bytes()
        with wave.open(str(tmp_path / f"{signal.sound}.wav")) as file:
            lengths.add(file.getnframes())
    assert len(lengths) == len(Signal)
    assert len({sum(1 for hertz, _ in parts if hertz) for parts in TONES.values()}) == len(TONES)


def test_a_plugged_device_is_heard_and_one_key_makes_it_quiet(
    qtbot: QtBot, window: MainWindow, training: TrainingStation
) -> None:
    hand = threading.Thread(target=training.hub.plug, args=(ALL[0],))
    hand.start()
    qtbot.waitUntil(lambda: window.attention.last is Signal.READY, timeout=15_000)
    QTest.keyClick(window, Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: not window.attention.sound)
    hand.join()
    assert window.station is not None
    assert window.station.settings.text("sounds") == "off"
    QTest.keyClick(window, Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: window.attention.sound)


def test_the_day_that_was_read_first_is_silent_also_for_cards_that_stay(qtbot: QtBot, window: MainWindow) -> None:
    window.attention.journal_changed(window.snapshot)
    window.attention.journal_changed(replace(window.snapshot))
    assert window.attention.last is None


@pytest.mark.parametrize(
    "state", [CardState.ASK, CardState.PARTLY, CardState.NEEDS_YOU, CardState.FAILED, CardState.NO_PORT]
)
def test_what_needs_somebody_is_told(state: CardState) -> None:
    assert Ear().card(card(state)) is Signal.NEEDS_YOU


@pytest.mark.parametrize("state", [CardState.STARTING, CardState.READING, CardState.LEFT_ALONE])
def test_what_needs_nobody_is_silent(state: CardState) -> None:
    assert Ear().card(card(state)) is None
