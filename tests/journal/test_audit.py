"""The audit chain: a row for each thing that happened, and every kind of tampering shows."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from app.journal.link import Backoff
from app.journal.outbox import Journal
from app.masked import Secret
from app.provisioning.outcome import Outcome, Result
from tests.journal.conftest import ROUTE
from tests.peers.submissions import Clock, submission

KEY = Secret("the key of the chain")


def lived(path: Path, key: Secret | None = KEY) -> None:
    """A journal in which one of everything happened."""
    clock = Clock()
    journal = Journal.open(path, now=clock.now, audit_key=key)
    lease = journal.acquire_lease("test")
    journal.add(submission("one", imei="356938035643809", password="$2a$12$hash"))
    journal.add(submission("two"))
    for result in (Result.HELD, Result.ACCEPTED, Result.REJECTED):
        journal.resume_now()
        claimed = journal.claim(lease)
        assert claimed is not None
        outcome = Outcome(result, "gate.code", "The IMEI 356938035643809 is known.", 201)
        journal.finish(lease, claimed, outcome, route=ROUTE, backoff=Backoff(1, 1, lambda: 0))
    journal.add(submission("three"))
    journal.claim(lease)
    journal.recover(journal.acquire_lease("next"), Backoff(1, 1, lambda: 0))
    journal.add(submission("four"))
    journal.cancel("four")
    clock.pass_s(60)
    journal.purge(clock.now())
    assert journal.first_audit_break() is None
    journal.close()


def broken_at(path: Path, key: Secret | None = KEY) -> int | None:
    journal = Journal.open(path, audit_key=key)
    try:
        return journal.first_audit_break()
    finally:
        journal.close()


def tamper(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def test_everything_leaves_a_row_without_identifiers(path: Path) -> None:
    lived(path)
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT kind, submission, detail, keyed FROM audit ORDER BY seq").fetchall()
    connection.close()
    assert [(kind, id) for kind, id, _, _ in rows] == [
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
        ("purged", None),
    ]
    assert all(keyed for *_, keyed in rows)
    assert not any("356938" in detail or "hash" in detail for _, _, detail, _ in rows)


@pytest.mark.parametrize("key", [KEY, None])
@pytest.mark.parametrize(
    ("statements", "at"),
    [
        (["UPDATE audit SET detail = '{}' WHERE seq = 3"], 3),
        (["UPDATE audit SET at = '2026-01-01' WHERE seq = 1"], 1),
        (["DELETE FROM audit WHERE seq = 4"], 4),
        (["DELETE FROM audit WHERE seq >= 9"], 9),
        (["DELETE FROM audit"], 1),
        (
            [
                "UPDATE audit SET seq = 99 WHERE seq = 6",
                "UPDATE audit SET seq = 6 WHERE seq = 7",
                "UPDATE audit SET seq = 7 WHERE seq = 99",
            ],
            6,
        ),
        (["UPDATE audit SET code = 'x' WHERE seq = 12"], 12),
    ],
)
def test_tampering_shows_where(path: Path, key: Secret | None, statements: list[str], at: int) -> None:
    lived(path, key)
    assert broken_at(path, key) is None
    tamper(path, *statements)
    assert broken_at(path, key) == at


def test_rows_of_a_time_without_a_key_still_count(path: Path) -> None:
    lived(path, None)
    journal = Journal.open(path, audit_key=KEY)
    journal.add(submission())
    assert journal.first_audit_break() is None
    journal.close()
    assert broken_at(path, None) is None
    assert broken_at(path, Secret("another key")) == 13
