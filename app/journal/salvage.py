"""What can still be read of a damaged journal, written into a new one in its place; the damaged one is kept beside it.

Rows are asked for by their number, so that a damaged page costs what stands on it and no more. What is not final
comes first: it exists nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from app.journal import jobs, rows, verify
from app.journal.database import Database
from app.journal.driver import Connection, Fault, Row, clear, connect, translated
from app.journal.errors import JournalUnusable, NewerJournal, StepFailed
from app.masked import Secret
from app.provisioning.submission import State, order_keys

AT_ONCE = 200
"""Rows read and written together where nothing is damaged."""

HIGHEST = 10_000_000
"""No number of ours: one a second for four months. A damaged page may claim more."""

_FINAL = tuple(state.value for state in State if state.final)
_ATTEMPT = ("seq", "number", "at", "outcome", "code", "status", "message", "duration_ms")
_AUDIT = ("seq", "at", "kind", "submission", "detail", "keyed", "prev", "code")


class Salvaged(Struct, frozen=True):
    """`recovered` of `found` submissions stand in the new journal, `unfinished` of them not final yet. `kept` is
    the damaged file."""

    found: int
    recovered: int
    unfinished: int
    kept: Path

    def __str__(self) -> str:
        return f"{self.recovered} of {self.found} submissions were recovered, {self.unfinished} are yet to be sent."


def is_sound(path: Path, key: Secret | None = None) -> bool:
    """Whether the journal opens and its database is whole. Raises JournalError for what is no damage."""
    try:
        database = Database(path, key=key)
    except (StepFailed, NewerJournal):
        raise
    except JournalUnusable:
        return False
    try:
        return not any(database.read(look) for look in (verify.integrity, verify.references, verify.search))
    except JournalUnusable:
        return False
    finally:
        database.close()


class Damage(Struct, frozen=True):
    """`readable` of `found` submissions of a damaged journal can be read, `unfinished` of them not final yet."""

    found: int
    readable: int
    unfinished: int


def damaged_copies(path: Path) -> list[Path]:
    """What salvages have left beside the journal at `path`, the oldest first."""
    return sorted(path.parent.glob(f"{path.name}.damaged-*"))


def survey(path: Path, key: Secret | None = None) -> Damage:
    """See what `salvage` would save; nothing is changed. Raises JournalUnusable where that is nothing, JournalFull."""
    part = path.with_name(f"{path.name}.surveyed")
    clear(part)
    try:
        return Damage(*_readable(path, part, key))
    finally:
        clear(part)


def salvage(path: Path, now: datetime, key: Secret | None = None) -> Salvaged:
    """Replace the journal at `path` by a new one, under the same `key`, that holds all that could be read.

    Nobody else may have it open. Until all is written `path` stays as it is, so a salvage that is interrupted can be
    begun again. Raises JournalUnusable where nothing can be read, JournalFull.
    """
    kept = path.with_name(f"{path.name}.damaged-{now:%Y%m%dT%H%M%SZ}")
    part = path.with_name(f"{path.name}.repaired")
    clear(part)
    try:
        found, recovered, unfinished = _readable(path, part, key)
        _exchange(path, part, kept)
    except OSError as fault:
        raise JournalUnusable(
            f"The journal {path} could not be replaced: {fault.strerror}.",
            remedy="Close other windows of this program, check the folder's rights, and repeat.",
        ) from fault
    finally:
        clear(part)
    return Salvaged(found, recovered, unfinished, kept)


def _readable(path: Path, part: Path, key: Secret | None) -> tuple[int, int, int]:
    with translated(path):
        found, recovered, unfinished = _copied(path, part, key)
    if not recovered:
        raise JournalUnusable(
            f"No submission can be read from {path}.",
            remedy="Nothing was changed. Restore the file from a backup, or move it away to start anew.",
        )
    return found, recovered, unfinished


def _exchange(path: Path, part: Path, kept: Path) -> None:
    kept.hardlink_to(path)
    for ending in ("-wal", "-shm"):
        # Left where it is, it would be taken for the new file's own.
        if (beside := path.with_name(path.name + ending)).exists():
            beside.replace(kept.with_name(kept.name + ending))
    part.replace(path)


class _Source:
    """The damaged file. `begin_anew` after each fault: an encrypted one that has met a page whose seal is broken reads
    no other page any more (SQLCipher keeps the error with the connection)."""

    def __init__(self, path: Path, key: Secret | None) -> None:
        self._path, self._key = path, key
        self.connection = self._open()

    def _open(self) -> Connection:
        opened = connect(self._path, self._key)
        # Without it SQLite refuses a file that is shorter than its header says (sqlite.org/pragma.html).
        opened.execute("PRAGMA writable_schema = ON")
        opened.execute("PRAGMA query_only = ON")
        return opened

    def begin_anew(self) -> None:
        if self._key is not None:
            self.close()
            self.connection = self._open()

    def close(self) -> None:
        self.connection.close()


def _copied(path: Path, part: Path, key: Secret | None) -> tuple[int, int, int]:
    """(found, recovered, unfinished of them)."""
    source = _Source(path, key)
    try:
        target = Database(part, key=key)
        try:
            good: set[int] = set()
            lost: set[int] = set()
            unfinished = 0
            for final in (False, True):
                for chunk, unread in _submissions(source, _highest(source, "submissions"), final=final):
                    sound = [row for row in chunk if _is_sound(row)]
                    _write(target, source, sound, final=final)
                    good.update(row["seq"] for row in sound)
                    lost.update(unread, (row["seq"] for row in chunk))
                if not final:
                    unfinished = len(good)
            for chunk in _audit(source):
                _insert(target, "audit", _AUDIT, chunk)
            _state_of_the_station(source, target)
        finally:
            target.close()
    finally:
        source.close()
    return len(good | lost), len(good), unfinished


def _highest(source: _Source, table: str) -> int:
    found = [0]
    for question in (
        f"SELECT max(seq) FROM {table}",  # noqa: S608 - a name of ours
        f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'",  # noqa: S608 - a name of ours
    ):
        found += [row[0] for row in _read(source, question) or () if isinstance(row[0], int)]
    return max(number for number in found if number <= HIGHEST)


def _submissions(source: _Source, highest: int, *, final: bool) -> Iterator[tuple[list[Row], list[int]]]:
    marks = ",".join("?" * len(_FINAL))
    chosen = f"submissions NOT INDEXED WHERE state {'' if final else 'NOT '}IN ({marks})"
    return _chunks(source, f"SELECT {_columns(source)} FROM {chosen}", _FINAL, highest)  # noqa: S608 - our names


def _columns(source: _Source) -> str:
    """What is kept of a submission; empty for what a journal of an earlier version does not have."""
    there = {row[1] for row in _read(source, "PRAGMA table_info(submissions)") or ()}
    return ", ".join(name if name in there else f"NULL AS {name}" for name in rows.STORED)


def _audit(source: _Source) -> Iterator[list[Row]]:
    for chunk, _ in _chunks(source, f"SELECT {', '.join(_AUDIT)} FROM audit WHERE 1", (), _highest(source, "audit")):  # noqa: S608 - our names
        yield chunk


def _chunks(source: _Source, sql: str, values: tuple[str, ...], highest: int) -> Iterator[tuple[list[Row], list[int]]]:
    """(rows, numbers that could not be read) of each stretch of numbers."""
    sql = f"{sql} AND seq BETWEEN ? AND ?"
    for first in range(1, highest + 1, AT_ONCE):
        last = min(first + AT_ONCE - 1, highest)
        together = _stretch(source, sql, values, first, last)
        if together is not None:
            yield together, []
            continue
        each = {number: _stretch(source, sql, values, number, number) for number in range(first, last + 1)}
        found = [row for rows_of in each.values() for row in rows_of or ()]
        yield found, [number for number, rows_of in each.items() if rows_of is None]


def _stretch(source: _Source, sql: str, values: tuple[str, ...], first: int, last: int) -> list[Row] | None:
    """The rows of these numbers, None where damage stands in the way or gives rows of other numbers."""
    found = _read(source, sql, (*values, first, last))
    return None if found is None or any(not first <= row["seq"] <= last for row in found) else found


def _read(source: _Source, sql: str, values: tuple[object, ...] = ()) -> list[Row] | None:
    """None where damage stands in the way."""
    try:
        return source.connection.execute(sql, values).fetchall()
    except Fault:
        source.begin_anew()
        return None


def _is_sound(row: Row) -> bool:
    """Whether the row still says what it must: damage can leave a row readable and its texts cut or foreign."""
    try:
        if not all(isinstance(row[name], str) for name in rows.ENCODED):
            return False
        entry = rows.entry_of((*(row[name] for name in rows.SHOWN), None, None), ())
        return entry.state.final or isinstance(json.loads(bytes(row["body"])), dict)
    except (ValueError, TypeError, KeyError, AttributeError):
        return False


def _write(target: Database, source: _Source, chunk: list[Row], *, final: bool) -> None:
    _insert(target, "submissions", rows.STORED, chunk)
    for row in chunk:
        attempts = _read(source, "SELECT * FROM attempts WHERE seq = ?", (row["seq"],)) or []
        _insert(target, "attempts", _ATTEMPT, attempts)
    if not final:
        moving = (row for row in chunk if row["code"] != jobs.STOPPED)
        keys = [(row["seq"], key) for row in moving for key in order_keys(rows.loaded(row["fields"]))]
        target.write(lambda c: c.executemany("INSERT INTO order_keys (seq, key) VALUES (?, ?)", keys))


def _insert(target: Database, table: str, columns: Iterable[str], chunk: list[Row]) -> None:
    if not chunk:
        return
    names = tuple(columns)
    sql = f"INSERT OR REPLACE INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608 - ours
    values = [tuple(row[name] for name in names) for row in chunk]
    target.write(lambda c: c.executemany(sql, values))


def _state_of_the_station(source: _Source, target: Database) -> None:
    """Pause and back-off, the fence of the lease, the head of the trail, the operators, as far as they are there."""
    for table in ("link", "lease", "meta", "operators"):
        found = _read(source, f"SELECT * FROM {table}") or []  # noqa: S608 - a name of ours
        _insert(target, table, [row[1] for row in _read(source, f"PRAGMA table_info({table})") or ()], found)
