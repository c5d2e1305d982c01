"""One SQLite file: a single writer thread whose answer means durable, and readers that never wait for it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Condition, Lock
from typing import TypeVar

from app.journal import schema, sealing
from app.journal.driver import BUSY_TIMEOUT_MS, Connection, connect, translated
from app.journal.errors import JournalBusy, JournalDamaged, JournalError, JournalUnusable
from app.masked import Secret
from app.seams import blocking

log = logging.getLogger(__name__)

T = TypeVar("T")

CHECKED_WHOLE_BELOW = 16 * 1024 * 1024
"""Bytes, some 8,000 submissions: 0.2 s. A larger file would hold up the start (a million submissions for half a
minute): there only what delivery lives on is checked."""

READERS_S = 10.0
"""How long encrypting the file waits for those who read."""

_LIVE_TABLES = ("order_keys", "link", "lease", "meta")

# FULL: COMMIT returns when the bytes are on the disk (sqlite.org/pragma.html#pragma_synchronous).
# secure_delete: what is removed is overwritten, since hashes and identifiers are removed for a reason.
_WRITER = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
)


class Database:
    """An open journal file. Safe to use from any thread; several processes may have it open."""

    def __init__(self, path: Path, steps: Sequence[schema.Step] = schema.STEPS, *, key: Secret | None = None) -> None:
        """Open or create `path` (its folder exists) under `key`, None for in clear, and bring it to the last of
        `steps`.

        Raises JournalUnusable, JournalFull or JournalBusy.
        """
        blocking("journal write")
        self.path = path
        self._steps = steps
        self._key = key
        self._idle: list[Connection] = []
        self._lock = Lock()
        self._at_rest = Condition(self._lock)
        self._readers = 0
        self._sealing = False
        self._closed = False
        self._wipe_due = False
        self._thread = ThreadPoolExecutor(1, "journal-writer")
        try:
            self._writer = self._thread.submit(self._open).result()
        except BaseException:
            self._thread.shutdown()
            raise

    def _open(self) -> Connection:
        try:
            self.path.touch(mode=0o600)
        except OSError as fault:
            raise JournalUnusable(
                f"The journal {self.path} cannot be opened.",
                remedy="Check that the folder exists and that you may write to it.",
                detail=str(fault),
            ) from fault
        with translated(self.path):
            connection = connect(self.path, self._key)
            try:
                for pragma in _WRITER:
                    connection.execute(pragma)
                self._check(connection)
                schema.bring_up_to_date(connection, self.path, self._steps, self._key)
            except BaseException:
                connection.close()
                raise
        return connection

    def _check(self, connection: Connection) -> None:
        known = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if self.path.stat().st_size < CHECKED_WHOLE_BELOW:
            checks = ["PRAGMA quick_check(1)"]
        else:
            checks = [f"PRAGMA quick_check({table})" for table in _LIVE_TABLES if table in known]
        for check in checks:
            row = connection.execute(check).fetchone()
            if row is None or row[0] != "ok":
                raise JournalDamaged(
                    f"The journal {self.path} is damaged.",
                    remedy="What can be read is saved with: gate-station journal repair. The damaged file is kept.",
                    detail=str(row[0]) if row else check,
                )

    def write(self, job: Callable[[Connection], T], *, wipes: bool = False) -> T:
        """Run `job` in one transaction and return its result once COMMIT has returned: it is on the disk.

        Whatever `job` raises undoes all of it. `wipes`: what the job removed must also leave the write-ahead
        log, at once where no reader is in the way, else after the next write. Raises JournalFull, JournalBusy
        or JournalUnusable.
        """
        blocking("journal write")
        return self._on_writer(lambda: self._transact(job, wipes))

    def _transact(self, job: Callable[[Connection], T], wipes: bool) -> T:
        connection = self._writer
        with translated(self.path):
            connection.execute("BEGIN IMMEDIATE")
            try:
                result = job(connection)
                connection.execute("COMMIT")
            except BaseException:
                # SQLite ends the transaction itself on some faults, such as a full disk.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            self._wipe_due |= wipes
            if self._wipe_due:
                self._wipe()
        return result

    def _wipe(self) -> None:
        """Empty the write-ahead log, without waiting for readers."""
        try:
            with translated(self.path):
                self._writer.execute("PRAGMA busy_timeout = 0")
                row = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                self._writer.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
                self._wipe_due = row is None or row[0] != 0
        except JournalError as trouble:
            # The write before it is on the disk and must not look failed; the next one tries again.
            log.warning("the journal's write-ahead log was not emptied: %s", trouble.detail)

    def read(self, query: Callable[[Connection], T]) -> T:
        """Run `query` on a connection that cannot write and sees one moment's state.

        Raises JournalUnusable or JournalBusy.
        """
        blocking("journal read")
        with self._counted(), translated(self.path):
            connection = self._borrow()
            try:
                connection.execute("BEGIN")
                try:
                    return query(connection)
                finally:
                    connection.execute("ROLLBACK")
            finally:
                self._give_back(connection)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Among the readers, once no sealing is under way."""
        with self._at_rest:
            self._at_rest.wait_for(lambda: not self._sealing)
            self._readers += 1
        try:
            yield
        finally:
            with self._at_rest:
                self._readers -= 1
                self._at_rest.notify_all()

    def seal(self, key: Secret) -> None:
        """Encrypt the file in place under `key`, as `sealing.seal` does; who reads or writes meanwhile waits.

        Raises JournalBusy where another process has the journal open or a long read does not end, JournalFull,
        JournalUnusable. Then nothing has changed.
        """
        blocking("journal write")
        self._on_writer(lambda: self._seal(key))

    def _seal(self, key: Secret) -> None:
        with self._at_rest:
            self._sealing = True
            rests = self._at_rest.wait_for(lambda: not self._readers, READERS_S)
            idle, self._idle = self._idle, []
        try:
            for connection in idle:
                connection.close()
            if not rests:
                raise JournalBusy("The journal is being read.", remedy="Repeat once the list or the export is there.")
            self._writer.close()
            try:
                sealing.seal(self.path, key)
                self._key = key
            finally:
                self._writer = self._open()
        finally:
            with self._at_rest:
                self._sealing = False
                self._at_rest.notify_all()

    def foreign_version(self) -> int:
        """A number that changes whenever another process has written."""
        blocking("journal read")
        return self._on_writer(self._data_version)

    def _data_version(self) -> int:
        # Asked on the writing connection: only commits of other connections change it, and none of ours write.
        with translated(self.path):
            row = self._writer.execute("PRAGMA data_version").fetchone()
        return int(row[0]) if row else 0

    def close(self) -> None:
        """Finish what is being written and close; the last process to close also empties the write-ahead log."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
        self._thread.submit(self._close_writer).result()
        self._thread.shutdown()

    def _close_writer(self) -> None:
        # Looked up here, on its thread: a sealing before it puts another in its place.
        self._writer.close()

    def _on_writer(self, work: Callable[[], T]) -> T:
        with self._lock:
            self._refuse_closed()
            running = self._thread.submit(work)
        return running.result()

    def _borrow(self) -> Connection:
        with self._lock:
            self._refuse_closed()
            if self._idle:
                return self._idle.pop()
        connection = connect(self.path, self._key)
        connection.execute("PRAGMA query_only = ON")
        return connection

    def _give_back(self, connection: Connection) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()

    def _refuse_closed(self) -> None:
        if self._closed:
            raise JournalUnusable("The journal is closed.", remedy="Start the program again.")
