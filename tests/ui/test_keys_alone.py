"""Whole flows by keyboard alone: a batch with its order, an offline day, a conflict; no click, no call into a page."""

from __future__ import annotations

import csv
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.provisioning.submission import Settlement, State
from app.training.devices.personalities import ALL
from app.training.gate_faults import Fault
from app.training.station import TrainingStation
from app.work.batch import Standing
from tests.peers.bench import (
    accepted,
    answer_file,
    aside,
    command,
    counted,
    enter,
    press_button,
    send,
    standings,
    tab_to,
    text,
    to_the_front,
    type_at,
    words,
)
from tests.peers.hands import Hands
from ui.journal.page import JournalPage
from ui.main_window import MainWindow
from ui.unsent.page import UnsentPage

IMEI, OTHER = "490154203237518", "356938035643809"


# Flow e: a batch with an order


def test_a_batch_with_its_order(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands, tmp_path: Path
) -> None:
    first, second, stranger = ALL[:3]
    order = tmp_path / "order.csv"
    order.write_text(
        f"imei,username\n{first.hardware.imei.reveal()},ana\n{second.hardware.imei.reveal()},luis\n", encoding="utf-8"
    )
    hands.shortcut(Qt.Key.Key_F7)
    page = window.batch
    assert page is not None
    press_button(hands, page.choose)
    answer_file(qtbot, window, page, order)
    qtbot.waitUntil(lambda: standings(page) == [Standing.WAITING] * 2)
    for place, modem in enumerate((first, second, stranger)):
        aside(qtbot, partial(training.hub.plug, modem, slot=f"A{place + 1}"))
    qtbot.waitUntil(lambda: standings(page) == [Standing.STRANGER, Standing.READY, Standing.READY], timeout=20_000)
    assert page.main.text() == "Send 2 ready, 1 needs you"
    training.gate.fail_next(Fault.REFUSED)
    send(hands)
    qtbot.waitUntil(lambda: standings(page) == [Standing.FAILED, Standing.STRANGER, Standing.DONE], timeout=20_000)
    # The one that needs somebody is opened, mended and sent at the bench.
    tab_to(hands, page.table)
    hands.press(Qt.Key.Key_Down)
    enter(hands)
    assert window.page == "bench"
    assert text(window, "imei") == stranger.hardware.imei.reveal()
    type_at(window, hands, "username", "carla")
    send(hands)
    accepted(qtbot, window, 2)
    # The refused one leads to the log, from where it is corrected and sent again.
    hands.shortcut(Qt.Key.Key_F7)
    tab_to(hands, page.table)
    hands.press(Qt.Key.Key_Up)
    enter(hands)
    log = window.log
    assert log is not None
    qtbot.waitUntil(log.detail._correct.isVisible, timeout=10_000)
    press_button(hands, log.detail._correct)
    send(hands)
    accepted(qtbot, window, 3)
    hands.shortcut(Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: standings(page) == [Standing.STRANGER, Standing.DONE, Standing.DONE], timeout=10_000)
    result = tmp_path / "result.csv"
    press_button(hands, page.save)
    answer_file(qtbot, window, page, result)
    qtbot.waitUntil(lambda: "result.csv" in page.notice.summary())
    with result.open(encoding="utf-8-sig", newline="") as file:
        told = {row["username"]: row["status"] for row in csv.DictReader(file)}
    assert (told["ana"], told["luis"]) == ("accepted", "accepted")


# Flow h: an offline day


def waiting(window: MainWindow, count: int) -> bool:
    return window.snapshot.waiting == count


