"""Retention: what the setting no longer keeps is gone from every file, in a window that stays open too."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from app.assembly import Workstation
from app.journal import backup
from app.journal.errors import JournalFull
from app.journal.link import Backoff, Route
from app.journal.records import Query
from app.paths import paths
from app.provisioning.outcome import Difference, Outcome, Result
from app.provisioning.submission import Submission
from app.training.station import TrainingStation
from app.work.events import Event, JournalChanged, LoopFailed
from app.work.retention import Retention
from tests.peers.attempts import claim, finish
from tests.peers.submissions import Clock, submission

DAY_S = 86_400


@dataclass
class Purged:
    before: list[datetime] = field(default_factory=list)

    def __call__(self, before: datetime) -> int:
        self.before.append(before)
        return 3


def test_it_is_due_at_the_start_and_once_a_day() -> None:
    clock, purged = Clock(), Purged()
    retention = Retention(purged, days=lambda: 30, now=clock.now)
    assert retention.due()
    assert retention.run() == 3
    assert (clock.now() - purged.before[0]).days == 30
    assert not retention.due()
    clock.pass_s(DAY_S - 1)
    assert not retention.due()
    clock.pass_s(1)
    assert retention.due()


def test_a_clock_set_back_does_not_put_it_off() -> None:
    clock = Clock()
    retention = Retention(Purged(), days=lambda: 30, now=clock.now)
    retention.run()
    clock.set_back(400 * DAY_S)
    assert retention.due()


def test_with_0_days_nothing_is_ever_removed() -> None:
    purged = Purged()
    assert Retention(purged, days=lambda: 0, now=Clock().now).run() == 0
    assert purged.before == []


@dataclass
class Shop:
    """A station whose retention runs on a clock of its own."""

    station: Workstation
    clock: Clock
    told: queue.SimpleQueue[Event]

    def settle(self, sent: Submission, result: Result, **more: object) -> None:
        journal = self.station.journal
        journal.add(sent)
        claimed = claim(journal, self._lease)
        assert claimed is not None
        outcome = Outcome(result, f"gate.{result}", "Said.", **more)  # type: ignore[arg-type] # any of its fields
        finish(journal, self._lease, claimed, outcome, route=Route("x", 0), backoff=Backoff(60, 300, lambda: 1.0))

    def __post_init__(self) -> None:
        self._lease = self.station.journal.acquire_lease("test")
        self.station.retention = Retention(
            self.station._purge, days=lambda: self.station.settings.number("retention_days"), now=self.clock.now
        )


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with TrainingStation(paths(tmp_path)) as training:
        told: queue.SimpleQueue[Event] = queue.SimpleQueue()
        station = training.workstation(told.put)
        station.open()
        station.change_settings({"retention_days": 30})
        clock = Clock()
        clock.at = datetime.now(clock.at.tzinfo)
        yield Shop(station, clock, told)
        station.close()


def test_a_window_left_open_removes_daily_what_was_accepted_and_nothing_else(shop: Shop, tmp_path: Path) -> None:
    secret = ("8612345678901", "Cánary Street", "8952140061234567890")
    gone = [form for text in secret for form in (text.encode(), text.encode("unicode-escape"))]
    shop.settle(
        submission("old", imei=secret[0], username=secret[1]),
        Result.ACCEPTED,
        answer={"imei": secret[0], "iccid": secret[2]},
        differences=(Difference("iccid", "1", secret[2]),),
    )
    shop.settle(submission("refused"), Result.REJECTED)
    shop.settle(submission("offline"), Result.UNREACHABLE)
    backup.make(shop.station.paths.journal, 1)

    def left() -> set[bytes]:
        return {form for form in gone for file in shop.station.paths.data.iterdir() if form in file.read_bytes()}

    stop = threading.Event()
    loop = threading.Thread(target=shop.station.deliver, args=(stop,))
    loop.start()
    try:
        assert left()
        assert len(shop.station.journal.ids(Query())) == 3
        while not shop.told.empty():
            shop.told.get_nowait()
        shop.clock.pass_s(31 * DAY_S)
        while shop.told.get(timeout=20) != JournalChanged(None):
            pass
        assert shop.station.journal.ids(Query()) == ["offline", "refused"]
        assert left() == set()
    finally:
        stop.set()
        shop.station.wake()
        loop.join(20)
    shop.station.close()
    assert left() == set()


def test_what_cannot_be_removed_stops_no_delivery(shop: Shop) -> None:
    def full(before: datetime) -> int:
        raise JournalFull("The disk is full.", remedy="Free some space.")

    shop.station.retention = Retention(full, days=lambda: 30, now=shop.clock.now)
    stop = threading.Event()
    loop = threading.Thread(target=shop.station.deliver, args=(stop,))
    loop.start()
    try:
        seen = shop.told.get(timeout=20)
        while not isinstance(seen, LoopFailed):
            seen = shop.told.get(timeout=20)
        assert seen.summary == "The disk is full."
        assert loop.is_alive()
    finally:
        stop.set()
        shop.station.wake()
        loop.join(20)
