"""The journal with a million submissions: pages, searches and filters against the same statements on a bare
connection, on the same file in clear; memory against a thousand; opening.

Not against the sqlite3 shell: that of Debian 12 (3.40) lacks what the schema uses (concat_ws, 3.44; the search index,
3.45).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from app.journal import reading, rows
from app.journal.database import Database
from app.journal.driver import Connection, connect
from app.journal.outbox import Journal
from app.journal.records import Query
from app.provisioning.submission import State
from tests.bench.told import line, row
from tests.peers.submissions import submission

MANY, FEW = 1_000_000, 1_000
PAGE, ROUNDS = 100, 15

PEAK = """
import resource, sys
from pathlib import Path
from app.journal.outbox import Journal
from app.journal.records import Query
journal = Journal.open(Path(sys.argv[1]))
for query in (Query(), Query(search="5678"), Query(search="user12")):
    journal.page(query, 100)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""

QUERIES = {
    "the newest page": Query(),
    "an IMEI by its last 6 digits": Query(search="012345"),
    "an ICCID by its last 8 digits": Query(search="00012345"),
    "a number": Query(search="+525500012345"),
    "a user": Query(search="user12345"),
    "two words": Query(search="user123 Quectel"),
    "one state": Query(states=(State.REJECTED,)),
    "a state and a user": Query(states=(State.REJECTED,), search="user123"),
}


def fill(path: Path, count: int) -> None:
    """A journal as years of work leave it: nearly all accepted. Written in bulk: how fast is measured elsewhere."""
    database = Database(path)

    def some(connection: Connection, first: int, last: int) -> None:
        for number in range(first, last):
            made = rows.submission_row(
                submission(
                    f"s-{number}",
                    imei=f"{number * 7919 % 10**15:015d}",
                    iccid=f"8952140{number:012d}",
                    number=f"+5255{number:08d}",
                    username=f"user{number}",
                    device_brand="Quectel",
                )
            )
            made |= {"state": "rejected" if number % 50 == 0 else "accepted", "body": None, "answer": made["fields"]}
            made |= {"created_at": f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}T08:00:00.000000Z"}
            connection.execute(
                f"INSERT INTO submissions ({', '.join(made)}) VALUES ({', '.join(f':{name}' for name in made)})",  # noqa: S608 - our names
                made,
            )

    for first in range(0, count, 20_000):
        database.write(lambda c, first=first: some(c, first, min(first + 20_000, count)))  # type: ignore[misc] # bound
    database.close()


class Recorder:
    """A connection that notes what is asked of it."""

    def __init__(self, connection: Connection) -> None:
        self.asked: list[tuple[str, Any]] = []
        self._connection = connection

    def execute(self, sql: str, values: Any = ()) -> Any:
        self.asked.append((sql, values))
        return self._connection.execute(sql, values)


def bare(connection: Connection, query: Query) -> float:
    """Milliseconds for the statements of a page, its rows fetched and nothing made of them."""
    recorder = Recorder(connection)
    reading.entries(recorder, reading.seqs(recorder, query, PAGE, None))  # type: ignore[arg-type] # as a connection

    def replay() -> None:
        connection.execute("BEGIN")
        for sql, values in recorder.asked:
            connection.execute(sql, values).fetchall()
        connection.execute("ROLLBACK")

    return ours(replay)


def ours(work: Callable[[], object]) -> float:
    work()
    took = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        took.append((time.perf_counter() - begun) * 1000)
    return median(took)


def peak_mb(path: Path) -> float:
    done = subprocess.run([sys.executable, "-c", PEAK, str(path)], capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout))


def journal(count: int = MANY) -> None:
    with tempfile.TemporaryDirectory() as folder:
        many, few = Path(folder) / "many.db", Path(folder) / "few.db"
        begun = time.monotonic()
        fill(many, count)
        fill(few, FEW)
        line(
            f"a journal of {count} submissions",
            f"{many.stat().st_size / 1e6:.0f} MB in {time.monotonic() - begun:.0f} s",
        )
        opening = ours(lambda: Journal.open(many).close())
        line("journal: open, looked at", f"{opening:.1f} ms")
        opened, connection = Journal.open(many), connect(many)
        try:
            for what, query in QUERIES.items():
                mine = ours(lambda query=query: opened.page(query, PAGE))  # type: ignore[misc] # bound at once
                theirs = bare(connection, query)
                row(f"journal: {what}", f"{mine:.2f} ms", f"{theirs:.2f} ms bare SQL", mine / theirs)
        finally:
            connection.close()
            opened.close()
        large, small = peak_mb(many), peak_mb(few)
        row("journal: memory", f"{large:.0f} MB", f"{small:.0f} MB with {FEW}", large / small)
        line("", "goals: at most 2.00 against the same SQL, 1.20 for memory")
