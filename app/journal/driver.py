"""The one module that meets the database driver: opening a connection, and the driver's errors in our words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, cast

from sqlcipher3 import dbapi2  # type: ignore[import-untyped] # the driver ships no types

from app.journal.errors import DiskRefused, JournalBusy, JournalDamaged, JournalError, JournalFull, JournalUnusable
from app.masked import Secret

Parameters = Sequence[object] | Mapping[str, object]

BUSY_TIMEOUT_MS = 5000
"""How long a write waits for another process; a transaction of ours takes a few milliseconds."""


KEY_BYTES = 32


class Row(Protocol):
    def __iter__(self) -> Iterator[Any]: ...
    def __getitem__(self, key: str | int) -> Any: ...


class Cursor(Protocol):
    @property
    def rowcount(self) -> int: ...
    def fetchone(self) -> Row | None: ...
    def fetchall(self) -> list[Row]: ...
    def __iter__(self) -> Iterator[Row]: ...


class Connection(Protocol):
    """The part of a DB-API connection that the journal uses."""

    @property
    def in_transaction(self) -> bool: ...
    def execute(self, sql: str, parameters: Parameters = ..., /) -> Cursor: ...
    def executemany(self, sql: str, parameters: Iterable[Parameters], /) -> Cursor: ...
    def close(self) -> None: ...


Fault = dbapi2.Error
"""What the driver raises, untranslated."""


def clear(path: Path) -> None:
    """Remove the database at `path`, with the files that SQLite keeps beside it. Nobody may have it open."""
    for ending in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def copy(source: Path, path: Path, key: Secret | None = None) -> None:
    """Copy what is committed in the database `source` into the empty file `path`, durably and under the same key.

    On a connection of its own: one that is writing cannot be copied from. Driver errors pass as they are.
    """
    reader, target = connect(source, key), connect(path, key)
    try:
        cast(Any, reader).backup(target)
        # The copy is of a database in WAL mode and would leave files of its own beside it when it is opened.
        target.execute("PRAGMA journal_mode = DELETE")
    finally:
        target.close()
        reader.close()


def connect(path: Path, key: Secret | None = None) -> Connection:
    """Open `path` with transactions left to the caller. Driver errors pass as they are: use `translated`.

    `key` is 64 hexadecimal digits, None for a file in clear; a wrong one shows at the first statement (NOTADB).
    """
    connection = dbapi2.connect(
        str(path), isolation_level=None, check_same_thread=False, timeout=BUSY_TIMEOUT_MS / 1000
    )
    connection.row_factory = dbapi2.Row
    # It would write to standard error, past every log of ours.
    connection.execute("PRAGMA cipher_log_level = NONE")
    if key is not None:
        connection.execute(f"PRAGMA key = {_raw(key)}")
    return cast(Connection, connection)


def export(connection: Connection, path: Path, key: Secret) -> None:
    """Write everything in `connection`, a file in clear, into the new file `path` under `key`, durably."""
    connection.execute(f"ATTACH DATABASE ? AS sealed KEY {_raw(key)}", (str(path),))
    connection.execute("SELECT sqlcipher_export('sealed')").fetchall()
    # What the export leaves out (zetetic.net/sqlcipher/sqlcipher-api, sqlcipher_export).
    row = connection.execute("PRAGMA main.user_version").fetchone()
    connection.execute(f"PRAGMA sealed.user_version = {row[0] if row else 0}")
    connection.execute("DETACH DATABASE sealed")


def _raw(key: Secret) -> str:
    """The key as SQLCipher takes one that needs no derivation: opening costs nothing more."""
    digits = key.reveal()
    if len(bytes.fromhex(digits)) != KEY_BYTES:
        raise ValueError("a journal's key has 256 bits")
    return f"\"x'{digits}'\""


_FULL = frozenset({dbapi2.SQLITE_FULL})
# Of a failed write only a full disk has a code of its own; a used-up quota and a file at its largest come as this.
_DISK = frozenset({dbapi2.SQLITE_IOERR})
_BUSY = frozenset({dbapi2.SQLITE_BUSY, dbapi2.SQLITE_LOCKED})
_DAMAGED = frozenset({dbapi2.SQLITE_CORRUPT})
_UNUSABLE = frozenset(
    {
        dbapi2.SQLITE_NOTADB,
        dbapi2.SQLITE_READONLY,
        dbapi2.SQLITE_CANTOPEN,
        dbapi2.SQLITE_PERM,
        dbapi2.SQLITE_FORMAT,
    }
)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn the driver's errors into JournalFull, DiskRefused, JournalBusy or JournalUnusable.

    Others are faults of ours and pass.
    """
    try:
        yield
    except dbapi2.Error as fault:
        # The low byte is the primary code (sqlite.org/rescode.html).
        error = _error(getattr(fault, "sqlite_errorcode", 0) & 0xFF, path, str(fault))
        if error is None:
            raise
        raise error from fault


def _error(code: int, path: Path, detail: str) -> JournalError | None:
    if code in _FULL:
        return JournalFull(
            "The disk that holds the journal is full.",
            remedy="Free some space and repeat the last step; everything before it is kept.",
            detail=detail,
        )
    if code in _DISK:
        return DiskRefused(
            "The disk did not take or give what the journal needs: there is no room, a quota is used up, or it fails.",
            remedy="Free some space and repeat the last step; all before it is kept. Else have the disk checked.",
            detail=detail,
        )
    if code in _BUSY:
        return JournalBusy(
            "Another program is using the journal.",
            remedy="Close other windows of this program, and backup or virus tools that hold the file; then repeat.",
            detail=detail,
        )
    if code in _DAMAGED:
        return JournalDamaged(
            f"The journal {path} is damaged.",
            remedy="Open the program again, or: gate-station journal repair. It saves what can be read.",
            detail=detail,
        )
    if code in _UNUSABLE:
        return JournalUnusable(
            f"The journal {path} cannot be used.",
            remedy="Check that the folder can be written; if it can: gate-station journal repair.",
            detail=detail,
        )
    return None
