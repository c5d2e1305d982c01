"""The doorway for blocking work, and the bridge from the station's threads: results arrive on the window's thread."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6.Shiboken import delete

from app.assembly import Workstation
from app.errors import WorkstationError
from app.work.events import DeviceChanged, DeviceGone, JournalChanged, LinkChanged, LoopFailed, Publish
from ui.background import UnexpectedFault, follow, run
from ui.bridge import Bridge
from ui.sample_devices import MODEM


@pytest.fixture
def owner(qtbot: QtBot) -> Iterator[QObject]:
    made = QObject()
    yield made
    made.deleteLater()


def test_work_is_done_elsewhere_and_its_result_arrives_here(qtbot: QtBot, owner: QObject) -> None:
    got: list[tuple[str, str]] = []
    run(lambda: threading.current_thread().name, lambda name: got.append((name, _here())), _unwanted, owner)
    qtbot.waitUntil(lambda: bool(got))
    assert got == [("background", _here())]


def test_many_pieces_of_work_all_arrive(qtbot: QtBot, owner: QObject) -> None:
    got: list[int] = []
    for number in range(200):
        run(lambda number=number: number, got.append, _unwanted, owner)  # type: ignore[misc]
    qtbot.waitUntil(lambda: len(got) == 200)
    assert sorted(got) == list(range(200))


def test_an_expected_trouble_arrives_as_itself(qtbot: QtBot, owner: QObject) -> None:
    trouble, got = WorkstationError("The disk is full.", remedy="Free some space."), list[WorkstationError]()

    def work() -> None:
        raise trouble

    run(work, _unwanted, got.append, owner)
    qtbot.waitUntil(lambda: bool(got))
    assert got == [trouble]


def test_a_fault_of_the_program_is_logged_and_told(
    qtbot: QtBot, owner: QObject, caplog: pytest.LogCaptureFixture
) -> None:
    got: list[WorkstationError] = []
    with caplog.at_level(logging.ERROR):
        run(lambda: [0][len(got) + 1], _unwanted, got.append, owner)
        qtbot.waitUntil(lambda: bool(got))
    assert isinstance(got[0], UnexpectedFault)
    assert "IndexError" in caplog.text


def test_nobody_is_told_who_is_gone(qtbot: QtBot, owner: QObject) -> None:
    go, told, later = threading.Event(), list[bool](), list[bool]()
    gone = QObject()
    run(go.wait, told.append, _unwanted, gone)
    with qtbot.waitSignal(gone.destroyed):
        gone.deleteLater()
    go.set()
    run(lambda: True, later.append, _unwanted, owner)
    qtbot.waitUntil(lambda: bool(later))
    assert not told


def test_news_of_work_arrives_here_in_its_order_and_before_its_end(qtbot: QtBot, owner: QObject) -> None:
    got: list[tuple[object, str]] = []

    def work(tell: Callable[[int], None]) -> str:
        for number in range(50):
            tell(number)
        return "done"

    follow(work, lambda news: got.append((news, _here())), lambda end: got.append((end, _here())), _unwanted, owner)
    qtbot.waitUntil(lambda: len(got) == 51)
    assert got == [(news, _here()) for news in (*range(50), "done")]


def test_who_goes_while_work_tells_hears_no_more(qtbot: QtBot, owner: QObject) -> None:
    """Many times: it is a matter of moments, and ended the program."""
    all_told = threading.Event()

    def work(tell: Callable[[int], None]) -> bool:
        for number in range(2000):
            tell(number)
        all_told.set()
        return True

    def once() -> None:
        gone, heard, over = QObject(), list[int](), list[bool]()

        def hear(news: int) -> None:
            heard.append(news)
            if news == 20:
                delete(gone)

        follow(work, hear, _unwanted, _unwanted, gone)
        qtbot.waitUntil(lambda: 20 in heard)
        # Comes after all that the first one tells.
        run(all_told.wait, over.append, _unwanted, owner)
        qtbot.waitUntil(lambda: bool(over))
        assert heard == [*range(21)]

    for _ in range(20):
        all_told.clear()
        once()


class Told(QWidget):
    """Nobody holds it but the job that tells it, and Python destroys it with its last reference."""

    def __init__(self, ends: list[str]) -> None:
        super().__init__()
        self._ends = ends

    def hear(self, _: object) -> None:
        """What the job's end is told to."""

    def __del__(self) -> None:
        self._ends.append(_here())


def test_a_widget_held_by_its_job_alone_ends_on_the_window_s_thread(qtbot: QtBot, owner: QObject) -> None:
    ends: list[str] = []
    for _ in range(20):
        told = Told(ends)
        run(lambda: None, told.hear, _unwanted, owner)
        del told
    # The threads go on with another job meanwhile.
    qtbot.waitUntil(lambda: len(ends) == 20)
    assert set(ends) == {_here()}


def test_a_burst_of_journal_events_becomes_one(qtbot: QtBot) -> None:
    bridge, told = Bridge(_no_station), list[bool]()
    bridge.journal_changed.connect(lambda: told.append(True))

    def publish_many() -> None:
        for number in range(5000):
            bridge.publish(JournalChanged(str(number)) if number % 2 else LinkChanged())

    with qtbot.waitSignal(bridge.journal_changed):
        burst = threading.Thread(target=publish_many)
        burst.start()
        burst.join()
    assert len(told) <= 2
    # What changes after that is told again.
    with qtbot.waitSignal(bridge.journal_changed):
        bridge.publish(JournalChanged())


def test_events_of_other_threads_arrive_here_in_their_order(qtbot: QtBot) -> None:
    bridge, got = Bridge(_no_station), list[tuple[object, str]]()
    failed = LoopFailed("ports", "The ports could not be listed.", "Trying again.")
    bridge.device_changed.connect(lambda card: got.append((card, _here())))
    bridge.device_gone.connect(lambda key: got.append((key, _here())))
    bridge.loop_failed.connect(lambda event: got.append((event, _here())))

    def tell() -> None:
        for event in (DeviceChanged(MODEM), DeviceGone(MODEM.key), failed):
            bridge.publish(event)

    thread = threading.Thread(target=tell)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(got) == 3)
    assert got == [(MODEM, _here()), (MODEM.key, _here()), (failed, _here())]


def test_a_station_that_cannot_be_opened_is_told_and_tried_again(qtbot: QtBot) -> None:
    bridge = Bridge(_no_station)
    for _ in range(2):
        with qtbot.waitSignal(bridge.failed) as told:
            bridge.start()
        assert isinstance((told.args or [None])[0], WorkstationError)
    assert bridge.stop()


def test_stopping_waits_no_longer_than_its_deadline(qtbot: QtBot) -> None:
    go = threading.Event()

    def stuck(_: Publish) -> Workstation:
        go.wait(20)
        raise WorkstationError("Too late.", remedy="")

    bridge = Bridge(stuck)
    bridge.start()
    before = time.monotonic()
    assert not bridge.stop(0.1)
    assert time.monotonic() - before < 10
    go.set()


def _no_station(_: Publish) -> Workstation:
    raise WorkstationError("The journal cannot be opened.", remedy="Check the disk.")


def _here() -> str:
    return threading.current_thread().name


def _unwanted(what: object) -> None:
    raise AssertionError(what)
