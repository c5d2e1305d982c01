"""Which submission goes next and when: order, back-off, breaker, lease, and what a crash leaves."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.journal.errors import LeaseLost
from app.journal.link import BREAKER_AFTER, Backoff, Link
from app.journal.outbox import Journal
from app.journal.records import Agenda, Query
from app.provisioning.outcome import Outcome, Result
from app.provisioning.submission import State
from tests.journal.conftest import BACKOFF, ROUTE, Attempt
from tests.peers.attempts import claim, finish
from tests.peers.submissions import Clock, submission

DEVICE = "356938035643809"


def state_of(journal: Journal, id: str) -> State:
    entry = journal.entry(id)
    assert entry is not None
    return entry.state


def due_in(journal: Journal, id: str, clock: Clock) -> float:
    entry = journal.entry(id)
    assert entry is not None
    assert entry.next_attempt_at is not None
    return (entry.next_attempt_at - clock.now()).total_seconds()


def test_the_oldest_goes_first(journal: Journal) -> None:
    journal.add_all([submission(id) for id in ("a", "b", "c")])
    lease = journal.acquire_lease("test")
    claimed = [claim(journal, lease) for _ in range(4)]
    assert [each.id if each else None for each in claimed] == ["a", "b", "c", None]


def test_order_is_kept_per_device_and_user(journal: Journal, attempt: Attempt) -> None:
    journal.add(submission("register", imei=DEVICE))
    journal.add(submission("update", imei=DEVICE, username="ana"))
    journal.add(submission("of the user", username="ana"))
    journal.add(submission("another"))
    attempt(Result.FAILED)
    assert attempt(Result.ACCEPTED) is State.ACCEPTED
    assert state_of(journal, "another") is State.ACCEPTED
    assert attempt(Result.ACCEPTED) is None
    assert journal.agenda().next_at is not None


def test_a_poison_item_stops_only_its_own(journal: Journal, clock: Clock, attempt: Attempt) -> None:
    journal.add(submission("poison", imei=DEVICE))
    for _ in range(2 * BREAKER_AFTER):
        assert attempt(Result.FAILED) is State.WAITING
        clock.pass_s(300)
    assert attempt(Result.FAILED) is State.WAITING
    # Just entered: the link is open, whatever happened to the other one.
    journal.add(submission("healthy"))
    assert attempt(Result.ACCEPTED) is State.ACCEPTED
    assert state_of(journal, "poison") is State.WAITING


def test_one_that_never_gets_an_answer_does_not_keep_the_link_closed(
    journal: Journal, clock: Clock, attempt: Attempt
) -> None:
    journal.add(submission("poison"))
    journal.add(submission("healthy"))
    assert attempt(Result.UNKNOWN) is State.UNKNOWN
    assert attempt(Result.ACCEPTED) is None
    clock.pass_s(300)
    assert attempt(Result.ACCEPTED) is State.ACCEPTED
    assert state_of(journal, "healthy") is State.ACCEPTED


@pytest.mark.parametrize("result", [Result.UNREACHABLE, Result.UNKNOWN, Result.BUSY])
def test_trouble_of_the_link_lets_all_wait_and_one_probe(
    journal: Journal, clock: Clock, attempt: Attempt, result: Result
) -> None:
    journal.add_all([submission(), submission(), submission()])
    waits = []
    for _ in range(12):
        assert attempt(result) is not None
        assert attempt(result) is None
        probe = journal.link().next_probe_at
        assert probe is not None
        assert journal.agenda().next_at == probe
        waits.append((probe - clock.now()).total_seconds())
        clock.pass_s(waits[-1] - 0.001)
        assert attempt(result) is None
        clock.pass_s(0.001)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    attempted = [len(entry.attempts) for entry in journal.page(Query(), 10)]
    assert attempted == [4, 4, 4]
    assert attempt(Result.ACCEPTED) is State.ACCEPTED
    assert journal.link().failures == 0
    assert journal.link().online
    clock.pass_s(300)
    assert attempt(Result.ACCEPTED) is State.ACCEPTED
    assert attempt(Result.ACCEPTED) is State.ACCEPTED


def test_of_waits_that_came_together_the_longest_holds(journal: Journal, clock: Clock) -> None:
    journal.add_all([submission(), submission()])
    lease = journal.acquire_lease("test")
    busy, silent = claim(journal, lease), claim(journal, lease)
    assert busy is not None
    assert silent is not None
    clock.pass_s(1)
    asked = Outcome(Result.BUSY, "gate.busy", "Later.", status=429, retry_after_s=60)
    finish(journal, lease, busy, asked, route=ROUTE, backoff=BACKOFF)
    until = clock.now() + timedelta(seconds=60)
    assert journal.link().next_probe_at == until
    clock.pass_s(1)
    finish(journal, lease, silent, Outcome(Result.UNREACHABLE, "gate.unreachable", ""), route=ROUTE, backoff=BACKOFF)
    assert journal.link().next_probe_at == until


def test_offline_since_the_first_silence(journal: Journal, clock: Clock, attempt: Attempt) -> None:
    journal.add_all([submission(), submission()])
    began = clock.now()
    attempt(Result.UNREACHABLE, "No connection.")
    clock.pass_s(1)
    attempt(Result.UNKNOWN, "No answer.")
    link = journal.link()
    assert (link.online, link.offline_since, link.failures, link.message) == (False, began, 2, "No answer.")
    clock.pass_s(60)
    attempt(Result.BUSY)
    assert journal.link().online


def test_the_breaker_opens_when_several_fail_in_a_row(journal: Journal, clock: Clock, attempt: Attempt) -> None:
    journal.add_all([submission() for _ in range(BREAKER_AFTER + 1)])
    for _ in range(BREAKER_AFTER - 1):
        assert attempt(Result.FAILED) is State.WAITING
        assert journal.link().next_probe_at is None
    assert attempt(Result.FAILED) is State.WAITING
    assert attempt(Result.ACCEPTED) is None
    clock.pass_s(16)
    assert attempt(Result.ACCEPTED) is State.ACCEPTED
    assert journal.link().failures == 0


def test_full_jitter(journal: Journal, clock: Clock, attempt: Attempt) -> None:
    journal.add(submission("one"))
    attempt(Result.FAILED, backoff=Backoff(8, 300, lambda: 0.25))
    assert due_in(journal, "one", clock) == 2
    clock.pass_s(2)
    attempt(Result.FAILED, backoff=Backoff(8, 300, lambda: 0.5))
    assert due_in(journal, "one", clock) == 8


@pytest.mark.parametrize("result", [Result.BUSY, Result.FAILED])
def test_retry_after_is_obeyed_by_all(journal: Journal, clock: Clock, attempt: Attempt, result: Result) -> None:
    journal.add_all([submission("one"), submission("two")])
    attempt(result, retry_after_s=120.0, backoff=Backoff(1, 5, lambda: 0))
    assert due_in(journal, "one", clock) == 120
    clock.pass_s(119.9)
    assert attempt(Result.ACCEPTED) is None
    clock.pass_s(0.1)
    assert attempt(Result.ACCEPTED) is State.ACCEPTED
    assert attempt(Result.ACCEPTED) is State.ACCEPTED


def test_waits_survive_a_restart(journal: Journal, path: Path, clock: Clock, attempt: Attempt) -> None:
    journal.add(submission("one"))
    journal.add(submission("two"))
    attempt(Result.FAILED)
    attempt(Result.UNREACHABLE)
    before = journal.link()
    journal.close()
    again = Journal.open(path, now=clock.now)
    try:
        assert again.link() == before
        assert claim(again, again.acquire_lease("new")) is None
        clock.pass_s(2)
        assert claim(again, again.acquire_lease("new")) is not None
    finally:
        again.close()


@pytest.mark.parametrize("result", [Result.FAILED, Result.UNREACHABLE, Result.UNKNOWN])
def test_a_clock_set_back_ends_the_wait(journal: Journal, clock: Clock, attempt: Attempt, result: Result) -> None:
    journal.add(submission("one"))
    attempt(result)
    clock.set_back(3600)
    assert journal.agenda().ready
    assert attempt(Result.ACCEPTED) is State.ACCEPTED


def test_sending_found_at_start_becomes_unknown_and_a_conflict_its_success(journal: Journal, clock: Clock) -> None:
    journal.add_all([submission("one"), submission("two")])
    assert claim(journal, journal.acquire_lease("killed")) is not None
    lease = journal.acquire_lease("next")
    assert journal.recover(lease, BACKOFF) == 1
    assert state_of(journal, "one") is State.UNKNOWN
    assert state_of(journal, "two") is State.QUEUED
    assert due_in(journal, "one", clock) == 1
    clock.pass_s(1)
    claimed = claim(journal, lease)
    assert claimed is not None
    assert (claimed.id, claimed.attempt, claimed.ambiguous) == ("one", 2, True)
    conflict = Outcome(Result.CONFLICT, "gate.conflict", "The gate already has this.", 409)
    assert finish(journal, lease, claimed, conflict, route=ROUTE, backoff=BACKOFF) is State.ACCEPTED
    entry = journal.entry("one")
    assert entry is not None
    assert [each.outcome for each in entry.attempts] == ["unknown", "conflict"]
    assert journal.recover(lease, BACKOFF) == 0


def test_a_new_lease_ends_the_rights_of_the_old(journal: Journal, path: Path, clock: Clock) -> None:
    journal.add(submission("one"))
    other = Journal.open(path, now=clock.now)
    try:
        old = journal.acquire_lease("old")
        claimed = claim(journal, old)
        assert claimed is not None
        new = other.acquire_lease("new")
        assert new.fence > old.fence
        accepted = Outcome(Result.ACCEPTED, "gate.accepted", "Stored.", 201)
        with pytest.raises(LeaseLost):
            finish(journal, old, claimed, accepted, route=ROUTE, backoff=BACKOFF)
        with pytest.raises(LeaseLost):
            claim(journal, old)
        with pytest.raises(LeaseLost):
            journal.recover(old, BACKOFF)
        assert state_of(journal, "one") is State.SENDING
        assert other.recover(new, BACKOFF) == 1
        assert other.link().failures == 0
    finally:
        other.close()


def test_an_agenda_says_when(journal: Journal, clock: Clock, attempt: Attempt) -> None:
    assert journal.agenda() == Agenda(False, None, Link(), token_generation=0, open=False)
    journal.add(submission("one", imei=DEVICE))
    journal.add(submission("two", imei=DEVICE))
    assert journal.agenda().ready
    attempt(Result.FAILED)
    agenda = journal.agenda()
    assert (agenda.ready, agenda.next_at) == (False, clock.now() + timedelta(seconds=1))
