"""Schema steps on journals that lived already: a backup first, all or nothing, from every earlier version."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.journal.database import Database
from app.journal.errors import StepFailed
from app.journal.outbox import Journal
from app.journal.records import Query
from app.journal.schema import STEPS, Step
from app.provisioning.outcome import Outcome, Result
from tests.journal.conftest import BACKOFF, ROUTE
from tests.peers.attempts import claim, finish
from tests.peers.submissions import submission

NEXT: tuple[Step, ...] = (
    ("CREATE TABLE one_more (n INTEGER)", "INSERT INTO one_more SELECT count(*) FROM submissions"),
    ("ALTER TABLE one_more RENAME TO another",),
)
FAILING: Step = ("DELETE FROM submissions", "INSERT INTO nowhere VALUES (1)")
LIVED = len(STEPS)


def lived(path: Path) -> list[str]:
    journal = Journal.open(path)
    journal.add_all([submission(), submission()])
    ids = journal.ids(Query())
    journal.close()
    return ids


def ids(path: Path) -> list[str]:
    journal = Journal.open(path)
    try:
        assert journal.verify().whole
        return journal.ids(Query())
    finally:
        journal.close()


def beside(path: Path) -> set[str]:
    return {file.name for file in path.parent.iterdir()} - {path.name}


def backup(step: int) -> str:
    return f"journal.db.before-step-{step}"


def test_a_new_journal_needs_no_backup(path: Path) -> None:
    lived(path)
    assert beside(path) == set()


@pytest.mark.parametrize("seen", range(len(NEXT)))
def test_each_earlier_version_is_brought_up_with_a_backup_of_it(path: Path, seen: int) -> None:
    kept = lived(path)
    Database(path, (*STEPS, *NEXT[:seen])).close()
    database = Database(path, (*STEPS, *NEXT))
    try:
        row = database.read(lambda c: c.execute("SELECT n FROM another").fetchone())
        assert row is not None
        assert row["n"] == len(kept)
    finally:
        database.close()
    # The copy from before the last step: earlier ones were needed until it had run.
    last = LIVED + len(NEXT)
    assert beside(path) == {backup(last)}
    copied = Database(path.with_name(backup(last)), (*STEPS, *NEXT[:-1]))
    count = copied.read(lambda c: c.execute("SELECT count(*) FROM submissions").fetchone())
    copied.close()
    assert count is not None
    assert count[0] == len(kept)


def test_a_journal_of_before_the_days_had_an_index_of_their_own_finds_what_it_found(path: Path) -> None:
    journal = Journal(Database(path, STEPS[:4]))
    journal.add(submission("good until March", username="ana.lopez"))
    lease = journal.acquire_lease("here")
    claimed = claim(journal, lease)
    assert claimed is not None
    stored = {"username": "ana.lopez", "number": "+525512345678"}
    outcome = Outcome(Result.ACCEPTED, "gate.accepted", "", answer=stored, expires_at="2027-03-01")
    finish(journal, lease, claimed, outcome, route=ROUTE, backoff=BACKOFF)
    journal.close()

    database = Database(path)
    journal = Journal(database)
    try:
        for text in ("lopez", "12345678", "2027-03"):
            assert journal.ids(Query(search=text)) == ["good until March"]
        # SQLite's own comparison of the search index with what it is an index of (sqlite.org/fts5.html, 6.3).
        database.write(lambda c: c.execute("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)"))
        assert journal.verify().whole
    finally:
        journal.close()


def test_a_step_that_fails_changes_nothing_and_names_the_backup(path: Path) -> None:
    kept = lived(path)
    for _ in range(2):
        with pytest.raises(StepFailed) as caught:
            Database(path, (*STEPS, FAILING))
        assert backup(LIVED + 1) in caught.value.remedy
        assert ids(path) == kept
    assert ids(path.with_name(backup(LIVED + 1))) == kept
    assert beside(path) == {backup(LIVED + 1)}


def test_the_backup_of_a_step_that_ran_stays_when_the_next_one_fails(path: Path) -> None:
    lived(path)
    with pytest.raises(StepFailed):
        Database(path, (*STEPS, NEXT[0], FAILING))
    assert beside(path) == {backup(LIVED + 1), backup(LIVED + 2)}
    Database(path, (*STEPS, *NEXT)).close()
    assert beside(path) == {backup(LIVED + 2)}


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights elsewhere")
def test_the_backup_is_readable_by_its_owner_only(path: Path) -> None:
    lived(path)
    Database(path, (*STEPS, NEXT[0])).close()
    assert path.with_name(backup(LIVED + 1)).stat().st_mode & 0o077 == 0


def test_a_half_made_backup_of_a_killed_program_is_not_taken_for_one(path: Path) -> None:
    kept = lived(path)
    path.with_name(f"{backup(LIVED + 1)}.part").write_bytes(b"half")
    Database(path, (*STEPS, NEXT[0])).close()
    assert beside(path) == {backup(LIVED + 1)}
    assert ids(path.with_name(backup(LIVED + 1))) == kept
