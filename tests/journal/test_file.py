"""The file itself: opening, damage, a full disk, two programs at once, and what is no longer in it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.errors import WorkstationError
from app.journal.driver import Connection
from app.journal.errors import JournalFull, JournalUnusable
from app.journal.outbox import Journal
from app.journal.records import Ended, Query
from app.provisioning.outcome import Outcome, Result
from app.provisioning.submission import State
from app.seams import BlockedUiThread, allow_here, refuse_here
from tests.journal.conftest import BACKOFF, ROUTE, Attempt
from tests.peers.submissions import Clock, submission

ROOT = Path(__file__).parents[2]


def test_what_was_added_is_there_after_reopening(path: Path) -> None:
    first = Journal.open(path)
    made = submission("one", imei="356938035643809", replaces="zero")
    first.add(made)
    first.close()
    second = Journal.open(path)
    entry = second.entry("one")
    second.close()
    assert entry is not None
    assert (entry.kind, entry.workflow, entry.fields, entry.origins) == (
        made.kind,
        made.workflow,
        made.fields,
        made.origins,
    )
    assert (entry.operator, entry.consent, entry.device, entry.replaces) == (
        "Ana",
        "employer-owned",
        made.device,
        "zero",
    )
    assert (entry.state, entry.created_at, entry.attempts) == (State.QUEUED, made.created_at, ())


def test_writes_wait_for_the_disk_and_survive_a_power_cut_of_the_program(journal: Journal) -> None:
    def pragmas(connection: Connection) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        rows = [connection.execute(f"PRAGMA {name}").fetchone() for name in names]
        return [row[0] if row else None for row in rows]

    assert journal._database._thread.submit(pragmas, journal._database._writer).result() == ["wal", 2, 1, 1]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights elsewhere")
def test_only_the_owner_may_read_it(journal: Journal, path: Path) -> None:
    journal.add(submission())
    assert {file.name: file.stat().st_mode & 0o077 for file in path.parent.iterdir()} == {
        path.name: 0,
        f"{path.name}-wal": 0,
        f"{path.name}-shm": 0,
    }


def filled(path: Path, count: int = 200) -> None:
    journal = Journal.open(path)
    journal.add_all([submission() for _ in range(count)])
    journal.close()


def test_a_file_that_is_no_journal(path: Path) -> None:
    path.write_bytes(b"This is a letter, not a journal. " * 500)
    with pytest.raises(JournalUnusable) as caught:
        Journal.open(path)
    assert caught.value.code == "journal.unusable"
    assert caught.value.remedy
    assert path.read_bytes().startswith(b"This is a letter")


def test_a_damaged_file(path: Path) -> None:
    filled(path)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2 // 4096 * 4096
    data[middle : middle + 8192] = b"\xa5" * 8192
    path.write_bytes(data)
    with pytest.raises(JournalUnusable):
        Journal.open(path)


def test_a_file_cut_short(path: Path) -> None:
    filled(path)
    path.write_bytes(path.read_bytes()[: 5 * 4096])
    with pytest.raises(JournalUnusable):
        Journal.open(path)


def test_a_file_of_a_newer_version_is_left_alone(path: Path) -> None:
    filled(path, 1)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(JournalUnusable, match="newer version"):
        Journal.open(path)


@pytest.mark.parametrize("make", ["folder", "no folder"])
def test_a_path_that_cannot_be_opened(path: Path, make: str) -> None:
    if make == "folder":
        path.mkdir()
    with pytest.raises(JournalUnusable):
        Journal.open(path if make == "folder" else path / "deeper" / "journal.db")


def test_a_full_disk_loses_nothing_that_was_acknowledged(journal: Journal, attempt: Attempt) -> None:
    def limit(pages: int) -> None:
        journal._database._thread.submit(
            lambda: journal._database._writer.execute(f"PRAGMA max_page_count = {pages}").fetchone()
        ).result()

    limit(1)  # As many as there are now, at least.
    acknowledged: list[str] = []

    def fill() -> None:
        while True:
            made = submission()
            journal.add(made)
            acknowledged.append(made.id)

    with pytest.raises(JournalFull) as caught:
        fill()
    assert caught.value.remedy
    assert sorted(journal.ids(Query())) == sorted(acknowledged)
    limit(2**30)
    assert journal.verify().whole
    journal.add(submission("after"))
    assert attempt(Result.ACCEPTED) is State.ACCEPTED


def test_all_or_none(journal: Journal) -> None:
    journal.add(submission("twice"))
    with pytest.raises(Exception, match="UNIQUE"):
        journal.add_all([submission("new"), submission("twice")])
    assert journal.ids(Query()) == ["twice"]
    assert journal.verify().whole


@pytest.mark.parametrize("how", [State.ACCEPTED, State.REJECTED, State.CONFLICT, State.CANCELLED])
def test_secrets_leave_the_file_when_the_state_is_final(
    journal: Journal, path: Path, attempt: Attempt, how: State
) -> None:
    secrets = [b"$2a$12$KeepThisHashOutOfEveryFile", b"push-key-canary"]
    more = [submission() for _ in range(20)]
    journal.add(
        submission("one", imei="356938035643809", password=secrets[0].decode(), push_key=secrets[1].decode() * 300)
    )
    journal.add_all(more)

    def found() -> bool:
        return any(secret in file.read_bytes() for file in path.parent.iterdir() for secret in secrets)

    assert found()
    if how is State.CANCELLED:
        assert journal.cancel("one")
    else:
        assert attempt(Result(how.value)) is how
    assert not found()
    journal.close()
    assert not found()


def test_secrets_leave_the_file_with_the_write_that_ends_several(journal: Journal, path: Path) -> None:
    secret = b"$2a$12$KeepThisHashOutOfEveryFile"
    journal.add_all([submission("one", password=secret.decode()), submission("two"), submission("three")])
    accepted = Outcome(Result.ACCEPTED, "gate.accepted", "Stored.")
    lease = journal.acquire_lease("test")
    assert any(secret in file.read_bytes() for file in path.parent.iterdir())
    journal.finish(lease, [Ended(each, accepted, ROUTE) for each in journal.claim(lease, 3)], backoff=BACKOFF)
    assert not any(secret in file.read_bytes() for file in path.parent.iterdir())


def test_secrets_behind_a_reader_leave_with_the_next_write(journal: Journal, path: Path, attempt: Attempt) -> None:
    journal.add(submission("one", imei="356938035643809", password="$2a$12$KeepThisHashOutOfEveryFile"))
    reading, done = threading.Event(), threading.Event()

    def long_read(connection: Connection) -> None:
        connection.execute("SELECT count(*) FROM submissions").fetchone()
        reading.set()
        assert done.wait(30)

    with ThreadPoolExecutor(1) as pool:
        reader = pool.submit(journal._database.read, long_read)
        assert reading.wait(30)
        assert attempt(Result.ACCEPTED) is State.ACCEPTED
        done.set()
        reader.result()
    journal.add(submission())
    assert not any(b"KeepThisHash" in file.read_bytes() for file in path.parent.iterdir())


def test_purge_removes_what_was_settled_before(journal: Journal, path: Path, clock: Clock, attempt: Attempt) -> None:
    journal.add_all([submission(imei=f"8612345678{number:05d}") for number in range(60)])
    for _ in range(60):
        assert attempt(Result.ACCEPTED) is State.ACCEPTED
    clock.pass_s(3600)
    journal.add(submission("fresh"))
    attempt(Result.ACCEPTED)
    journal.add(submission("refused"))
    attempt(Result.REJECTED)
    assert journal.purge(clock.now()) == 60
    assert journal.purge(clock.now()) == 0
    assert journal.ids(Query()) == ["refused", "fresh"]
    assert journal.page(Query(search="8612345678"), 10) == []
    assert not any(b"8612345678" in file.read_bytes() for file in path.parent.iterdir())
    assert journal.verify().whole


def test_purge_leaves_nothing_in_the_search_index(journal: Journal, path: Path, clock: Clock, attempt: Attempt) -> None:
    def blocks() -> bytes:
        rows = journal._database.read(lambda c: c.execute("SELECT block FROM search_data").fetchall())
        return b"".join(row["block"] for row in rows)

    journal.add(submission(username="ωψχ"))
    attempt(Result.ACCEPTED)
    clock.pass_s(1)
    assert "ωψχ".encode() in blocks()
    assert journal.purge(clock.now()) == 1
    assert "ωψχ".encode() not in blocks()


ADDER = """
import sys
from pathlib import Path
from app.journal.outbox import Journal
from tests.peers.submissions import submission
sys.stdin.readline()
journal = Journal.open(Path(sys.argv[1]))
for number in range(25):
    journal.add(submission(f"{sys.argv[2]}-{number}"))
