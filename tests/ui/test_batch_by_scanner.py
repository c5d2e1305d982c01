"""A batch on the hub by scanner alone: opened, sent, and the one that needs somebody mended at the bench."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.training.devices.personalities import ALL
from app.training.station import TrainingStation
from app.work.batch import Standing
from app.work.rows import read_file
from tests.peers.bench import aside, order, standings, text
from tests.peers.hands import Hands
from ui.batch.page import BatchPage
from ui.main_window import MainWindow

FIRST, SECOND = ALL[:2]
IMEIS = [modem.hardware.imei.reveal() for modem in (FIRST, SECOND)]


def opened(window: MainWindow, hands: Hands) -> BatchPage:
    order(hands, "batch")
    assert window.batch is not None
    assert window.batch.isVisible()
    return window.batch


def test_a_hub_is_registered_by_scanner_alone(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    page = opened(window, hands)
    # Nothing is ready: the draft at the bench is not what is sent instead.
    window.bench.form.edited.emit("imei", "490154203237518")
    order(hands, "submit")
    assert page.isVisible()
    for place, modem in enumerate((FIRST, SECOND)):
        aside(qtbot, partial(training.hub.plug, modem, slot=f"A{place + 1}"))
    qtbot.waitUntil(lambda: standings(page) == [Standing.READY] * 2, timeout=20_000)
    aside(qtbot, partial(training.hub.plug, FIRST, slot="A3"))
    qtbot.waitUntil(lambda: Standing.DUPLICATE in standings(page), timeout=20_000)
    assert page.main.text() == "Send 2 ready, 1 needs you"
    order(hands, "submit")
    qtbot.waitUntil(lambda: standings(page) == [Standing.DUPLICATE, *[Standing.DONE] * 2], timeout=20_000)
    assert sorted(record["imei"] for record in training.gate.records) == sorted(IMEIS)
    assert hands.presses == 0


def test_one_of_a_batch_is_taken_to_the_bench_and_sent_from_there(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    page = opened(window, hands)
    order(hands, "first")
    assert page.isVisible(), "no row is chosen yet"
    for place, modem in enumerate((FIRST, SECOND)):
        aside(qtbot, partial(training.hub.plug, modem, slot=f"A{place + 1}"))
    qtbot.waitUntil(lambda: standings(page) == [Standing.READY] * 2, timeout=20_000)
    for place in (0, 1, 0, 1):
        order(hands, "next")
        assert page.table.currentIndex().row() == place
    wanted = page.model.items[1].draft.text("imei")
    order(hands, "first")
    assert window.bench.isVisible()
    assert text(window, "imei") == wanted
    hands.scan("+525512345678")
    order(hands, "submit")
    qtbot.waitUntil(lambda: bool(training.gate.records), timeout=15_000)
    assert [(record["imei"], record["number"]) for record in training.gate.records] == [(wanted, "+525512345678")]
    order(hands, "batch")
    assert page.isVisible()
    qtbot.waitUntil(lambda: standings(page) == [Standing.READY, Standing.DONE], timeout=15_000)
    assert page.main.text() == "Send 1 ready"
    order(hands, "cancel")
    assert window.bench.isVisible()
    assert hands.presses == 0


def test_an_order_is_loaded_and_its_result_saved_by_scanner_alone(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "PO-4711.csv").write_text(f"imei,username\n{IMEIS[0]},ana\n", encoding="utf-8")
    station = window.bridge.made
    assert station is not None
    aside(qtbot, lambda: station.change_settings({"files.folder": str(folder)}))
    page = opened(window, hands)
    hands.scan("PO-4712")
    qtbot.waitUntil(lambda: page.notice.summary() == "No order of this name is in the folder for files.")
    hands.scan("PO-4711")
    qtbot.waitUntil(lambda: standings(page) == [Standing.WAITING])
    aside(qtbot, partial(training.hub.plug, FIRST, slot="A1"))
    qtbot.waitUntil(lambda: standings(page) == [Standing.READY], timeout=20_000)
    order(hands, "submit")
    qtbot.waitUntil(lambda: standings(page) == [Standing.DONE], timeout=20_000)
    order(hands, "second")
    qtbot.waitUntil(lambda: "is saved as" in page.notice.summary(), timeout=20_000)
    (result,) = folder.glob("batch *.xlsx")
    ((told, *_),) = [[row.draft.text("username")] for row in read_file(result, page.workflow)]
    assert told == "ana"
    order(hands, "third")
    assert standings(page) == [Standing.READY]
    assert not page.order
    # What is no order is the beginning of work.
    hands.scan("+525512345678")
    qtbot.waitUntil(window.bench.isVisible)
    assert text(window, "number") == "+525512345678"
    assert hands.presses == 0


def test_a_folder_that_is_not_there_is_told_and_the_batch_stays(
    qtbot: QtBot, window: MainWindow, hands: Hands, tmp_path: Path
) -> None:
    station = window.bridge.made
    assert station is not None
    aside(qtbot, lambda: station.change_settings({"files.folder": str(tmp_path / "none")}))
    page = opened(window, hands)
    hands.scan("PO-4711")
    qtbot.waitUntil(lambda: page.notice.summary().startswith("The folder for files cannot be looked into"))
    assert page.isVisible()
