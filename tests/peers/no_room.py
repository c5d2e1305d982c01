"""A station whose files may not grow: `python -m tests.peers.no_room FOLDER STEP` tells as JSON what came of it.

A step is tried on a fresh copy of the same station again and again, each time with a little more room, until it gets
through. After each failure there is room again: all that was acknowledged is there, the step succeeds when repeated,
and the journal is whole when it is opened anew.
"""

from __future__ import annotations

import itertools
import json
import resource
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.assembly import Workstation
from app.credentials.vault import Vault
from app.errors import WorkstationError
from app.journal.link import Backoff, Route
from app.journal.outbox import Journal, utc_now
from app.journal.records import Lease, Query
from app.paths import Paths, paths
from app.provisioning.outcome import Outcome, Result
from app.provisioning.submission import State
from app.settings import load_settings
from app.work.export import export
from tests.peers import attempts
from tests.peers.submissions import submission

ROUTE = Route("http://127.0.0.1:9/api/v1", 0)
BACKOFF = Backoff(1.0, 300.0, lambda: 1.0)
LATE = datetime(2100, 1, 1, tzinfo=UTC)
STEP = 2500
"""Bytes by which the room grows: more than one try for each page of 4,096."""


@contextmanager
def room(size: int) -> Iterator[None]:
    """No file of this process may grow beyond `size` bytes. Python ignores the signal that goes with it."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


@dataclass
class Bench:
    """One copy of the station; `kept` are the ids of what was acknowledged and is to be there afterwards."""

    home: Paths
    station: Workstation
    kept: set[str]

    @property
    def journal(self) -> Journal:
        return self.station.journal


def made(home: Paths) -> Workstation:
    return Workstation(home, load_settings(home.settings), vault=Vault(None))


def lease(journal: Journal) -> Lease:
    return journal.acquire_lease("test")


def deliver(journal: Journal, result: Result) -> State | None:
    holder = lease(journal)
    claimed = attempts.claim(journal, holder)
    if claimed is None:
        # A failure before this one left it `sending`; as a deliverer does that starts anew.
        journal.recover(holder, Backoff(0, 0, lambda: 0))
        claimed = attempts.claim(journal, holder)
    assert claimed is not None
    outcome = Outcome(result, f"gate.{result}", "Said the gate.")
    return attempts.finish(journal, holder, claimed, outcome, route=ROUTE, backoff=BACKOFF)


def template(home: Paths) -> None:
    """Sixty accepted, thirty queued of which the first has secrets."""
    home.prepare()
    station = made(home)
    station.open()
    station.journal.add_all(submission(f"old-{number}") for number in range(60))
    for _ in range(60):
        deliver(station.journal, Result.ACCEPTED)
    station.journal.add(submission("first", imei="356938035643809", password="$2a$12$hash", push_key="key" * 3000))
    station.journal.add_all(submission(f"new-{number}") for number in range(30))
    station.close()


def add(bench: Bench) -> None:
    name = f"added-{len(bench.kept)}"
    bench.journal.add(submission(name, imei=f"8{len(bench.kept):014}"))
    bench.kept.add(name)


def add_many(bench: Bench) -> None:
    names = [f"added-{len(bench.kept)}-{number}" for number in range(40)]
    bench.journal.add_all(submission(name) for name in names)
    bench.kept.update(names)


def claim(bench: Bench) -> None:
    assert attempts.claim(bench.journal, lease(bench.journal)) is not None


def finish(bench: Bench) -> None:
    assert deliver(bench.journal, Result.ACCEPTED) is State.ACCEPTED


def cancel(bench: Bench) -> None:
    entry = bench.journal.entry("new-7")
    assert entry is not None
    assert bench.journal.cancel("new-7") or entry.state is State.CANCELLED


def purge(bench: Bench) -> None:
    # Removed by the fifty: some may be gone where the rest could not be removed.
    bench.kept = {name for name in bench.kept if not name.startswith("old-")}
    bench.journal.purge(LATE)


def token(bench: Bench) -> None:
    bench.journal.bump_token_generation()


def exported(ending: str) -> Callable[[Bench], None]:
    def write(bench: Bench) -> None:
        path = bench.home.data / f"out{ending}"
        done = export(bench.journal, Query(), path, reveal=True, force=False, operator="", now=utc_now)
        assert done.rows == len(bench.kept)

    return write


def settings(bench: Bench) -> None:
    before = bench.home.settings.read_bytes() if bench.home.settings.exists() else None
    try:
        bench.station.change_settings({"operator": "Ana " * 3000})
    except WorkstationError:
        after = bench.home.settings.read_bytes() if bench.home.settings.exists() else None
        assert before == after
        assert bench.station.settings.text("operator") == ""
        raise


STEPS: Mapping[str, Callable[[Bench], None]] = {
    "add": add, "add_many": add_many, "claim": claim, "finish": finish, "cancel": cancel, "purge": purge,
    "token": token, "csv": exported(".csv"), "xlsx": exported(".xlsx"), "settings": settings,
}  # fmt: skip


def attempt(step: Callable[[], None], size: int) -> WorkstationError | None:
    """Run `step` with so much room; the trouble it told of, None if it got through."""
    try:
        with room(size):
            step()
    except WorkstationError as fault:
        return fault
    return None


def start_at(home: Paths, size: int) -> WorkstationError | None:
    """The first start ever, which makes the station's id and its journal."""
    home.prepare()
    station = Workstation(home, load_settings(home.settings))
    fault = attempt(station.open, size)
    if fault is not None:
        assert not list(home.data.glob("station.json?*")), "half a file was left"
        station.open()
    assert station.journal.verify().whole
    station.close()
    return fault


def step_at(home: Paths, name: str, size: int) -> WorkstationError | None:
    station = made(home)
    station.open()
    bench = Bench(home, station, set(station.journal.ids(Query())))
    step = STEPS[name]
    fault = attempt(lambda: step(bench), size)
    assert set(bench.journal.ids(Query())) >= bench.kept, "what was acknowledged is gone"
    if fault is not None:
        left = [file.name for file in home.data.iterdir() if ".part" in file.name or "json" in file.name[13:]]
        assert not left, f"half a file was left: {left}"
        step(bench)
    station.close()
    again = Journal.open(home.journal)
    assert set(again.ids(Query())) == bench.kept, "after opening anew, what was acknowledged is gone"
    assert again.verify().whole, "the journal is not whole"
    again.close()
    return fault


def main(folder: Path, name: str) -> None:
    full = paths(folder / "full")
    if name != "start":
        template(full)
    troubles: list[WorkstationError] = []
    for size in itertools.count(0, STEP):
        home = paths(folder / f"try-{size}")
        if name != "start":
            shutil.copytree(full.data, home.data)
        fault = start_at(home, size) if name == "start" else step_at(home, name, size)
        shutil.rmtree(home.data)
        if fault is None:
            break
        troubles.append(fault)
    json.dump([[fault.code, fault.summary, fault.remedy] for fault in troubles], sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
