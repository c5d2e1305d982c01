"""The life of submissions against a model of a few lines: whatever happens, in whatever order."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from app.journal.link import Backoff, Route
from app.journal.outbox import Journal
from app.journal.records import Claimed, Lease, Query
from app.provisioning.outcome import Outcome, Result
from app.provisioning.submission import State
from tests.peers.submissions import Clock, submission

USERS = ("ana", "bob", "eve")
OFTEN = (Result.ACCEPTED, Result.UNKNOWN, Result.CONFLICT)


class Life(RuleBasedStateMachine):
    """The model: order of entering, users, which may have arrived, and the states that follow."""

    ids = Bundle("ids")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock()
        self.generation = 0
        self.states: dict[str, State] = {}
        self.users: dict[str, str] = {}
        self.ambiguous: set[str] = set()
        self.keys_seen: dict[str, bytes] = {}
        self.claimed: Claimed | None = None

    @initialize()
    def open(self) -> None:
        self.journal = Journal.open(Path(self.folder.name) / "journal.db", now=self.clock.now)
        self.lease: Lease = self.journal.acquire_lease("life")

    @rule(target=ids, user=st.sampled_from(USERS))
    def enter(self, user: str) -> str:
        id = f"s{len(self.states)}"
        self.journal.add(submission(id, username=user, password="$2a$12$hash"))
        self.states[id], self.users[id] = State.QUEUED, user
        return id

    @rule()
    def claim(self) -> None:
        if self.claimed is None:
            self.clock.pass_s(1000)
            self.claimed = self.journal.claim(self.lease)
            if self.claimed is None:
                open_states = {State.QUEUED, State.WAITING, State.UNKNOWN}
                assert self.journal.link().pause or not open_states.intersection(self.states.values())
                return
            id = self.claimed.id
            earlier = [other for other in self.states if int(other[1:]) < int(id[1:])]
            assert not [o for o in earlier if self.users[o] == self.users[id] and not self.states[o].final]
            assert self.claimed.ambiguous == (id in self.ambiguous)
            assert self.keys_seen.setdefault(id, self.claimed.body) == self.claimed.body
            self.states[id] = State.SENDING

    @rule(result=st.sampled_from([*Result, *OFTEN, *OFTEN]))
    def answer(self, result: Result) -> None:
        if self.claimed is None:
            return
        id, claimed, self.claimed = self.claimed.id, self.claimed, None
        outcome = Outcome(result, f"gate.{result}", "Said the gate.")
        state = self.journal.finish(
            self.lease,
            claimed,
            outcome,
            route=Route("https://gate.example", self.generation),
            backoff=Backoff(1, 300, lambda: 1),
        )
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

    def _hold(self, refused: str) -> None:
        for id, state in self.states.items():
            if id == refused or state in {State.QUEUED, State.WAITING, State.UNKNOWN}:
                self.states[id] = State.HELD

    @rule()
    def new_token(self) -> None:
        self.generation = self.journal.bump_token_generation()
        paused = self.journal.link().pause is not None
        assert self.journal.resume("https://gate.example", self.generation) is paused
        if paused:
            for id, state in self.states.items():
                if state is State.HELD:
                    self.states[id] = State.UNKNOWN if id in self.ambiguous else State.QUEUED

    @rule(id=consumes(ids))
    def cancel(self, id: str) -> None:
        may = self.states[id] in {State.QUEUED, State.WAITING, State.HELD} and id not in self.ambiguous
        assert self.journal.cancel(id) is may
        if may:
            self.states[id] = State.CANCELLED

    @rule()
    def crash(self) -> None:
        self.journal.close()
        self.open()
        left = [id for id, state in self.states.items() if state is State.SENDING]
        assert self.journal.recover(self.lease, Backoff(1, 300, lambda: 1)) == len(left)
        self.claimed = None
        for id in left:
            self.states[id] = State.UNKNOWN
            self.ambiguous.add(id)

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
TestLife.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
