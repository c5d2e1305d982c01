"""Whether a journal's file is encrypted, and encrypting one in place: whatever ends it, the old file or the new one
stands there, whole."""

from __future__ import annotations

from enum import StrEnum
from itertools import zip_longest
from pathlib import Path

from app.journal import backup
from app.journal.driver import Connection, clear, connect, export, translated
from app.journal.errors import JournalBusy, JournalUnusable
from app.masked import Secret

_MAGIC = b"SQLite format 3\0"


class Form(StrEnum):
    """What the first bytes of a journal's file tell. A damaged first page looks like an encrypted one."""

    ABSENT = "absent"
    PLAIN = "plain"
    SEALED = "sealed"


def form_of(path: Path) -> Form:
    """Look at the file. Nothing in this process may have the journal open: closing any handle of a file gives up
    the locks that SQLite holds on it (sqlite.org/howtocorrupt.html, 2.2). Raises JournalUnusable."""
    try:
        with path.open("rb") as file:
            first = file.read(len(_MAGIC))
    except FileNotFoundError:
        return Form.ABSENT
    except OSError as fault:
        raise JournalUnusable(
            f"The journal {path} cannot be opened.",
            remedy="Check that the folder exists and that you may read and write in it.",
            detail=str(fault),
        ) from fault
    if not first:
        return Form.ABSENT
    return Form.PLAIN if first == _MAGIC else Form.SEALED


def seal(path: Path, key: Secret) -> None:
    """Encrypt the journal in clear at `path` under `key`; backups of it that are in clear are removed.

    The encrypted file is written beside it, compared row by row, and takes its name in one step: until then the old
    one is untouched. Blocks for some seconds per 100,000 submissions. Nobody may open the journal meanwhile. Raises
    JournalBusy where somebody has it open, JournalFull, JournalUnusable.
    """
    part = _part(path)
    clear(part)
    try:
        part.touch(mode=0o600)
        with translated(path):
            source = connect(path)
            try:
                _alone(source)
                export(source, part, key)
                _compare(source, part, key)
            finally:
                source.close()
        part.replace(path)
    except OSError as fault:
        raise JournalUnusable(
            f"The journal {path} could not be replaced: {fault.strerror}.",
            remedy="Close other windows of this program, check the folder's rights, and repeat. Nothing was changed.",
        ) from fault
    finally:
        clear(part)
    backup.forget(path)


def sweep(path: Path) -> None:
    """Remove what a sealing that was interrupted left beside the journal. Nobody may be sealing it now."""
    clear(_part(path))


def _part(path: Path) -> Path:
    return path.with_name(f"{path.name}.sealing")


def _alone(source: Connection) -> None:
    """Take the write-ahead log into the file and keep others out of it. SQLite does the former only where nobody
    else has the file open."""
    source.execute("PRAGMA main.locking_mode = EXCLUSIVE")
    row = source.execute("PRAGMA journal_mode = DELETE").fetchone()
    if row is None or row[0] != "delete":
        raise JournalBusy("Another window uses the journal.", remedy="Close it, then repeat. Nothing was changed.")


def _compare(source: Connection, part: Path, key: Secret) -> None:
    """Raise JournalUnusable unless `part` says what `source` says, and nothing but with the key."""
    sealed = connect(part, key)
    try:
        same = all(_same(source, sealed, question) for question in (*_SHAPE, *_contents(source)))
        sound = not sealed.execute("PRAGMA cipher_integrity_check").fetchall()
        row = sealed.execute("PRAGMA quick_check(1)").fetchone()
    finally:
        sealed.close()
    if not (same and sound and row and row[0] == "ok"):
        raise JournalUnusable(
            "The encrypted copy of the journal is not equal to it.",
            remedy="The journal stays as it was. Have the disk checked, then repeat.",
        )


_SHAPE = ("PRAGMA user_version", "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name")


def _contents(source: Connection) -> list[str]:
    tables = source.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
    # Every table has either row numbers or a primary key, which the order goes by of itself.
    return [f'SELECT * FROM "{row[0]}"' for row in tables]  # noqa: S608 - names of ours


def _same(one: Connection, other: Connection, question: str) -> bool:
    return all(left == right for left, right in zip_longest(one.execute(question), other.execute(question)))
