"""The life of submissions against a model of a few lines: whatever happens, in whatever order."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from app.journal.errors import LeaseLost
from app.journal.link import Backoff, Route
from app.journal.outbox import Journal
from app.journal.records import Claimed, Ended, Lease, Query, Written
from app.provisioning.outcome import Outcome, Result
from app.provisioning.submission import Part, State, Submission
from tests.peers.submissions import Clock, submission

USERS = ("ana", "bob", "eve")
OFTEN = (Result.ACCEPTED, Result.UNKNOWN, Result.CONFLICT)


OPEN = frozenset({State.QUEUED, State.WAITING, State.UNKNOWN})


class Life(RuleBasedStateMachine):
    """The model: order of entering, users, jobs in two steps, which may have arrived, and the states that follow."""

    ids = Bundle("ids")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "journal.db"
        self.clock = Clock()
        self.numbers = itertools.count()
        self.generation = 0
        self.states: dict[str, State] = {}
        self.users: dict[str, str] = {}
        self.jobs: dict[str, str] = {}
        self.second: dict[str, str] = {}
        self.stopped: set[str] = set()
        self.ambiguous: set[str] = set()
        self.keys_seen: dict[str, bytes] = {}
        self.under_way: list[Claimed] = []

    @initialize()
    def open(self) -> None:
        self.journal = Journal.open(self.path, now=self.clock.now)
        self.lease: Lease = self.journal.acquire_lease("life")

    def _made(self, user: str, **more: Any) -> Submission:
        id = f"s{next(self.numbers)}"
        self.states[id], self.users[id] = State.QUEUED, user
        return submission(id, username=user, password="$2a$12$hash", **more)

    @rule(target=ids, user=st.sampled_from(USERS))
    def enter(self, user: str) -> str:
        made = self._made(user)
        self.journal.add(made)
        return made.id

    @rule(target=ids, user=st.sampled_from(USERS))
    def enter_job(self, user: str) -> MultipleResults[str]:
        return multiple(*self._entered_job(user, f"j{next(self.numbers)}"))

    def _entered_job(self, user: str, job: str, **more: Any) -> list[str]:
        # Nothing but the job joins the two: the first is about the device.
        first = self._made(f"device of {user}", part=Part(job, 1, 2), **more)
        second = self._made(user, part=Part(job, 2, 2))
        self.journal.add_all([first, second])
        self.jobs |= {first.id: job, second.id: job}
        self.second[first.id] = second.id
        return [first.id, second.id]

    @precondition(lambda self: self.stopped)
    @rule(target=ids)
    def correct(self) -> MultipleResults[str]:
        """The latest refused first step whose second stopped is entered anew, and the second with it."""
        refused = [first for first, second in self.second.items() if second in self.stopped]
        first = refused[-1]
        self.stopped.remove(self.second[first])
        self.states[self.second[first]] = State.CANCELLED
        return multiple(*self._entered_job(self.users[self.second[first]], self.jobs[first], replaces=first))

    def _may_go(self, id: str) -> bool:
        firsts = [first for first, second in self.second.items() if second == id]
        if self.states[id] not in OPEN or any(self.states.get(first) is not State.ACCEPTED for first in firsts):
            return False
        earlier = (other for other in self.states if int(other[1:]) < int(id[1:]) and other not in self.stopped)
        return all(self.states[other].final for other in earlier if self.users[other] == self.users[id])

    @precondition(lambda self: self.states)
    @rule(most=st.integers(1, 3))
    def claim(self, most: int) -> None:
        self.clock.pass_s(1000)
        link, may = self.journal.link(), [id for id in self.states if self._may_go(id)]
        if link.failures:
            # One probes, alone.
            most = int(not self.under_way)
        expected = 0 if link.pause else min(most, len(may))
        claimed = self.journal.claim(self.lease, most)
        assert len(claimed) == expected
        if not link.failures:
            assert [each.id for each in claimed] == may[:expected]
        self._begun(claimed)

    def _begun(self, claimed: list[Claimed]) -> None:
        for each in claimed:
            assert self._may_go(each.id)
            assert each.ambiguous == (each.id in self.ambiguous)
            assert self.keys_seen.setdefault(each.id, each.body) == each.body
        self.states |= dict.fromkeys((each.id for each in claimed), State.SENDING)
        self.under_way += claimed

    @precondition(lambda self: self.states)
    @rule(
        results=st.lists(st.sampled_from([*Result, *OFTEN, *OFTEN]), min_size=1, max_size=3), claims=st.integers(0, 2)
    )
    def answer(self, results: list[Result], claims: int) -> None:
        """Some end with one write, and others follow with it."""
        if not self.under_way:
            self.claim(len(results))
        ended, self.under_way = self.under_way[: len(results)], self.under_way[len(results) :]
        if not ended:
            return
        answers = list(zip(ended, results, strict=False))
        states, _, following = self._finish(answers, claims)
        assert states == [self._ended(claimed.id, result) for claimed, result in answers]
        if State.HELD in states:
            self._hold()
        assert len(following) <= claims
        self._begun(following)

    def _ended(self, id: str, result: Result) -> State:
        if result is Result.UNKNOWN:
            self.ambiguous.add(id)
        if result in {Result.ACCEPTED, Result.REJECTED}:
            state = State(result.value)
        elif result is Result.CONFLICT:
            state = State.ACCEPTED if id in self.ambiguous else State.CONFLICT
        elif result is Result.HELD:
            state = State.HELD
        else:
            state = State.UNKNOWN if id in self.ambiguous else State.WAITING
        self.states[id] = state
        if state in {State.REJECTED, State.CONFLICT}:
            second = self.second.get(id)
            if second is not None and not self.states[second].final:
                self.states[second] = State.HELD
                self.stopped.add(second)
        return state

    @precondition(lambda self: self.states)
    @rule(results=st.lists(st.sampled_from([result for result in Result if result is not Result.HELD]), min_size=2))
    def answers(self, results: list[Result]) -> None:
        for result in results:
            self.answer([result], 0)

    def _finish(self, answers: list[tuple[Claimed, Result]], claims: int = 0) -> Written:
        route = Route("https://gate.example", self.generation)
        ended = [
            Ended(claimed, Outcome(result, f"gate.{result}", "Said the gate."), route) for claimed, result in answers
        ]
        return self.journal.finish(self.lease, ended, backoff=Backoff(1, 300, lambda: 1), claims=claims)

    def _hold(self) -> None:
        for id, state in self.states.items():
            if state in OPEN:
                self.states[id] = State.HELD

    @precondition(lambda self: State.HELD in self.states.values())
    @rule()
    def new_token(self) -> None:
        self.generation = self.journal.bump_token_generation()
        paused = self.journal.link().pause is not None
        assert self.journal.resume("https://gate.example", self.generation) is paused
        if paused:
            for id, state in self.states.items():
                if state is State.HELD and id not in self.stopped:
                    self.states[id] = State.UNKNOWN if id in self.ambiguous else State.QUEUED

    @rule(id=consumes(ids))
    def cancel(self, id: str) -> None:
        state = self.states.get(id)
        may = state in {State.QUEUED, State.WAITING, State.HELD} and id not in self.ambiguous
        assert self.journal.cancel(id) is may
        if may:
            for each in (id, self.second.get(id)):
                if each is not None and not self.states[each].final:
                    self.states[each] = State.CANCELLED
                    self.stopped.discard(each)

    @precondition(lambda self: State.ACCEPTED in self.states.values())
    @rule()
    def purge(self) -> None:
        """What was accepted goes, but a step only with its whole job."""
        self.clock.pass_s(1)
        unfinished = {self.jobs[id] for id, state in self.states.items() if id in self.jobs and not state.final}
        gone = [
            id for id, state in self.states.items() if state is State.ACCEPTED and self.jobs.get(id) not in unfinished
        ]
        assert self.journal.purge(self.clock.now()) == len(gone)
        for id in gone:
            del self.states[id]
            self.ambiguous.discard(id)

    @rule()
    def another_takes_over(self) -> None:
        """A second station over the same journal: what the first was sending is unknown, and it may not say more."""
        other = Journal.open(self.path, now=self.clock.now)
        left = [id for id, state in self.states.items() if state is State.SENDING]
        assert other.recover(other.acquire_lease("other"), Backoff(1, 300, lambda: 1)) == len(left)
        if self.under_way:
            with pytest.raises(LeaseLost):
                self._finish([(each, Result.ACCEPTED) for each in self.under_way])
            self.under_way = []
        other.close()
        self.lease = self.journal.acquire_lease("life")
        self._left_unknown(left)

    def _left_unknown(self, left: list[str]) -> None:
        for id in left:
            self.states[id] = State.UNKNOWN
            self.ambiguous.add(id)

    @rule()
    def crash(self) -> None:
        self.journal.close()
        self.open()
        left = [id for id, state in self.states.items() if state is State.SENDING]
        assert self.journal.recover(self.lease, Backoff(1, 300, lambda: 1)) == len(left)
        self.under_way = []
        self._left_unknown(left)

    @invariant()
    def the_journal_says_the_same(self) -> None:
        entries = self.journal.page(Query(), 1000)
        assert {entry.id: entry.state for entry in entries} == self.states
        assert {entry.id for entry in entries if entry.ambiguous} == self.ambiguous
        assert self.journal.pending_count() == sum(not state.final for state in self.states.values())

    def teardown(self) -> None:
        assert self.journal.verify().whole
        secrets = {id for id, state in self.states.items() if not state.final}
        rows = self.journal._database.read(
            lambda c: c.execute("SELECT id FROM submissions WHERE body IS NOT NULL").fetchall()
        )
        assert {row["id"] for row in rows} == secrets
        self.journal.close()
        self.folder.cleanup()


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=40)
