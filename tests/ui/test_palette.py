"""Ctrl+K and F1: every command by typing, and help on every page."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.peers.pages import press, spoken_name
from ui.attention.attention import Attention
from ui.commands import commands
from ui.help.texts import PAGES
from ui.journal.page import JournalPage
from ui.main_window import MainWindow
from ui.palette.commands import Command, fitting


def opened(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.palette_box.isVisible()


def typed(text: str) -> None:
    holder = QApplication.focusWidget()
    assert holder is not None
    QTest.keyClicks(holder, text)


def test_each_word_has_to_fit_and_accents_and_capitals_do_not_matter() -> None:
    made = [
        Command(label, "x", lambda: None, words=words) for label, words in (("Reemplazo de SIM", ""), ("Más", "plan"))
    ]
    assert [each.label for each in fitting(made, "sim reempl")] == ["Reemplazo de SIM"]
    assert [each.label for each in fitting(made, "MAS")] == ["Más"]
    assert [each.label for each in fitting(made, "plan")] == ["Más"]
    assert fitting(made, "nada") == []
    assert fitting(made, " ") == made


def test_a_job_is_chosen_by_typing_a_part_of_it(window: MainWindow) -> None:
    opened(window)
    typed("plan ch")
    press(Qt.Key.Key_Return)
    assert window.bench.workflow.name == "plan-change"
    assert window.palette_box.isHidden()


def test_each_page_is_found_by_its_name_or_its_key(window: MainWindow) -> None:
    for text, page in (
        ("F7", "batch"),
        ("log", "log"),
        ("doctor", "doctor"),
        ("settings", "settings"),
        ("erase", "erase"),
        ("bundle", "bundle"),
        ("bench", "bench"),
        ("batch", "batch"),
        ("F9", "log"),
    ):
        opened(window)
        typed(text)
        press(Qt.Key.Key_Return)
        assert window.page == page


def differs(attention: Attention, was: bool) -> bool:
    return attention.sound is not was


def test_the_sound_is_switched_by_its_key_and_the_other_way_is_offered_then(qtbot: QtBot, window: MainWindow) -> None:
    for text, label in (("F8", "Sound off"), ("sound", "Sound on")):
        was = window.attention.sound
        opened(window)
        typed(text)
        assert window.palette_box.shown()[0].label == label
        press(Qt.Key.Key_Return)
        qtbot.waitUntil(partial(differs, window.attention, was))


def test_the_arrow_keys_choose_and_escape_goes_back_to_the_field(window: MainWindow) -> None:
    window.bench.form.focus_field("username")
    before = QApplication.focusWidget()
    opened(window)
    press(Qt.Key.Key_Down)
    assert window.palette_box.list.currentRow() == 1
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_Up)
    assert window.palette_box.list.currentRow() == window.palette_box.list.count() - 1
    press(Qt.Key.Key_Escape)
    assert window.palette_box.isHidden()
    assert QApplication.focusWidget() is before
    assert window.page == "bench"


def test_what_is_no_command_is_looked_for_in_the_log(qtbot: QtBot, window: MainWindow) -> None:
    opened(window)
    typed("3809")
    press(Qt.Key.Key_Return)
    assert window.page == "log"
    (log,) = window.findChildren(JournalPage)
    assert log.bar.search.text() == "3809"


def test_nothing_is_offered_that_cannot_be_done(window: MainWindow) -> None:
    labels = [command.label for command in commands(window)]
    assert not any("operators" in label for label in labels)
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("page", PAGES)
def test_f1_says_what_a_page_is_for_and_goes_away_again(window: MainWindow, page: str) -> None:
    window.show_page(page)
    QTest.keyClick(window, Qt.Key.Key_F1)
    assert window.help.isVisible()
    assert PAGES[page].title in spoken_name(window.help)
    window.show_page("bench")
    assert window.help.page == "bench"
    QTest.keyClick(window, Qt.Key.Key_F1)
    assert window.help.isHidden()