journal.close()
"""


def test_programs_that_start_at_once_share_the_file(path: Path) -> None:
    programs = [
        subprocess.Popen([sys.executable, "-c", ADDER, path, name], cwd=ROOT, stdin=subprocess.PIPE, text=True)
        for name in "abcd"
    ]
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("go\n")
        program.stdin.flush()
    for program in programs:
        program.communicate(timeout=50)
        assert program.returncode == 0
    journal = Journal.open(path)
    try:
        assert journal.count(Query()) == 100
        assert journal.verify().whole
    finally:
        journal.close()


def test_what_another_program_writes_is_noticed(journal: Journal, path: Path) -> None:
    before = journal.foreign_version()
    journal.add(submission())
    assert journal.foreign_version() == before
    other = Journal.open(path)
    other.add(submission("theirs"))
    other.close()
    assert journal.foreign_version() != before
    assert journal.entry("theirs") is not None


def test_readers_and_writers_on_many_threads(journal: Journal) -> None:
    def work(name: int) -> int:
        for number in range(10):
            journal.add(submission(f"{name}-{number}"))
            journal.page(Query(), 5)
        return journal.pending_count()

    with ThreadPoolExecutor(6) as pool:
        assert all(count >= 10 for count in pool.map(work, range(6)))
    assert journal.pending_count() == 60


def test_it_is_never_used_on_the_windows_thread(journal: Journal) -> None:
    with ThreadPoolExecutor(1, initializer=refuse_here) as window:
        for call in (lambda: journal.add(submission()), journal.link, journal.foreign_version):
            with pytest.raises(BlockedUiThread):
                window.submit(call).result()
        window.submit(allow_here).result()


def test_a_closed_journal_says_so(path: Path) -> None:
    journal = Journal.open(path)
    journal.close()
    journal.close()
    for call in (lambda: journal.add(submission()), journal.link):
        with pytest.raises(WorkstationError, match="closed"):
            call()
