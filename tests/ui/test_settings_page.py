"""The settings page over a real station and the training gate: edits, saving, refusals, the token."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app import seams
from app.assembly import Workstation
from app.training.gate import TrainingGate
from tests.peers.pages import dressed, focusable, press, spoken_name, station
from ui.kit.text import Text
from ui.settings.page import SettingsPage
from ui.settings.token import TokenCard
from ui.theme import DARK, LIGHT, theme

Open = Callable[[Workstation], SettingsPage]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def gate() -> Iterator[TrainingGate]:
    with TrainingGate() as made:
        yield made


@pytest.fixture
def workstation(home: Path, gate: TrainingGate) -> Iterator[Workstation]:
    with station(home, (f"gate.base_url={gate.base_url}",)) as made:
        yield made


@pytest.fixture
def open_page(qapp: QApplication, qtbot: QtBot) -> Iterator[Open]:
    dressed(qapp)

    held: list[SettingsPage] = []

    def opened(workstation: Workstation) -> SettingsPage:
        seams.refuse_here()
        page = SettingsPage(workstation)
        qtbot.addWidget(page)
        held.append(page)
        page.resize(1196, 740)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        qtbot.waitUntil(lambda: bool(page.token._chip.word))
        return page

    yield opened
    seams.allow_here()
    theme().apply(LIGHT)


def edit(page: SettingsPage, key: str) -> QLineEdit:
    found = page._rows[key].input.focus
    assert isinstance(found, QLineEdit)
    return found


def said(card: TokenCard) -> str:
    return card._answer.text() if card._answer.isVisible() else ""


def kept(workstation: Workstation) -> dict[str, object]:
    path = workstation.paths.settings
    found: dict[str, object] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


# Rows


def test_the_button_says_how_much_it_saves(open_page: Open, workstation: Workstation) -> None:
    page = open_page(workstation)
    assert page._save.text() == "Nothing to save"
    edit(page, "operator").setText("Ana P.")
    assert page._save.text() == "Save 1 change"
    edit(page, "gate.timeout_s").setText("30")
    assert page._save.text() == "Save 2 changes"
    edit(page, "gate.timeout_s").setText("20")
    assert page._save.text() == "Save 1 change"


def test_a_row_says_that_it_is_not_saved_yet(open_page: Open, workstation: Workstation, qtbot: QtBot) -> None:
    page = open_page(workstation)
    line = edit(page, "gate.timeout_s")
    mark = "Changed, not saved yet"
    line.setText("30")
    assert line.accessibleDescription().startswith(mark)
    texts = page._rows["gate.timeout_s"].findChildren(Text)
    assert mark in [text.text() for text in texts if text.isVisible()]
    assert not edit(page, "operator").accessibleDescription().startswith(mark)
    line.setText("soon")
    assert not line.accessibleDescription().startswith(mark)
    line.setText("30")
    with qtbot.waitSignal(page.saved):
        QTest.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert not line.accessibleDescription().startswith(mark)


def test_saving_writes_and_applies_all_edits_at_once(open_page: Open, workstation: Workstation, qtbot: QtBot) -> None:
    page = open_page(workstation)
    edit(page, "operator").setText("Ana P.")
    page._rows["ports.extra"].input.write(("/dev/ttyX0", "socket://127.0.0.1:7000"))
    page._rows["appearance"].input.write("dark")
    with qtbot.waitSignal(page.saved):
        QTest.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert kept(workstation) == {
        "operator": "Ana P.",
        "ports.extra": ["/dev/ttyX0", "socket://127.0.0.1:7000"],
        "appearance": "dark",
    }
    assert workstation.settings.text("operator") == "Ana P."
    assert page._save.text() == "Nothing to save"


@pytest.mark.parametrize(
    ("key", "text", "rule"),
    [
        ("gate.extra_ca", "", ""),
        ("gate.timeout_s", "0", "Gate time-out lies between 0.1 and 300 s."),
        ("gate.timeout_s", "a while", "Gate time-out is a number."),
    ],
)
def test_a_wrong_value_is_said_at_its_row(
    key: str, text: str, rule: str, open_page: Open, workstation: Workstation
) -> None:
    page = open_page(workstation)
    edit(page, key).setText(text)
    assert page._rows[key]._problem.text() == rule
    assert (edit(page, key).property("problem") or "") == ("bad" if rule else "")


def test_a_folder_is_chosen_in_the_dialog_of_the_system(
    open_page: Open, workstation: Workstation, tmp_path: Path
) -> None:
    page = open_page(workstation)
    (choose,) = [button for button in page.findChildren(QPushButton) if button.text() == "Choose folder"]
    choose.click()
    (dialog,) = page.findChildren(QFileDialog)
    assert dialog.fileMode() is QFileDialog.FileMode.Directory
    dialog.fileSelected.emit(str(tmp_path))
    dialog.close()
    assert edit(page, "files.folder").text() == str(tmp_path)


def test_saving_with_a_problem_goes_to_its_row_and_keeps_everything(open_page: Open, workstation: Workstation) -> None:
    page = open_page(workstation)
    edit(page, "operator").setText("Ana P.")
    edit(page, "ports.poll_s").setText("99")
    page._save.click()
    assert edit(page, "ports.poll_s").hasFocus()
    assert kept(workstation) == {}
    assert edit(page, "operator").text() == "Ana P."


def test_a_disk_that_refuses_loses_no_edit(open_page: Open, workstation: Workstation, qtbot: QtBot, home: Path) -> None:
    page = open_page(workstation)
    edit(page, "operator").setText("Ana P.")
    shutil.rmtree(home)
    page._save.click()
    qtbot.waitUntil(page._notice.isVisible)
    assert page._save.text() == "Save 1 change"
    home.mkdir()
    with qtbot.waitSignal(page.saved):
        page._save.click()
    assert kept(workstation) == {"operator": "Ana P."}


def test_discarding_shows_what_is_in_force(open_page: Open, workstation: Workstation) -> None:
    page = open_page(workstation)
    edit(page, "operator").setText("Ana P.")
    page._discard.click()
    assert edit(page, "operator").text() == ""
    assert page._save.text() == "Nothing to save"


def test_what_this_run_fixes_cannot_be_edited_and_says_why(open_page: Open, workstation: Workstation) -> None:
    page = open_page(workstation)
    row = page._rows["gate.base_url"]
    assert not row.input.widget.isEnabled()
    assert row._lock.isVisible()
    assert not page._rows["operator"]._lock.isVisible()


def test_an_edit_outlives_a_visit_elsewhere(open_page: Open, workstation: Workstation) -> None:
    page = open_page(workstation)
    edit(page, "operator").setText("Ana P.")
    page.hide()
    page.show()
    assert edit(page, "operator").text() == "Ana P."


def test_the_theme_follows_the_appearance(open_page: Open, workstation: Workstation, qtbot: QtBot) -> None:
    page = open_page(workstation)
    theme().apply(DARK)
    page._rows["appearance"].input.write("light")
    with qtbot.waitSignal(page.saved):
        page.save()
    assert theme().scheme is LIGHT


# The token


def test_a_new_token_is_tested_kept_and_its_owner_named(
    open_page: Open, workstation: Workstation, gate: TrainingGate, qtbot: QtBot
) -> None:
    card = open_page(workstation).token
    assert card._chip.word == "No token"
    card._entry.setText(gate.token.reveal())
    QTest.keyClick(card._entry, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: said(card) == "This token belongs to “Training store”. Is this yours?")
    assert card._chip.word == "No token"
    with qtbot.waitSignal(card.changed):
        press(Qt.Key.Key_Return)
    assert said(card) == "The token is kept. What waits is sent with it."
    assert card._entry.text() == ""
    qtbot.waitUntil(lambda: card._chip.word == "This session only")


def test_the_token_is_nowhere_on_the_page_once_it_is_kept(
    open_page: Open, workstation: Workstation, gate: TrainingGate, qtbot: QtBot
) -> None:
    page = open_page(workstation)
    page.token._entry.setText(gate.token.reveal())
    assert gate.token.reveal() not in page.token._entry.displayText()
    page.token._save_button.click()
    qtbot.waitUntil(lambda: "Is this yours?" in said(page.token))
    with qtbot.waitSignal(page.token.changed):
        press(Qt.Key.Key_Return)
    words = [label.text() for label in page.findChildren(Text)] + [box.text() for box in page.findChildren(QLineEdit)]
    assert not any(gate.token.reveal() in text for text in words)


def test_a_token_the_gate_refuses_is_not_kept(open_page: Open, home: Path, gate: TrainingGate, qtbot: QtBot) -> None:
    with station(home, (f"gate.base_url={gate.base_url}",), gate.token) as workstation:
        card = open_page(workstation).token
        card._entry.setText("not-the-token")
        card._save_button.click()
        qtbot.waitUntil(lambda: "did not accept" in said(card) or "refused" in said(card).lower())
        assert card._entry.text() == "not-the-token"
        qtbot.waitUntil(card._test_button.isVisible)
        card._test_button.click()
        qtbot.waitUntil(lambda: said(card) == "This token belongs to “Training store”. The connection works.")


def test_a_token_is_kept_where_the_gate_cannot_be_asked(
    open_page: Open, workstation: Workstation, gate: TrainingGate, qtbot: QtBot
) -> None:
    gate.close_door()
    card = open_page(workstation).token
    card._entry.setText(gate.token.reveal())
    with qtbot.waitSignal(card.changed):
        card._save_button.click()
    assert said(card).startswith("The token is kept, but could not be tested.")
    qtbot.waitUntil(lambda: card._chip.word == "This session only")


def test_a_token_of_a_wrong_shape_is_said_and_stays_in_the_entry(
    open_page: Open, workstation: Workstation, gate: TrainingGate, qtbot: QtBot
) -> None:
    card = open_page(workstation).token
    card._save_button.click()
    assert "Paste one first" in said(card)
    card._entry.setText("Bearer abc")
    card._save_button.click()
    qtbot.waitUntil(lambda: "spaces" in said(card))
    assert card._entry.text() == "Bearer abc"
    assert gate.requests == []


def test_clearing_the_token_asks_in_place(open_page: Open, home: Path, gate: TrainingGate, qtbot: QtBot) -> None:
    with station(home, (f"gate.base_url={gate.base_url}",), gate.token) as workstation:
        card = open_page(workstation).token
        qtbot.waitUntil(card._clear_button.isVisible)
        card._clear_button.click()
        remove, keep = card._sure.findChildren(type(card._save_button))
        keep.click()
        assert not card._sure.isVisible()
        card._clear_button.click()
        with qtbot.waitSignal(card.changed):
            remove.click()
        qtbot.waitUntil(lambda: card._chip.word == "No token")


# Keys and names


def test_every_input_has_a_name_and_is_reached_by_tab(open_page: Open, workstation: Workstation) -> None:
    page = open_page(workstation)
    reachable = focusable(page)
    assert [widget for widget in reachable if not spoken_name(widget)] == []
    visited = set()
    page.token._entry.setFocus()
    for _ in range(2 * len(reachable)):
        visited.add(QApplication.focusWidget())
        press(Qt.Key.Key_Tab)
    assert [spoken_name(widget) for widget in set(reachable) - visited] == []


def test_the_rows_of_the_administrator_open_by_key(open_page: Open, workstation: Workstation) -> None:
    page = open_page(workstation)
    row = page._rows["gate.register_body"]
    assert not row.isVisible()
    unfold = next(widget for widget in focusable(page) if spoken_name(widget) == "Show Administrator")
    unfold.setFocus()
    QTest.keyClick(unfold, Qt.Key.Key_Return)
    assert row.isVisible()


def test_a_problem_is_told_to_a_screen_reader(open_page: Open, workstation: Workstation) -> None:
    page = open_page(workstation)
    edit(page, "gate.timeout_s").setText("soon")
    assert edit(page, "gate.timeout_s").accessibleDescription().startswith("Gate time-out is a number.")
