"""An encrypted journal against the same one in clear: a durable commit, opening, a page, a search; told, no goal."""

from __future__ import annotations

import secrets
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from app.journal.driver import KEY_BYTES
from app.journal.outbox import Journal
from app.journal.records import Query
from app.journal.sealing import seal
from app.masked import Secret
from tests.bench.told import line, row
from tests.peers.submissions import submission

ROWS, AT_ONCE = 100_000, 5_000
ROUNDS = 30


def encrypted(rows: int = ROWS) -> None:
    """Both hold the same `rows` on the same disk; each number is the median of several rounds."""
    with tempfile.TemporaryDirectory() as folder:
        plain, sealed = Path(folder) / "plain.db", Path(folder) / "sealed.db"
        key = Secret(secrets.token_hex(KEY_BYTES))
        journal = Journal.open(plain)
        for first in range(0, rows, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, rows))
            journal.add_all(
                submission(f"s-{number}", imei=f"{number:015d}", username=f"user{number}") for number in numbers
            )
        journal.close()
        shutil.copy(plain, sealed)
        began = time.perf_counter()
        seal(sealed, key)
        line(f"encrypting a journal of {rows} submissions", f"{time.perf_counter() - began:.1f} s")
        found = {
            name: (_measured(path, its_key), path.stat().st_size)
            for name, path, its_key in (("plain", plain, None), ("sealed", sealed, key))
        }
        for what, took in found["sealed"][0].items():
            reference = found["plain"][0][what]
            row(f"encrypted: {what}", f"{took:.2f} ms", f"in clear {reference:.2f} ms", took / reference)
        sizes = [found[name][1] / 1e6 for name in ("sealed", "plain")]
        row("encrypted: size", f"{sizes[0]:.1f} MB", f"in clear {sizes[1]:.1f} MB", sizes[0] / sizes[1])


def _measured(path: Path, key: Secret | None) -> dict[str, float]:
    opening = _median_ms(lambda: Journal.open(path, key=key).close())
    journal = Journal.open(path, key=key)
    try:
        return {
            "a durable commit": _median_ms(lambda: journal.add(submission())),
            "opening": opening,
            "a page of 100": _median_ms(lambda: journal.page(Query(), 100)),
            "a search by part of a name": _median_ms(lambda: journal.page(Query(search="user4242"), 100)),
        }
    finally:
        journal.close()


def _median_ms(work: Callable[[], object]) -> float:
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return median(took)
