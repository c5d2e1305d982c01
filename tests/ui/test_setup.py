"""The first start through the real window, by keyboard: asked once, each step can be left, nothing is lost."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.credentials.recovery_code import last_group
from app.settings import ROWS
from app.training.gate import TrainingGate
from app.work.first_run import Step
from resources import languages
from tests.peers.homes import WAIT_MS, Home, asked, at
from tests.peers.pages import focusable, press, spoken_name
from ui.front import Front
from ui.keeping.panels import CodePanel
from ui.language.catalog import load
from ui.setup.steps import SettingsStep


def focused() -> str:
    """What a screen reader calls what has the focus."""
    holder = QApplication.focusWidget()
    return spoken_name(holder) if holder is not None else ""


def tab_to(name: str) -> None:
    """Go by Tab alone to what a screen reader calls so."""
    for _ in range(40):
        if focused() == name:
            return
        press(Qt.Key.Key_Tab)
    raise AssertionError(f"Tab never came to {name}")


def go_on(name: str = "Go on") -> None:
    tab_to(name)
    press(Qt.Key.Key_Return)


def typed(text: str) -> None:
    holder = QApplication.focusWidget()
    assert isinstance(holder, QLineEdit)
    holder.selectAll()
    QTest.keyClicks(holder, text)


def test_a_station_is_set_up_by_keyboard_and_not_asked_again(qtbot: QtBot, home: Home, gate: TrainingGate) -> None:
    with home.window(qtbot) as window:
        page = asked(qtbot, window)
        go_on()
        at(qtbot, page, Step.GATE)
        typed(gate.base_url)
        press(Qt.Key.Key_Return)
        at(qtbot, page, Step.TOKEN)
        typed(gate.token.reveal())
        press(Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: focused() == "Yes, keep it", timeout=WAIT_MS)
        press(Qt.Key.Key_Return)
        qtbot.waitUntil(page.next.hasFocus, timeout=WAIT_MS)
        press(Qt.Key.Key_Return)
        at(qtbot, page, Step.CONSENT)
        press(Qt.Key.Key_Down)
        go_on("Save and go on")
        at(qtbot, page, Step.PEOPLE)
        tab_to("Add an operator")
        press(Qt.Key.Key_Return)
        typed("Ana Perez")
        press(Qt.Key.Key_Tab)
        typed("2580")
        press(Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: window.rail.who.text() == "Ana P.", timeout=WAIT_MS)
        go_on()
        at(qtbot, page, Step.DOCTOR)
        go_on()
        at(qtbot, page, Step.TRAINING)
        go_on("Begin to work")
        qtbot.waitUntil(window.bench.isVisible, timeout=WAIT_MS)
        assert window.bar.link.headline.word == "Nothing waiting"
    assert home.kept == {"gate.base_url": gate.base_url, "consent": "per-shift"}
    with home.window(qtbot) as again:
        assert again.setup is None


@pytest.mark.parametrize("language", languages()[1:])
def test_another_language_is_spoken_from_the_next_step_on(qtbot: QtBot, home: Home, language: str) -> None:
    with home.window(qtbot) as window:
        page = asked(qtbot, window)
        for _ in range(ROWS["language"].choices.index(language)):
            press(Qt.Key.Key_Down)
        go_on("Save and go on")
        (front,) = window.bridge.findChildren(Front)
        qtbot.waitUntil(lambda: front.window is not window, timeout=WAIT_MS)
        page = asked(qtbot, front.window)
        assert page.step is Step.GATE
        catalog = load(language)
        assert page.back.text() == catalog.text("Back")
        assert home.kept == {"language": language}


def test_a_wrong_address_is_told_at_its_line_and_nothing_is_saved(qtbot: QtBot, home: Home) -> None:
    with home.window(qtbot) as window:
        page = asked(qtbot, window)
        go_on()
        at(qtbot, page, Step.GATE)
        typed("http://gate.example.com")
        go_on("Save and go on")
        assert page.step is Step.GATE
        card = page.card
        assert isinstance(card, SettingsStep)
        line = card.rows["gate.base_url"].input.focus
        assert line.hasFocus()
        assert "starts with https://" in line.accessibleDescription()
        assert not home.where.settings.exists()
        # What is left for later stays as it was.
        go_on("Leave this for later")
        at(qtbot, page, Step.TOKEN)
        press(Qt.Key.Key_Backtab)
        go_on("Back")
        assert card.changes == {}


def test_it_can_be_put_off_and_taken_up_from_the_palette(qtbot: QtBot, home: Home) -> None:
    with home.window(qtbot) as window:
        page = asked(qtbot, window)
        go_on("Set the station up later")
        qtbot.waitUntil(window.bench.isVisible, timeout=WAIT_MS)
        assert home.kept == {}
        QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        holder = QApplication.focusWidget()
        assert holder is not None
        QTest.keyClicks(holder, "set up this")
        press(Qt.Key.Key_Return)
        assert page.isVisible()


@pytest.mark.parametrize("leave", [Qt.Key.Key_Escape, Qt.Key.Key_F9])
def test_it_is_not_asked_again_whichever_way_it_was_left(qtbot: QtBot, home: Home, leave: Qt.Key) -> None:
    with home.window(qtbot) as window:
        page = asked(qtbot, window)
        press(leave)
        qtbot.waitUntil(page.isHidden, timeout=WAIT_MS)
        qtbot.waitUntil(home.where.settings.exists, timeout=WAIT_MS)
    with home.window(qtbot) as again:
        assert again.setup is None


def test_it_is_taken_up_from_the_settings(qtbot: QtBot, home: Home) -> None:
    with home.window(qtbot) as window:
        page = asked(qtbot, window)
        press(Qt.Key.Key_Escape)
        window.show_page("settings")
        go_on("Set up this station step by step")
        assert page.isVisible()


def test_the_last_step_starts_the_training_of_this_home(
    qtbot: QtBot, home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # As packaged: the interpreter is the program itself, and starts without `-m`.
    started = tmp_path / "started"
    program = tmp_path / "gate-station"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >{started}.part && mv {started}.part {started}\n')
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with home.window(qtbot) as window:
        page = asked(qtbot, window)
        page.show_step(Step.TRAINING)
        go_on("Start the training")
        qtbot.waitUntil(started.exists, timeout=WAIT_MS)
        assert started.read_text().splitlines() == ["--home", str(home.where.config), "training"]
        assert page.isVisible()
        program.unlink()
        press(Qt.Key.Key_Return)
        assert "could not be started" in page.notice.summary()


def test_the_recovery_code_is_shown_first(qtbot: QtBot, tmp_path: Path) -> None:
    with Home(tmp_path / "home", keyring=True).window(qtbot) as window:
        qtbot.waitUntil(lambda: isinstance(window.keeper.panel, CodePanel), timeout=WAIT_MS)
        panel = window.keeper.panel
        assert isinstance(panel, CodePanel)
        qtbot.waitUntil(lambda: window.page == "setup", timeout=WAIT_MS)
        assert panel.isVisible()
        panel.line.setText(last_group(panel.code).reveal())
        panel.action.click()
        assert asked(qtbot, window).step is Step.LANGUAGE


def test_everything_has_a_name_in_each_step(qtbot: QtBot, home: Home) -> None:
    with home.window(qtbot) as window:
        page = asked(qtbot, window)
        for step in page.steps:
            page.show_step(step)
            assert [type(widget) for widget in focusable(page) if not spoken_name(widget)] == []
