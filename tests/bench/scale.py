"""The journal with a million submissions: opening, pages, filters and searches against the same SQL on a bare
connection of the driver, and the memory that it takes against a small one.

Not against the sqlite3 shell: Debian's is older than a function in the computed columns (concat_ws, SQLite 3.44).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from app.journal import reading
from app.journal.driver import connect
from app.journal.outbox import Journal
from app.journal.records import Query
from app.provisioning.submission import State
from tests.bench.told import line, row
from tests.peers.submissions import submission

MANY, FEW, AT_ONCE, ROUNDS = 1_000_000, 1_000, 10_000, 15
PAGE = 100
QUERIES = {
    "the newest page": Query(),
    "a page of one state": Query(states=(State.QUEUED,)),
    "a page of one day": Query(since=datetime(2026, 11, 1, tzinfo=UTC)),
    "the end of an IMEI": Query(search="424242"),
    "a user": Query(search="user-987654"),
    "two words": Query(search="user-98 quectel"),
}


def filled(path: Path, count: int) -> None:
    """A journal with `count` submissions, each with its audit row."""
    journal = Journal.open(path)
    for first in range(0, count, AT_ONCE):
        journal.add_all(
            submission(
                f"s-{number}",
                imei=f"35{number:013d}",
                iccid=f"8952{number:015d}",
                username=f"user-{number}",
                device_brand="Quectel" if number % 3 else "Telit",
            )
            for number in range(first, min(first + AT_ONCE, count))
        )
    journal.close()


def scale(rows: int = MANY) -> None:
    with tempfile.TemporaryDirectory() as folder:
        many, few = Path(folder) / "many.db", Path(folder) / "few.db"
        begun = time.monotonic()
        filled(many, rows)
        filled(few, FEW)
        line(f"entering {rows} submissions", f"{time.monotonic() - begun:.0f} s, {many.stat().st_size / 1e6:.0f} MB")
        opening = _median_ms(lambda: Journal.open(many).close(), 3)
        line("opening, checked", f"{opening:.1f} ms")
        journal, bare = Journal.open(many), connect(many)
        try:
            for what, query in QUERIES.items():
                _compared(what, query, journal, bare)
        finally:
            journal.close()
            bare.close()
        memory = {path: _memory_mb(path) for path in (many, few)}
        row(
            "memory after pages and searches",
            f"{memory[many]:.1f} MB",
            f"{memory[few]:.1f} MB with {FEW}",
            memory[many] / memory[few],
        )


def _compared(what: str, query: Query, journal: Journal, bare: Any) -> None:
    """One page through the journal, and the statements it ran, run alone. `bare` is a connection of the driver."""
    statements: list[str] = []
    bare.set_trace_callback(statements.append)
    reading.entries(bare, reading.seqs(bare, query, PAGE, None))
    bare.set_trace_callback(None)
    ours = _median_ms(lambda: journal.page(query, PAGE))
    theirs = _median_ms(lambda: [bare.execute(statement).fetchall() for statement in statements])
    row(what, f"{ours:.1f} ms", f"{theirs:.1f} ms the same SQL alone", ours / theirs)


MEMORY = """
import resource, sys
from pathlib import Path
from app.journal.outbox import Journal
from tests.bench.scale import PAGE, QUERIES
journal = Journal.open(Path(sys.argv[1]))
for query in QUERIES.values():
    journal.page(query, PAGE)
    journal.count(query)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
journal.close()
"""


def _memory_mb(path: Path) -> float:
    done = subprocess.run([sys.executable, "-c", MEMORY, str(path)], capture_output=True, text=True, check=True)
    return float(done.stdout)


def _median_ms(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return median(took)
