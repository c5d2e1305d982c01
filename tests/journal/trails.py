"""A journal in which one of everything happened, and a hand that changes its file behind the program's back."""

from __future__ import annotations

from pathlib import Path

from sqlcipher3 import dbapi2 as sqlite3  # type: ignore[import-untyped] # the driver ships no types

from app.journal.link import Backoff
from app.journal.outbox import Journal
from app.journal.verify import Report
from app.masked import Secret
from app.provisioning.outcome import Outcome, Result
from tests.journal.conftest import ROUTE
from tests.peers.attempts import claim, finish
from tests.peers.submissions import Clock, submission

KEY = Secret("the key of the chain")


def lived(path: Path, key: Secret | None = KEY) -> None:
    """Thirteen audit rows; submission "one" was purged, "two" rejected, "three" is unknown, "four" cancelled."""
    clock = Clock()
    journal = Journal.open(path, now=clock.now, audit_key=lambda: key)
    lease = journal.acquire_lease("test")
    journal.add(submission("one", imei="356938035643809", password="$2a$12$hash"))
    journal.add(submission("two"))
    for result in (Result.HELD, Result.ACCEPTED, Result.REJECTED):
        journal.resume_now()
        claimed = claim(journal, lease)
        assert claimed is not None
        outcome = Outcome(result, "gate.code", "The IMEI 356938035643809 is known.", 201)
        finish(journal, lease, claimed, outcome, route=ROUTE, backoff=Backoff(1, 1, lambda: 0))
    journal.add(submission("three"))
    claim(journal, lease)
    journal.recover(journal.acquire_lease("next"), Backoff(1, 1, lambda: 0))
    journal.add(submission("four"))
    journal.cancel("four")
    clock.pass_s(60)
    journal.purge(clock.now())
    journal.note("exported", {"rows": 3})
    journal.close()


def tamper(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def verified(path: Path, key: Secret | None = KEY) -> Report:
    journal = Journal.open(path, audit_key=lambda: key)
    try:
        return journal.verify()
    finally:
        journal.close()
