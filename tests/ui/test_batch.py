"""A batch on the hub, through the real window: by keys alone, from an order file to the result file."""

from __future__ import annotations

import csv
import json
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.training.devices.personalities import ALL
from app.training.station import TrainingStation
from app.work.batch import Standing
from tests.peers.bench import aside, standings
from tests.peers.pages import focusable, spoken_name
from ui.batch.page import BatchPage
from ui.main_window import MainWindow

MODEMS = ALL[:3]


def tells(page: BatchPage, name: str) -> bool:
    return name in page.notice.summary()


def opened(window: MainWindow) -> BatchPage:
    QTest.keyClick(window, Qt.Key.Key_F7)
    (page,) = window.findChildren(BatchPage)
    assert page.isVisible()
    return page


def test_an_order_is_filled_by_plugging_sent_by_one_key_and_told_in_a_file(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, tmp_path: Path
) -> None:
    first, second, stranger = MODEMS
    order = tmp_path / "order.csv"
    order.write_text(
        f"imei,username\n{first.hardware.imei.reveal()},ana\n{second.hardware.imei.reveal()},luis\n000000000000001,nobody\n",
        encoding="utf-8",
    )
    page = opened(window)
    page.load(order)
    qtbot.waitUntil(lambda: len(page.model.items) == 3)
    for place, modem in enumerate((first, second, stranger)):
        aside(qtbot, partial(training.hub.plug, modem, slot=f"A{place + 1}"))
    qtbot.waitUntil(lambda: standings(page).count(Standing.READY) == 2, timeout=20_000)
    qtbot.waitUntil(lambda: Standing.STRANGER in standings(page), timeout=20_000)
    assert standings(page)[0] is Standing.STRANGER, "who needs somebody comes first"
    assert page.main.text() == "Send 2 ready, 1 needs you"
    aside(qtbot, lambda: training.hub.unplug("A1"))
    assert standings(page).count(Standing.READY) == 2, "a device that was read may be pulled"
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: standings(page).count(Standing.DONE) == 2, timeout=20_000)
    assert {record["username"] for record in training.gate.records} == {"ana", "luis"}
    page.save_result(tmp_path / "result.csv")
    qtbot.waitUntil((tmp_path / "result.csv").exists)
    qtbot.waitUntil(lambda: "result.csv" in page.notice.summary())
    with (tmp_path / "result.csv").open(encoding="utf-8-sig", newline="") as file:
        told = {row["username"]: row["status"] for row in csv.DictReader(file)}
    assert told["ana"] == told["luis"] == "accepted"
    assert told["nobody"] == "waiting"


def test_a_bad_row_is_told_before_anything_is_sent_and_mended_at_the_bench(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    order = tmp_path / "order.json"
    order.write_text(json.dumps([{"imei": "490154203237519", "username": "ana"}]), encoding="utf-8")
    page = opened(window)
    page.load(order)
    qtbot.waitUntil(lambda: len(page.model.items) == 1)
    page.table.opened.emit(0)
    assert window.page == "bench"
    assert window.bench.desk.draft.text("username") == "ana"
    assert window.bench.form.rows["imei"].input.property("problem") == "bad"


def test_a_new_batch_leaves_the_order_and_takes_what_is_plugged_in(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, tmp_path: Path
) -> None:
    order = tmp_path / "order.json"
    order.write_text(json.dumps([{"imei": "490154203237518", "username": "ana"}]), encoding="utf-8")
    page = opened(window)
    page.load(order)
    qtbot.waitUntil(lambda: len(page.model.items) == 1)
    aside(qtbot, partial(training.hub.plug, MODEMS[0], slot="A1"))
    qtbot.waitUntil(lambda: Standing.STRANGER in standings(page), timeout=20_000)
    QTest.mouseClick(page.anew, Qt.MouseButton.LeftButton)
    assert page.order == ""
    assert standings(page) == [Standing.READY]


def test_a_file_that_is_no_table_is_refused_and_the_batch_stays(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    page = opened(window)
    for name, content in (("order.xlsx", b"no workbook"), ("gone.csv", None)):
        if content is not None:
            (tmp_path / name).write_bytes(content)
        page.load(tmp_path / name)
        qtbot.waitUntil(partial(tells, page, name))
    assert page.model.items == []


def test_everything_on_the_page_has_a_name_and_room(window: MainWindow) -> None:
    page = opened(window)
    assert all(spoken_name(widget) for widget in focusable(page))
    assert all(widget.height() >= 32 for widget in focusable(page))
