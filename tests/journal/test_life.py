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
from app.journal.records import Claimed, Lease, Query
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
        self.claimed: Claimed | None = None

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
    @rule()
    def claim(self) -> None:
        if self.claimed is None:
            self.clock.pass_s(1000)
            may = {id for id in self.states if self._may_go(id)}
            self.claimed = self.journal.claim(self.lease)
            if self.claimed is None:
                assert self.journal.link().pause or not may
                return
            id = self.claimed.id
            assert id in may
            assert self.claimed.ambiguous == (id in self.ambiguous)
            assert self.keys_seen.setdefault(id, self.claimed.body) == self.claimed.body
            self.states[id] = State.SENDING

    @precondition(lambda self: self.states)
    @rule(result=st.sampled_from([*Result, *OFTEN, *OFTEN]))
    def answer(self, result: Result) -> None:
        self.claim()
        if self.claimed is None:
            return
        id, claimed, self.claimed = self.claimed.id, self.claimed, None
        state = self._finish(claimed, result)
        if result is Result.UNKNOWN:
            self.ambiguous.add(id)
        if result in {Result.ACCEPTED, Result.REJECTED}:
            self.states[id] = State(result.value)
        elif result is Result.CONFLICT:
            self.states[id] = State.ACCEPTED if id in self.ambiguous else State.CONFLICT
        elif result is Result.HELD:
            self._hold(id)
        else:
            self.states[id] = State.UNKNOWN if id in self.ambiguous else State.WAITING
        assert state is self.states[id]
        if state in {State.REJECTED, State.CONFLICT}:
            second = self.second.get(id)
            if second is not None and not self.states[second].final:
                self.states[second] = State.HELD
                self.stopped.add(second)

    @precondition(lambda self: self.states)
    @rule(results=st.lists(st.sampled_from([result for result in Result if result is not Result.HELD]), min_size=2))
    def answers(self, results: list[Result]) -> None:
        for result in results:
            self.answer(result)

    def _finish(self, claimed: Claimed, result: Result) -> State:
        outcome = Outcome(result, f"gate.{result}", "Said the gate.")
        route = Route("https://gate.example", self.generation)
        return self.journal.finish(self.lease, claimed, outcome, route=route, backoff=Backoff(1, 300, lambda: 1))

    def _hold(self, refused: str) -> None:
        for id, state in self.states.items():
            if id == refused or state in OPEN:
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
        if self.claimed is not None:
            with pytest.raises(LeaseLost):
                self._finish(self.claimed, Result.ACCEPTED)
            self.claimed = None
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
        self.claimed = None
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
