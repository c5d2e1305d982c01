"""A receipt is read from the journal and noted in it; only what the gate confirmed is one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.journal.link import Backoff, Route
from app.journal.outbox import Journal
from app.provisioning.outcome import Outcome, Result
from app.work.receipt import has_receipt, receipt
from tests.peers.attempts import claim, finish
from tests.peers.submissions import submission

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("result", "confirmed"),
    [
        (Result.ACCEPTED, True),
        (Result.REJECTED, False),
        (Result.UNREACHABLE, False),
        (Result.UNKNOWN, False),
        (None, False),
    ],
)
def test_only_the_gate_s_word_confirms(tmp_path: Path, result: Result | None, confirmed: bool) -> None:
    journal = Journal.open(tmp_path / "journal.db")
    journal.add(submission("s-1"))
    if result is not None:
        lease = journal.acquire_lease("test")
        claimed = claim(journal, lease)
        assert claimed is not None
        said = Outcome(result, f"gate.{result}", "Said.")
        finish(journal, lease, claimed, said, route=Route("x", 0), backoff=Backoff(60, 300, lambda: 1.0))
    made = receipt(journal, "s-1", NOW, operator="Ana", station="0123456789")
    assert made is not None
    assert has_receipt(made.entry) is (result is not Result.REJECTED)
    assert (made.confirmed, made.station, made.operator) == (confirmed, "01234567", "Ana")
    assert journal.verify(made.code).findings == ()
    again = receipt(journal, "s-1", NOW, operator="Luis", station="0123456789")
    assert again is not None
    assert again.code != made.code
    assert again.entry == made.entry
    journal.close()


def test_of_nothing_there_is_none_and_nothing_is_noted(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "journal.db")
    before = journal.verify().rows
    assert receipt(journal, "gone", NOW, operator="Ana", station="x") is None
    assert journal.verify().rows == before
    journal.close()
