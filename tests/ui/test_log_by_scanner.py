"""The log by scanner alone: found by a scan, chosen, exported, and what can be done about it; the answers to a 409."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.masked import Secret
from app.provisioning.submission import Settlement, State
from app.training.gate_faults import Fault
from app.training.station import TrainingStation
from tests.peers.bench import accepted, aside, counted, order, text
from tests.peers.hands import Hands
from ui.exporting.page import ExportPage
from ui.journal.page import JournalPage
from ui.kit.text import Text
from ui.main_window import MainWindow

IMEI, OTHER = "490154203237518", "356938035643809"
NUMBER, NEXT_NUMBER = "+525512345678", "+525587654321"


def scanned(hands: Hands, imei: str, number: str) -> None:
    """Enter a device and its number at the bench, and send them."""
    hands.scan(imei)
    hands.scan(number)
    order(hands, "submit")


def found(qtbot: QtBot, window: MainWindow, hands: Hands, imei: str, count: int) -> JournalPage:
    """Open the log and look for a device."""
    order(hands, "log")
    hands.scan(imei)
    log = window.log
    assert log is not None
    assert log.isVisible()
    qtbot.waitUntil(lambda: log.model.rowCount() == count, timeout=10_000)
    return log


def chosen(qtbot: QtBot, log: JournalPage, hands: Hands) -> str:
    """Go to the next row, whose details open; returns its id."""
    order(hands, "next")
    qtbot.waitUntil(lambda: log.detail.isVisible() and log.detail._entry is not None, timeout=10_000)
    qtbot.waitUntil(lambda: log.detail._entry is not None and log.detail._entry.id == log.detail.id, timeout=10_000)
    return log.detail.id or ""


# Flow g: the log


def test_a_find_is_chosen_and_its_receipt_opened(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    for count, imei in enumerate((IMEI, OTHER), 1):
        scanned(hands, imei, NUMBER)
        accepted(qtbot, window, count)
    log = found(qtbot, window, hands, f"IMEI: {IMEI}", 1)
    id = chosen(qtbot, log, hands)
    order(hands, "first")
    receipt = window.receipt
    assert receipt is not None
    assert receipt.isVisible()
    qtbot.waitUntil(lambda: receipt.receipt is not None and receipt.receipt.entry.id == id, timeout=10_000)
    assert receipt.receipt is not None
    assert receipt.receipt.entry.fields["imei"] == IMEI
    order(hands, "cancel")
    assert window.bench.isVisible()
    assert hands.presses == 0


def test_what_the_log_shows_is_exported_into_the_folder_of_the_station(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    station = window.bridge.made
    assert station is not None
    aside(qtbot, lambda: station.change_settings({"files.folder": str(folder)}))
    for count, imei in enumerate((IMEI, OTHER), 1):
        scanned(hands, imei, NUMBER)
        accepted(qtbot, window, count)
    found(qtbot, window, hands, IMEI, 1)
    order(hands, "export")
    order(hands, "submit")
    (page,) = window.findChildren(ExportPage)
    qtbot.waitUntil(lambda: page.notice.summary().startswith("1 submission is in gate-station-log "), timeout=10_000)
    assert [file.suffix for file in folder.iterdir()] == [".xlsx"]
    order(hands, "cancel")
    assert window.bench.isVisible()
    assert hands.presses == 0


def test_cancel_closes_the_details_first_and_then_the_log(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    scanned(hands, IMEI, NUMBER)
    accepted(qtbot, window, 1)
    log = found(qtbot, window, hands, IMEI, 1)
    chosen(qtbot, log, hands)
    order(hands, "cancel")
    assert log.isVisible()
    assert not log.detail.isVisible()
    order(hands, "cancel")
    assert window.bench.isVisible()


def test_a_refused_one_is_corrected_and_sent_again(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    training.gate.fail_next(Fault.REFUSED)
    scanned(hands, IMEI, NUMBER)
    counted(qtbot, window, State.REJECTED, 1)
    log = found(qtbot, window, hands, IMEI, 1)
    chosen(qtbot, log, hands)
    order(hands, "first")
    assert window.bench.isVisible()
    assert text(window, "imei") == IMEI
    assert "Unknown class." in {line.text() for line in window.bench.checks.findChildren(Text)}
    assert "Step 2 of 3" in {each.accessibleName() for each in window.bench.header.findChildren(QWidget)}
    hands.scan(NEXT_NUMBER)
    order(hands, "submit")
    accepted(qtbot, window, 1)
    assert [(record["imei"], record["number"]) for record in training.gate.records] == [(IMEI, NEXT_NUMBER)]
    assert hands.presses == 0


def test_what_is_held_is_cancelled_only_after_a_second_answer(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    training.gate.token = Secret("another-token-than-the-stored-one")
    scanned(hands, IMEI, NUMBER)
    counted(qtbot, window, State.HELD, 1)
    log = found(qtbot, window, hands, IMEI, 1)
    chosen(qtbot, log, hands)
    # Try now, Cancel submission.
    order(hands, "second")
    assert log.detail._yes.isVisible()
    # Keep it.
    order(hands, "second")
    assert not log.detail._yes.isVisible()
    order(hands, "second")
    order(hands, "first")
    counted(qtbot, window, State.CANCELLED, 1)
    assert training.gate.records == []
    assert hands.presses == 0


# Flow j: the gate has it already


@pytest.fixture
def conflict(qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands) -> JournalPage:
    """The same device scanned twice, the second time with another number; the log shows the conflict."""
    scanned(hands, IMEI, NUMBER)
    accepted(qtbot, window, 1)
    scanned(hands, IMEI, NEXT_NUMBER)
    counted(qtbot, window, State.CONFLICT, 1)
    log = found(qtbot, window, hands, IMEI, 2)
    chosen(qtbot, log, hands)
    qtbot.waitUntil(log.detail.same.isVisible, timeout=10_000)
    return log


def test_the_first_answer_updates_instead(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands, conflict: JournalPage
) -> None:
    order(hands, "first")
    qtbot.waitUntil(window.bench.isVisible, timeout=10_000)
    order(hands, "submit")
    accepted(qtbot, window, 2)
    assert [(record["imei"], record["number"]) for record in training.gate.records] == [(IMEI, NEXT_NUMBER)]
    sent = json.loads(json.loads(training.gate.requests[-1].body)["data"])
    assert sent == {"imei": IMEI, "number": NEXT_NUMBER}
    assert hands.presses == 0


def test_the_second_answer_says_that_it_is_the_same_device(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands, conflict: JournalPage
) -> None:
    order(hands, "second")
    counted(qtbot, window, State.CONFLICT, 0)
    assert window.snapshot.entries[0].settled is Settlement.SAME_DEVICE
    assert [record["number"] for record in training.gate.records] == [NUMBER]
    assert len(training.gate.requests) == 2
    assert hands.presses == 0


def test_the_third_answer_holds_it_for_the_supervisor(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands, conflict: JournalPage
) -> None:
    order(hands, "third")
    qtbot.waitUntil(lambda: window.snapshot.entries[0].settled is Settlement.SUPERVISOR, timeout=10_000)
    assert len(training.gate.requests) == 2
    assert hands.presses == 0
    # Once too often: it is no answer any more, here or at the bench.
    qtbot.waitUntil(lambda: not conflict.detail.hold.isVisible(), timeout=10_000)
    order(hands, "fourth")
    assert conflict.isVisible()
