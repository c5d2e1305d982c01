"""A registration that the gate has already: three ways out, and none of them edits an identifier."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.journal.records import Entry
from app.provisioning.submission import Settlement, State
from app.training.station import TrainingStation
from tests.peers.pages import spoken_name
from ui.bench.side import Line
from ui.journal.page import JournalPage
from ui.main_window import MainWindow

IMEI = "490154203237518"


def entries(window: MainWindow) -> list[Entry]:
    return list(window.snapshot.entries)


def register(window: MainWindow, **texts: str) -> None:
    for key, text in texts.items():
        window.bench.form.edited.emit(key, text)
    window.bench.send()


@pytest.fixture
def conflict(qtbot: QtBot, window: MainWindow) -> JournalPage:
    """The same device registered twice, the second time for another plan; the log shows the conflict."""
    register(window, imei=IMEI, username="maria.lopez", user_class="basic")
    qtbot.waitUntil(lambda: window.snapshot.counts.get(State.ACCEPTED, 0) == 1, timeout=15_000)
    register(window, imei=IMEI, username="maria.lopez", user_class="premium")
    qtbot.waitUntil(lambda: window.snapshot.counts.get(State.CONFLICT, 0) == 1, timeout=15_000)
    window.bench.log_opened.emit(entries(window)[0].id)
    (page,) = window.findChildren(JournalPage)
    qtbot.waitUntil(page.detail.same.isVisible)
    return page


def test_the_same_device_needs_nobody_any_more(qtbot: QtBot, window: MainWindow, conflict: JournalPage) -> None:
    conflict.detail.same.click()
    qtbot.waitUntil(lambda: window.snapshot.counts.get(State.CONFLICT, 0) == 0)
    assert entries(window)[0].settled is Settlement.SAME_DEVICE
    assert entries(window)[0].state is State.CONFLICT
    qtbot.waitUntil(lambda: not conflict.detail.same.isVisible())


@pytest.mark.usefixtures("conflict")
def test_what_just_happened_is_said_in_the_gate_s_own_words(window: MainWindow) -> None:
    newest, before, *_ = [spoken_name(line) for line in window.bench.just_now.findChildren(Line)]
    assert newest.startswith("Conflict: Device already registered. ")
    assert before.startswith("Registered. ")


def test_one_held_for_the_supervisor_still_needs_somebody(
    qtbot: QtBot, window: MainWindow, conflict: JournalPage
) -> None:
    conflict.detail.hold.click()
    qtbot.waitUntil(lambda: entries(window)[0].settled is Settlement.SUPERVISOR)
    assert window.snapshot.counts.get(State.CONFLICT, 0) == 1
    qtbot.waitUntil(lambda: not conflict.detail.hold.isVisible())
    assert conflict.detail.same.isVisible()


def test_an_update_carries_what_differs_and_the_identifiers_stay(
    qtbot: QtBot, window: MainWindow, conflict: JournalPage, training: TrainingStation
) -> None:
    conflict.detail.update_it.click()
    qtbot.waitUntil(lambda: window.bench.desk.replaces is not None)
    draft = window.bench.desk.draft
    assert {key: draft.text(key) for key in draft.entries} == {"imei": IMEI, "user_class": "premium"}
    assert draft.workflow.locked == ("imei", "iccid", "imsi", "generic_id")
    assert window.bench.form.rows["imei"].input.property("readOnly")
    window.bench.send()
    qtbot.waitUntil(lambda: window.snapshot.counts.get(State.ACCEPTED, 0) == 2, timeout=15_000)
    assert window.snapshot.counts.get(State.CONFLICT, 0) == 0
    assert [record["user_class"] for record in training.gate.records] == ["premium"]
