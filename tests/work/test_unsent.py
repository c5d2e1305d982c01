"""What a shift leaves behind, from a real journal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.journal.outbox import Journal
from app.provisioning.outcome import Outcome
from app.provisioning.submission import Settlement, State
from app.work.unsent import Unsent, unsent
from ui.journal.examples import ACCEPTED, CONFLICT, HELD, NO_ANSWER, OFFLINE, REFUSED, Example, fill

NOW = datetime(2026, 11, 25, 18, 0, tzinfo=UTC)


def example(*outcomes: Outcome) -> Example:
    return Example("register-device", "Quectel", "EC25", "maria.lopez", outcomes)


def left(path: Path, now: datetime = NOW) -> Unsent:
    journal = Journal.open(path)
    try:
        return unsent(journal, now, "Ana P.")
    finally:
        journal.close()


def counts(found: Unsent) -> dict[State, int]:
    return {group.state: group.count for group in found.groups}


def test_the_worst_comes_first_and_what_arrived_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    outcomes = (OFFLINE, NO_ANSWER, CONFLICT, REFUSED, ACCEPTED)
    fill(path, [example(), *map(example, outcomes)], NOW)
    found = left(path)
    assert counts(found) == {State.REJECTED: 1, State.CONFLICT: 1, State.UNKNOWN: 1, State.WAITING: 2}
    assert list(counts(found)) == [State.REJECTED, State.CONFLICT, State.UNKNOWN, State.WAITING]
    assert found.count == 5


def test_what_is_held_is_held_and_nothing_of_it_waits(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    fill(path, [example(), example(HELD)], NOW)
    assert counts(left(path)) == {State.HELD: 2}


def test_what_waits_has_no_age_but_a_refusal_is_of_its_shift(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    fill(path, [example(OFFLINE), example(REFUSED)], NOW - timedelta(days=3))
    assert counts(left(path)) == {State.WAITING: 1}


def test_a_conflict_that_was_settled_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    (id,) = fill(path, [example(CONFLICT)], NOW)
    journal = Journal.open(path)
    assert journal.settle(id, Settlement.SAME_DEVICE, by="Ana P.")
    journal.close()
    assert left(path).groups == ()
