"""Killing the program anywhere: what was acknowledged is there, and arrives once."""

from __future__ import annotations

import itertools
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.gate.client import GateClient
from app.journal.outbox import Journal, utc_now
from app.journal.records import Query
from app.masked import Secret
from app.provisioning.submission import State
from app.work.dispatch import Did, Dispatcher, Pace
from tests.peers.attempts import once
from tests.peers.loopback import Loopback, QuietHandler
from tests.peers.submissions import submission

ROOT = Path(__file__).parents[2]

STATION = """
import sys
from pathlib import Path
from app.journal.outbox import Journal
from tests.peers.submissions import submission
from tests.work.test_kill import dispatcher_of

home, url, name = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
journal = Journal.open(home / "journal.db")
dispatcher = dispatcher_of(journal, home, url)
for number in range(1000):
    journal.add(submission(f"{name}-{number}", imei=f"{name}{number}"))
    print(f"{name}-{number}", flush=True)
    if number % 3:
        dispatcher.turn()
        print("stepped", flush=True)
"""


def dispatcher_of(journal: Journal, home: Path, url: str) -> Dispatcher:
    return Dispatcher(
        journal,
        GateClient(url, timeout_s=5),
        pace=Pace(1000, 0.01, 0.05),
        lock_path=home / "delivery.lock",
        base_url=url,
        token=lambda: Secret("token"),
        publish=lambda _: None,
        now=utc_now,
        monotonic=time.monotonic,
        random=random.random,
    )


class OnceGate(Loopback):
    """Stores each key once and says 409 to the next; `victim` is killed when so many were stored, before the answer."""

    def __init__(self) -> None:
        super().__init__(_Handler)
        self.stored: list[str] = []
        self.kill_after = 0
        self.victim: subprocess.Popen[str] | None = None
        self.lock = threading.Lock()


class _Handler(QuietHandler):
    server: OnceGate

    def post(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        key = self.headers["Idempotency-Key"]
        with self.server.lock:
            known = key in self.server.stored
            if not known:
                self.server.stored.append(key)
                self.server.kill_after -= 1
                if self.server.kill_after == 0 and self.server.victim:
                    self.server.victim.kill()
                    return
        self.answer(409, b"{}") if known else self.answer(201, body)


@pytest.fixture
def gate() -> Iterator[OnceGate]:
    server = OnceGate()
    with server.serving():
        yield server


def live_and_die(home: Path, gate: OnceGate, name: str, *, lines: int | None, stored: int) -> list[str]:
    """Run a station until it has said so many lines, or the gate has stored so many; then SIGKILL."""
    station = subprocess.Popen(
        [sys.executable, "-c", STATION, home, gate.url, name], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert station.stdout is not None
    gate.kill_after, gate.victim = stored, station
    with station.stdout as said:
        heard = list(itertools.islice(said, lines))
        station.kill()
        heard += said
    station.wait(30)
    return [line.strip() for line in heard if line.startswith(name) and line.endswith("\n")]


def test_nothing_acknowledged_is_lost_and_nothing_arrives_twice(tmp_path: Path, gate: OnceGate) -> None:
    acknowledged: list[str] = []
    for round in range(10):
        how = {"lines": 1 + round * 2, "stored": 0} if round % 2 else {"lines": None, "stored": 1 + round}
        acknowledged += live_and_die(tmp_path, gate, f"r{round}", **how)

    gate.victim = None
    journal = Journal.open(tmp_path / "journal.db")
    dispatcher = dispatcher_of(journal, tmp_path, gate.url)
    try:
        assert set(acknowledged) <= set(journal.ids(Query()))
        while (turn := dispatcher.turn()).did is Did.SENDING or turn.wait_s is not None:
            dispatcher.rest(turn.rest_s)
        entries = journal.page(Query(), 1000)
        assert {entry.state for entry in entries} == {State.ACCEPTED}
        assert sorted(gate.stored) == sorted(entry.id for entry in entries)
        cut = [entry for entry in entries if entry.ambiguous]
        # Each round that died at the gate left one that had arrived without an answer.
        assert len([entry for entry in cut if entry.message.startswith("Already registered")]) >= 5
        assert all(len(entry.attempts) > 1 and entry.attempts[0].outcome == "unknown" for entry in cut)
        assert journal.verify().whole
    finally:
        dispatcher.release()
        journal.close()


HOLDER = """
import sys
from pathlib import Path
from app.journal.outbox import Journal
from tests.peers.attempts import once
from tests.work.test_kill import dispatcher_of

home = Path(sys.argv[1])
journal = Journal.open(home / "journal.db")
dispatcher = dispatcher_of(journal, home, sys.argv[2])
print(*once(dispatcher).ended, flush=True)
sys.stdin.readline()
"""


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path, gate: OnceGate) -> None:
    journal = Journal.open(tmp_path / "journal.db")
    journal.add_all([submission("theirs"), submission("ours")])
    dispatcher = dispatcher_of(journal, tmp_path, gate.url)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, tmp_path, gate.url],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "theirs\n"
        assert once(dispatcher).did is Did.ELSEWHERE
        holder.kill()
        holder.communicate(timeout=30)
        assert list(once(dispatcher).ended) == ["ours"]
        assert gate.stored == ["theirs", "ours"]
    finally:
        holder.kill()
        dispatcher.release()
        journal.close()
