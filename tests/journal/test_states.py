"""Every move of a submission: what an answer makes of it, and what may be done to it meanwhile."""

from __future__ import annotations

import pytest

from app.journal.outbox import Journal
from app.journal.records import Query
from app.provisioning.fields import Kind
from app.provisioning.outcome import Difference, FieldMessage, Outcome, Result
from app.provisioning.submission import Settlement, State
from tests.journal.conftest import BACKOFF, ROUTE, Attempt
from tests.peers.attempts import claim, finish
from tests.peers.submissions import Clock, submission

ENDS = {
    Result.ACCEPTED: State.ACCEPTED,
    Result.REJECTED: State.REJECTED,
    Result.CONFLICT: State.CONFLICT,
    Result.HELD: State.HELD,
    Result.BUSY: State.WAITING,
    Result.FAILED: State.WAITING,
    Result.UNREACHABLE: State.WAITING,
    Result.UNKNOWN: State.UNKNOWN,
}


def test_the_table_knows_every_result() -> None:
    assert set(ENDS) == set(Result)


@pytest.mark.parametrize(("result", "kind"), [(result, kind) for result in Result for kind in Kind])
def test_a_first_attempt(journal: Journal, attempt: Attempt, result: Result, kind: Kind) -> None:
    journal.add(submission("one", kind=kind))
    assert attempt(result) is ENDS[result]
    entry = journal.entry("one")
    assert entry is not None
    assert entry.state is ENDS[result]
    assert entry.ambiguous is (result is Result.UNKNOWN)
    assert [each.outcome for each in entry.attempts] == [result.value]


@pytest.mark.parametrize(("result", "kind"), [(result, kind) for result in Result for kind in Kind])
def test_an_attempt_after_one_that_may_have_arrived(
    journal: Journal, clock: Clock, attempt: Attempt, result: Result, kind: Kind
) -> None:
    journal.add(submission("one", kind=kind))
    attempt(Result.UNKNOWN)
    clock.pass_s(1)
    expected = ENDS[result]
    if result is Result.CONFLICT and kind is Kind.REGISTER:
        expected = State.ACCEPTED
    elif expected is State.WAITING:
        expected = State.UNKNOWN
    assert attempt(result) is expected
    entry = journal.entry("one")
    assert entry is not None
    assert entry.ambiguous
    assert entry.message == (
        "Already registered: an earlier attempt had arrived."
        if expected is State.ACCEPTED and result is Result.CONFLICT
        else "Said the gate."
    )


def test_what_the_gate_said_is_kept(journal: Journal, clock: Clock, attempt: Attempt) -> None:
    journal.add(submission("one", imei="356938035643809", iccid="8952140061234567890"))
    lease = journal.acquire_lease("slow")
    claimed = claim(journal, lease)
    assert claimed is not None
    clock.pass_s(0.25)
    outcome = Outcome(
        Result.ACCEPTED,
        "gate.accepted",
        "The gate stored it.",
        201,
        answer={"imei": "356938035643809", "iccid": "895214006123456789"},
        differences=(Difference("iccid", "8952140061234567890", "895214006123456789"),),
        problems=(FieldMessage("iccid", "was shortened"),),
        expires_at="2027-01-01",
    )
    finish(journal, lease, claimed, outcome, route=ROUTE, backoff=BACKOFF)
    entry = journal.entry("one")
    assert entry is not None
    assert (entry.code, entry.message, entry.status) == ("gate.accepted", "The gate stored it.", 201)
    assert (entry.answer, entry.differences, entry.problems) == (outcome.answer, outcome.differences, outcome.problems)
    assert entry.expires_at == "2027-01-01"
    assert [(each.at, each.duration_ms, each.status) for each in entry.attempts] == [(claimed.at, 250, 201)]


def test_an_attempt_sends_the_frozen_bytes_each_time(journal: Journal, clock: Clock) -> None:
    made = submission("one", imei="356938035643809", password="$2a$12$hash")
    journal.add(made)
    lease = journal.acquire_lease("test")
    for number in (1, 2, 3):
        claimed = claim(journal, lease)
        assert claimed is not None
        assert (claimed.body, claimed.attempt, claimed.fields) == (made.body, number, made.fields)
        finish(journal, lease, claimed, Outcome(Result.FAILED, "gate.failed", "Broken."), route=ROUTE, backoff=BACKOFF)
        clock.pass_s(600)