def test_an_offline_day(qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands) -> None:
    aside(qtbot, training.gate.close_door)
    for number, (imei, user) in enumerate({IMEI: "ana", OTHER: "luis"}.items(), start=1):
        type_at(window, hands, "imei", imei)
        type_at(window, hands, "username", user)
        send(hands)
        qtbot.waitUntil(partial(waiting, window, number), timeout=15_000)
    qtbot.waitUntil(lambda: window.bar.link.headline.word.startswith("Offline since"), timeout=15_000)
    assert window.bar.link.headline.word.endswith("2 waiting, nothing is lost")
    # The sheet of what is not sent.
    command(window, hands, "not sent")
    (page,) = window.findChildren(UnsentPage)
    qtbot.waitUntil(lambda: page.found.count == 2, timeout=10_000)
    hands.shortcut(Qt.Key.Key_Escape)
    # Closing, which is the desktop's key, says that it is kept; the answer is a key.
    assert not window.close()
    assert window.bench.notice.summary() == "2 submissions wait and are kept."
    press_button(hands, window.bench.notice.also)
    assert page.isVisible()
    hands.shortcut(Qt.Key.Key_Escape)
    # The gate is back: all arrives by itself, once.
    aside(qtbot, training.gate.open_door)
    qtbot.waitUntil(lambda: window.snapshot.counts.get(State.ACCEPTED, 0) == 2, timeout=30_000)
    qtbot.waitUntil(lambda: window.bar.link.headline.word == "Online", timeout=10_000)
    assert sorted(record["username"] for record in training.gate.records) == ["ana", "luis"]


# Flow j: the gate has the device already


def shown_log(qtbot: QtBot, window: MainWindow, rows: int) -> JournalPage:
    log = window.log
    assert log is not None
    qtbot.waitUntil(lambda: log.model.rowCount() == rows, timeout=10_000)
    assert log.bar.search.hasFocus()
    return log


@pytest.fixture
def conflict(qtbot: QtBot, window: MainWindow, hands: Hands) -> JournalPage:
    """The same device entered twice, the second time with another plan; the conflict is chosen in the log."""
    for plan in ("basic", "premium"):
        type_at(window, hands, "imei", IMEI)
        type_at(window, hands, "username", "maria.lopez")
        type_at(window, hands, "user_class", plan)
        send(hands)
        counted(qtbot, window, State.ACCEPTED, 1)
        qtbot.waitUntil(lambda: not window.bench.desk.draft.entries)
        # The list of plans does not stay open to take the next key.
        assert QApplication.activePopupWidget() is None
        to_the_front(qtbot, window)
    counted(qtbot, window, State.CONFLICT, 1)
    hands.shortcut(Qt.Key.Key_F9)
    log = shown_log(qtbot, window, 2)
    hands.press(Qt.Key.Key_Down)
    qtbot.waitUntil(log.detail.same.isVisible, timeout=10_000)
    return log


def test_a_conflict_is_the_same_device(qtbot: QtBot, window: MainWindow, hands: Hands, conflict: JournalPage) -> None:
    press_button(hands, conflict.detail.same)
    counted(qtbot, window, State.CONFLICT, 0)
    assert window.snapshot.entries[0].settled is Settlement.SAME_DEVICE
    qtbot.waitUntil(lambda: "Nothing was sent." in words(conflict.detail))


def test_a_conflict_is_held_for_the_supervisor(
    qtbot: QtBot, window: MainWindow, hands: Hands, conflict: JournalPage
) -> None:
    press_button(hands, conflict.detail.hold)
    qtbot.waitUntil(lambda: window.snapshot.entries[0].settled is Settlement.SUPERVISOR)
    qtbot.waitUntil(lambda: not conflict.detail.hold.isVisible())
    # The keys go on from there: the supervisor settles it.
    press_button(hands, conflict.detail.same)
    counted(qtbot, window, State.CONFLICT, 0)


def test_a_conflict_becomes_an_update(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands, conflict: JournalPage
) -> None:
    press_button(hands, conflict.detail.update_it)
    qtbot.waitUntil(lambda: window.bench.desk.replaces is not None)
    # The identifiers take no key.
    tab_to(hands, window.bench.form.rows["imei"].input)
    hands.type("1")
    assert text(window, "imei") == IMEI
    send(hands)
    accepted(qtbot, window, 2)
    assert window.snapshot.counts.get(State.CONFLICT, 0) == 0
    assert [record["user_class"] for record in training.gate.records] == ["premium"]
