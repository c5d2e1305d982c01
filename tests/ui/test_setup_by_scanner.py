"""The first start by scanner alone: what is asked is scanned into its line, ANSWER chooses, NEXT goes on."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.operators.people import Role
from app.training.gate import TrainingGate
from app.work.first_run import Step
from tests.peers.bench import accepted, order
from tests.peers.hands import Hands
from tests.peers.homes import WAIT_MS, Home, asked, at
from ui.front import Front
from ui.keeping.panels import CodePanel
from ui.main_window import MainWindow
from ui.operators.card import OperatorsCard
from ui.settings.token import TokenCard
from ui.setup.steps import SettingsStep

IMEI, PIN = "490154203237518", "2580"


def hands_at(window: MainWindow) -> Hands:
    return Hands(window, window.scans.scanner)


def test_a_station_is_set_up_and_the_first_device_registered(qtbot: QtBot, home: Home, gate: TrainingGate) -> None:
    with home.window(qtbot) as window:
        hands = hands_at(window)
        page = asked(qtbot, window)
        order(hands, "next")
        at(qtbot, page, Step.GATE)
        hands.scan(gate.base_url)
        at(qtbot, page, Step.TOKEN)
        hands.scan(gate.token.reveal())
        token = page.card
        assert isinstance(token, TokenCard)
        qtbot.waitUntil(lambda: "Is this yours?" in token._answer.text(), timeout=WAIT_MS)
        order(hands, "first")
        qtbot.waitUntil(page.next.hasFocus, timeout=WAIT_MS)
        order(hands, "next")
        at(qtbot, page, Step.CONSENT)
        order(hands, "second")
        order(hands, "submit")
        at(qtbot, page, Step.PEOPLE)
        order(hands, "first")
        hands.scan("Ana Perez")
        people = page.card
        assert isinstance(people, OperatorsCard)
        assert people.editor.pin.hasFocus()
        hands.scan(PIN)
        qtbot.waitUntil(lambda: window.rail.who.text() == "Ana P.", timeout=WAIT_MS)
        # Read anew after the name is said.
        qtbot.waitUntil(lambda: [who.role for who in window.door.people] == [Role.SUPERVISOR])
        order(hands, "next")
        at(qtbot, page, Step.DOCTOR)
        order(hands, "next")
        at(qtbot, page, Step.TRAINING)
        order(hands, "next")
        qtbot.waitUntil(window.bench.isVisible, timeout=WAIT_MS)
        # The shift has to be confirmed before anything is read, and that has a barcode too.
        qtbot.waitUntil(window.bench.shift.isVisible, timeout=WAIT_MS)
        order(hands, "log")
        order(hands, "agree")
        assert window.log is not None
        assert window.log.isVisible(), "what is agreed to has to be in sight"
        order(hands, "cancel")
        order(hands, "agree")
        qtbot.waitUntil(window.bench.shift.isHidden, timeout=WAIT_MS)
        hands.scan(IMEI)
        order(hands, "submit")
        accepted(qtbot, window, 1)
        assert hands.presses == 0
    assert [record["imei"] for record in gate.records] == [IMEI]
    assert home.kept == {"gate.base_url": gate.base_url, "consent": "per-shift"}


def test_a_wrong_address_is_told_and_the_right_one_takes_its_place(
    qtbot: QtBot, home: Home, gate: TrainingGate
) -> None:
    with home.window(qtbot) as window:
        hands = hands_at(window)
        page = asked(qtbot, window)
        order(hands, "next")
        at(qtbot, page, Step.GATE)
        hands.scan("http://gate.example.com")
        card = page.card
        assert isinstance(card, SettingsStep)
        assert "starts with https://" in card.rows["gate.base_url"].input.focus.accessibleDescription()
        order(hands, "back")
        at(qtbot, page, Step.LANGUAGE)
        order(hands, "next")
        at(qtbot, page, Step.GATE)
        hands.scan(gate.base_url)
        at(qtbot, page, Step.TOKEN)
    assert home.kept == {"gate.base_url": gate.base_url}


def test_another_language_is_chosen_by_an_answer(qtbot: QtBot, home: Home) -> None:
    with home.window(qtbot) as window:
        hands = hands_at(window)
        asked(qtbot, window)
        order(hands, "third")
        order(hands, "next")
        (front,) = window.bridge.findChildren(Front)
        qtbot.waitUntil(lambda: front.window is not window, timeout=WAIT_MS)
        page = asked(qtbot, front.window)
        assert (page.step, page.next.text()) == (Step.GATE, "Continuar")
        hands = hands_at(front.window)
        order(hands, "next")
        at(qtbot, page, Step.TOKEN)
        # What Escape does: the rest is left for later.
        order(hands, "cancel")
        qtbot.waitUntil(front.window.bench.isVisible, timeout=WAIT_MS)
    assert home.kept == {"language": "es"}


def test_the_training_is_started_by_an_answer(
    qtbot: QtBot, home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # As packaged, and the program has gone: that it was asked for is told.
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with home.window(qtbot) as window:
        page = asked(qtbot, window)
        page.show_step(Step.TRAINING)
        order(hands_at(window), "first")
        assert "could not be started" in page.notice.summary()


def test_the_recovery_code_is_left_for_later(qtbot: QtBot, tmp_path: Path) -> None:
    with Home(tmp_path / "home", keyring=True).window(qtbot) as window:
        qtbot.waitUntil(lambda: isinstance(window.keeper.panel, CodePanel), timeout=WAIT_MS)
        qtbot.waitUntil(lambda: window.page == "setup", timeout=WAIT_MS)
        panel = window.keeper.panel
        assert panel is not None
        hands = hands_at(window)
        # Nothing was typed back: the button refuses, and so does the barcode.
        order(hands, "submit")
        assert panel.isVisible()
        order(hands, "next")
        assert asked(qtbot, window).step is Step.LANGUAGE