def test_pause_and_resume(journal: Journal, clock: Clock, attempt: Attempt) -> None:
    journal.add_all([submission("maybe"), submission("refused"), submission("untried")])
    attempt(Result.UNKNOWN)
    clock.pass_s(1)
    assert attempt(Result.HELD, "Sign in again.") is State.HELD
    states = {id: entry.state for id in ("maybe", "refused", "untried") if (entry := journal.entry(id))}
    assert set(states.values()) == {State.HELD}
    pause = journal.link().pause
    assert pause is not None
    assert (pause.code, pause.message, pause.route, pause.since) == ("gate.held", "Sign in again.", ROUTE, clock.now())
    journal.add(submission("later"))
    assert attempt(Result.ACCEPTED) is None
    assert journal.agenda().paused
    assert journal.hold_open() == 1
    assert not journal.agenda().open

    assert not journal.resume(ROUTE.base_url, ROUTE.token_generation)
    assert journal.resume(ROUTE.base_url, ROUTE.token_generation + 1)
    assert journal.link().pause is None
    states = {id: entry.state for id in ("maybe", "refused", "later") if (entry := journal.entry(id))}
    assert states == {"maybe": State.UNKNOWN, "refused": State.QUEUED, "later": State.QUEUED}
    assert attempt(Result.ACCEPTED) is State.ACCEPTED


@pytest.mark.parametrize("how", ["address", "token", "operator"])
def test_what_ends_a_pause(journal: Journal, attempt: Attempt, how: str) -> None:
    journal.add(submission("one"))
    attempt(Result.HELD)
    if how == "address":
        assert journal.resume("https://other.example/api/v1", ROUTE.token_generation)
    elif how == "token":
        assert journal.bump_token_generation() == 1
        assert journal.resume(ROUTE.base_url, journal.token_generation())
    else:
        assert journal.resume_now()
    assert not journal.resume_now()
    assert attempt(Result.ACCEPTED) is State.ACCEPTED


def test_only_what_cannot_have_arrived_is_cancelled(journal: Journal, clock: Clock, attempt: Attempt) -> None:
    journal.add(submission("queued"))
    assert journal.cancel("queued")
    journal.add(submission("waiting"))
    attempt(Result.FAILED)
    assert journal.cancel("waiting")
    journal.add(submission("maybe"))
    attempt(Result.UNKNOWN)
    assert not journal.cancel("maybe")
    clock.pass_s(600)
    attempt(Result.FAILED)
    assert not journal.cancel("maybe")
    clock.pass_s(600)
    attempt(Result.HELD)
    assert not journal.cancel("maybe")
    journal.add(submission("held"))
    journal.hold_open()
    assert journal.cancel("held")
    journal.resume_now()
    attempt(Result.ACCEPTED)
    assert not journal.cancel("maybe")
    journal.add(submission("sending"))
    assert claim(journal, journal.acquire_lease("other")) is not None
    assert not journal.cancel("sending")
    assert not journal.cancel("no such")
    assert journal.counts()[State.CANCELLED] == 3


def test_a_cancelled_one_no_longer_stands_in_the_way(journal: Journal, attempt: Attempt) -> None:
    journal.add(submission("first", imei="356938035643809"))
    journal.add(submission("second", imei="356938035643809"))
    attempt(Result.FAILED)
    journal.cancel("first")
    assert attempt(Result.ACCEPTED) is State.ACCEPTED
    entry = journal.entry("second")
    assert entry is not None
    assert entry.state is State.ACCEPTED


def test_a_correction_names_what_it_replaces(journal: Journal, attempt: Attempt) -> None:
    journal.add(submission("wrong", imei="356938035643809"))
    attempt(Result.REJECTED)
    assert journal.counts()[State.REJECTED] == 1
    journal.add(submission("right", imei="356938035643809", replaces="wrong"))
    wrong, right = journal.entry("wrong"), journal.entry("right")
    assert wrong is not None
    assert right is not None
    assert (wrong.replaced_by, right.replaces) == ("right", "wrong")
    assert journal.counts()[State.REJECTED] == 0


def test_a_decision_about_a_conflict_is_kept_and_only_the_final_one_counts_no_more(
    journal: Journal, attempt: Attempt
) -> None:
    journal.add(submission("one"))
    assert not journal.settle("one", Settlement.SAME_DEVICE, by="Ana")
    attempt(Result.CONFLICT)
    for how, left in ((Settlement.SUPERVISOR, 1), (Settlement.SAME_DEVICE, 0)):
        assert journal.settle("one", how, by="Ana")
        entry = journal.entry("one")
        assert entry is not None
        assert entry.settled is how
        assert entry.state is State.CONFLICT
        assert journal.counts()[State.CONFLICT] == left
        assert journal.count(Query(states=(State.CONFLICT,), uncorrected=True)) == left
    assert journal.verify().whole
