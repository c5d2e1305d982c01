"""The audit trail as it is written: a row for each thing that happened, sealed where there is a key."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.journal.outbox import Journal, no_key
from app.masked import Secret
from app.provisioning.draft import Override
from tests.journal.trails import KEY, lived
from tests.peers.submissions import Clock, submission

EVENTS = [
    ("added", "one"),
    ("added", "two"),
    ("held", "one"),
    ("held", None),
    ("resumed", None),
    ("accepted", "one"),
    ("rejected", "two"),
    ("added", "three"),
    ("unknown", "three"),
    ("added", "four"),
    ("cancelled", "four"),
    ("purged", "one"),
    ("exported", None),
]


def test_everything_leaves_a_row_without_identifiers(path: Path) -> None:
    lived(path)
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT kind, submission, detail, keyed, code FROM audit ORDER BY seq").fetchall()
    (head,) = connection.execute("SELECT value FROM meta WHERE key = 'audit_head'").fetchone()
    connection.close()
    assert [(kind, id) for kind, id, *_ in rows] == EVENTS
    assert all(keyed for _, _, _, keyed, _ in rows)
    assert not any("356938" in detail or "hash" in detail for _, _, detail, _, _ in rows)
    assert json.loads(head)[:2] == [len(EVENTS), rows[-1][-1]]
    assert KEY.reveal() not in path.read_bytes().decode("latin-1")


def test_a_note_gives_the_code_that_verifying_shows(journal: Journal) -> None:
    journal.add(submission())
    code = journal.note("exported", {"rows": 1})
    assert len(code) == 8
    assert journal.verify().head == code
    assert journal.verify(code).whole
    journal.add(submission())
    assert journal.verify(code).whole
    assert [found.code for found in journal.verify("12345678").findings] == ["audit.code-unknown"]


@pytest.fixture
def asked() -> list[str]:
    return []


def test_the_key_is_asked_for_only_where_a_row_is_written(path: Path, asked: list[str]) -> None:
    def key() -> Secret:
        asked.append("key")
        return KEY

    clock = Clock()
    journal = Journal.open(path, now=clock.now, audit_key=key)
    journal.acquire_lease("test")
    journal.set_meta("fact", "value")
    journal.hold_open()
    journal.cancel("none")
    journal.purge(clock.now())
    journal.resume_now()
    assert journal.verify().whole
    assert asked == []
    journal.add(submission())
    assert asked == ["key"]
    journal.close()


def test_work_goes_on_without_a_key_and_the_rows_say_so(path: Path) -> None:
    keys: list[Secret | None] = [None, KEY, None, KEY]
    journal = Journal.open(path, audit_key=lambda: keys[0])
    while keys:
        journal.add(submission())
        keys = keys[1:] or keys
        if len(keys) == 1:
            break
    journal.add(submission())
    report = journal.verify()
    assert report.whole
    assert [note.code for note in report.notes] == ["audit.unkeyed"]
    journal.close()
    for key in (no_key, lambda: Secret("another key")):
        other = Journal.open(path, audit_key=key)
        report = other.verify()
        assert report.whole
        assert [note.code for note in report.notes] == ["audit.unkeyed", "audit.key-missing"]
        other.close()


def test_an_empty_journal_is_whole(journal: Journal) -> None:
    report = journal.verify()
    assert (report.whole, report.head, report.rows, report.submissions) == (True, "", 0, 0)


def test_what_was_confirmed_and_what_was_overridden_stands_in_the_trail(journal: Journal, path: Path) -> None:
    journal.add(replace(submission(), matched=("iccid",), overrides={"imei": Override("wrong-box", "her-id")}))
    connection = sqlite3.connect(path)
    (detail,) = connection.execute("SELECT detail FROM audit").fetchone()
    connection.close()
    assert json.loads(detail)["matched"] == ["iccid"]
    assert json.loads(detail)["overrides"] == {"imei": {"reason": "wrong-box", "by": "her-id"}}
