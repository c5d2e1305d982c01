"""The delivery loop: one step at a time with a gate that says what it is told, and as a thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.errors import WorkstationError
from app.journal.errors import JournalUnusable
from app.journal.outbox import Journal
from app.masked import Secret
from app.provisioning.fields import Kind
from app.provisioning.outcome import Outcome, Result
from app.provisioning.submission import State
from app.work.dispatch import TOKEN_AGAIN_S, Did, Dispatcher, Pace, Step
from app.work.events import Event, JournalChanged, LinkChanged, LoopFailed
from app.work.throttle import Bucket
from tests.peers.submissions import Clock, submission

Answer = Callable[[], Outcome]
Build = Callable[..., Dispatcher]

URL = "https://gate.example/api/v1"


def outcome(result: Result) -> Outcome:
    return Outcome(result, f"gate.{result}", "Said the gate.")


@dataclass
class Told:
    """A gate that answers from a list, then accepts; notes what it was sent."""

    answers: list[Result | Answer] = field(default_factory=list)
    sent: list[tuple[Kind, bytes, str, str]] = field(default_factory=list)
    fields: list[Mapping[str, str]] = field(default_factory=list)

    def send(self, kind: Kind, body: bytes, idempotency_key: str, token: Secret, sent: Mapping[str, str]) -> Outcome:
        self.sent.append((kind, body, idempotency_key, token.reveal()))
        self.fields.append(sent)
        answer = self.answers.pop(0) if self.answers else Result.ACCEPTED
        return outcome(answer) if isinstance(answer, Result) else answer()

    @property
    def keys(self) -> list[str]:
        return [key for _, _, key, _ in self.sent]


@dataclass
class Keyring:
    token: Secret | None = field(default_factory=lambda: Secret("token-1"))
    trouble: WorkstationError | None = None
    asked: int = 0

    def load(self) -> Secret | None:
        self.asked += 1
        if self.trouble:
            raise self.trouble
        return self.token


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(tmp_path: Path, clock: Clock) -> Iterator[Journal]:
    opened = Journal.open(tmp_path / "journal.db", now=clock.now)
    yield opened
    opened.close()


@pytest.fixture
def gate() -> Told:
    return Told()


@pytest.fixture
def keyring() -> Keyring:
    return Keyring()


@pytest.fixture
def events() -> list[Event]:
    return []


@pytest.fixture
def build(  # noqa: PLR0917 - fixtures are handed in so
    tmp_path: Path, journal: Journal, gate: Told, keyring: Keyring, clock: Clock, events: list[Event]
) -> Iterator[Build]:
    built: list[Dispatcher] = []

    def one(**changed: object) -> Dispatcher:
        parts: dict[str, object] = {
            "pace": Pace(1000, 1, 300),
            "lock_path": tmp_path / "delivery.lock",
            "base_url": URL,
            "token": keyring.load,
            "publish": events.append,
            "now": clock.now,
            "monotonic": clock.monotonic,
            "random": lambda: 1.0,
        }
        built.append(Dispatcher(journal, gate, **(parts | changed)))  # type: ignore[arg-type] # the parts, by name
        return built[-1]

    yield one
    for dispatcher in built:
        dispatcher.release()


def state_of(journal: Journal, id: str) -> State:
    entry = journal.entry(id)
    assert entry is not None
    return entry.state


def test_a_submission_is_sent_with_its_id_and_token(journal: Journal, gate: Told, build: Build) -> None:
    made = submission("one", password="$2a$12$hash", imei="356938035643809")
    journal.add(made)
    dispatcher = build()
    assert dispatcher.run_once() == Step(Did.DELIVERED, "one", State.ACCEPTED)
    assert gate.sent == [(Kind.REGISTER, made.body, "one", "token-1")]
    assert gate.fields == [{"imei": "356938035643809"}]
    assert dispatcher.run_once() == Step(Did.NOTHING_DUE)


def test_events_come_after_the_commit(journal: Journal, build: Build) -> None:
    seen: list[tuple[str | None, State]] = []

    def look(event: Event) -> None:
        if isinstance(event, JournalChanged):
            seen.append((event.id, state_of(journal, "one")))

    journal.add(submission("one"))
    build(publish=look).run_once()
    assert seen == [("one", State.SENDING), ("one", State.ACCEPTED)]


def test_it_says_when_to_come_again(journal: Journal, gate: Told, clock: Clock, build: Build) -> None:
    journal.add(submission("one"))
    gate.answers = [Result.UNREACHABLE, Result.FAILED]
    dispatcher = build()
    assert dispatcher.run_once().state is State.WAITING
    assert dispatcher.run_once() == Step(Did.NOTHING_DUE, wait_s=1.0)
    clock.pass_s(1)
    assert dispatcher.run_once().state is State.WAITING
    assert dispatcher.run_once() == Step(Did.NOTHING_DUE, wait_s=2.0)
    clock.pass_s(2)
    assert dispatcher.run_once().state is State.ACCEPTED
    assert len(gate.sent) == 3


def test_link_changes_are_told_once(journal: Journal, gate: Told, build: Build, events: list[Event]) -> None:
    journal.add(submission("one"))
    gate.answers = [Result.UNREACHABLE]
    dispatcher = build()
    dispatcher.run_once()
    events.clear()
    dispatcher.run_once()
    assert events == []
    journal.add(submission("two"))
    dispatcher.run_once()
    assert LinkChanged() not in events


def test_a_refusal_of_the_station_pauses_until_the_token_is_new(
    journal: Journal, gate: Told, keyring: Keyring, build: Build, events: list[Event]
) -> None:
    journal.add_all([submission("one"), submission("two")])
    gate.answers = [Result.HELD]
    dispatcher = build()
    dispatcher.run_once()
    assert JournalChanged(None) in events
    assert dispatcher.run_once() == Step(Did.PAUSED)
    journal.add(submission("later"))
    assert dispatcher.run_once() == Step(Did.PAUSED)
    assert [state_of(journal, id) for id in ("one", "two", "later")] == [State.HELD] * 3
    assert len(gate.sent) == 1
    keyring.token = Secret("token-2")
    journal.bump_token_generation()
    events.clear()
    assert [dispatcher.run_once().id for _ in range(3)] == ["one", "two", "later"]
    assert LinkChanged() in events
    assert [token for *_, token in gate.sent] == ["token-1", "token-2", "token-2", "token-2"]


def test_another_address_ends_a_pause(journal: Journal, gate: Told, build: Build) -> None:
    journal.add(submission("one"))
    gate.answers = [Result.HELD]
    first = build()
    first.run_once()
    first.release()
    same, other = build(), build(base_url="https://other.example/api/v1")
    assert same.run_once() == Step(Did.PAUSED)
    same.release()
    assert other.run_once().state is State.ACCEPTED


def test_a_token_replaced_while_asking_is_tried(journal: Journal, gate: Told, build: Build) -> None:
    def refuse() -> Outcome:
        journal.bump_token_generation()
        return outcome(Result.HELD)

    journal.add(submission("one"))
    gate.answers = [refuse]
    dispatcher = build()
    assert dispatcher.run_once().state is State.HELD
    assert dispatcher.run_once().state is State.ACCEPTED


def test_without_a_token_nothing_is_sent(
    journal: Journal, gate: Told, keyring: Keyring, clock: Clock, build: Build
) -> None:
    keyring.token = None
    dispatcher = build()
    assert dispatcher.run_once().did is Did.NOTHING_DUE
    assert keyring.asked == 0
    journal.add(submission("one"))
    assert dispatcher.run_once() == Step(Did.NO_TOKEN)
    assert dispatcher.run_once() == Step(Did.NO_TOKEN)
    assert keyring.asked == 1
    clock.pass_s(TOKEN_AGAIN_S)
    keyring.trouble = WorkstationError("The keyring is locked.", remedy="Unlock it.")
    assert dispatcher.run_once() == Step(Did.NO_TOKEN, message="The keyring is locked. Unlock it.")
    assert (state_of(journal, "one"), gate.sent, keyring.asked) == (State.QUEUED, [], 2)
    keyring.token, keyring.trouble = Secret("token-2"), None
    journal.bump_token_generation()
    assert dispatcher.run_once().state is State.ACCEPTED


def test_the_rate_is_kept(journal: Journal, gate: Told, clock: Clock, build: Build) -> None:
    journal.add_all([submission() for _ in range(6)])
    dispatcher = build(pace=Pace(2, 1, 300))
    assert [dispatcher.run_once().did for _ in range(2)] == [Did.DELIVERED] * 2
    assert dispatcher.run_once() == Step(Did.NOTHING_DUE, wait_s=0.5)
    # The wall clock has no say in it.
    clock.at = clock.at.replace(year=2030)
    assert dispatcher.run_once() == Step(Did.NOTHING_DUE, wait_s=0.5)
    clock.pass_s(0.5)
    assert [dispatcher.run_once().did for _ in range(2)] == [Did.DELIVERED, Did.NOTHING_DUE]
    clock.pass_s(3600)
    assert [dispatcher.run_once().did for _ in range(3)] == [Did.DELIVERED, Did.DELIVERED, Did.NOTHING_DUE]


def test_a_bucket_slower_than_one_a_second() -> None:
    clock = Clock()
    bucket = Bucket(0.1, clock.monotonic)
    assert bucket.wait_s() == 0
    bucket.take()
    assert bucket.wait_s() == pytest.approx(10)
    clock.pass_s(4)
    assert bucket.wait_s() == pytest.approx(6)


def test_a_bucket_without_a_limit() -> None:
    bucket = Bucket(0, Clock().monotonic)
    for _ in range(100):
        assert bucket.wait_s() == 0
        bucket.take()


def test_only_one_delivers(journal: Journal, gate: Told, build: Build) -> None:
    journal.add_all([submission("one"), submission("two")])
    first, second = build(), build()
    assert first.run_once().id == "one"
    assert second.run_once().did is Did.ELSEWHERE
    first.release()
    assert second.run_once().id == "two"
    assert gate.keys == ["one", "two"]


def test_one_that_lost_the_lease_writes_nothing(journal: Journal, gate: Told, clock: Clock, build: Build) -> None:
    def steal() -> Outcome:
        journal.acquire_lease("a lock granted twice")
        return outcome(Result.ACCEPTED)

    journal.add(submission("one"))
    gate.answers = [steal, Result.CONFLICT]
    dispatcher = build()
    assert dispatcher.run_once().did is Did.ELSEWHERE
    assert state_of(journal, "one") is State.SENDING
    assert dispatcher.run_once().did is Did.NOTHING_DUE
    assert state_of(journal, "one") is State.UNKNOWN
    clock.pass_s(1)
    assert dispatcher.run_once().state is State.ACCEPTED


def test_what_another_process_entered_is_told(
    tmp_path: Path, journal: Journal, build: Build, events: list[Event]
) -> None:
    dispatcher = build()
    dispatcher.run_once()
    events.clear()
    dispatcher.run_once()
    assert events == []
    other = Journal.open(tmp_path / "journal.db")
    other.add(submission("theirs"))
    other.close()
    assert dispatcher.run_once().id == "theirs"
    assert events[0] == JournalChanged()


def test_a_lock_that_cannot_be_taken_is_named(tmp_path: Path, journal: Journal, build: Build) -> None:
    journal.add(submission("one"))
    (tmp_path / "folder.lock").mkdir()
    with pytest.raises(JournalUnusable, match=r"folder\.lock"):
        build(lock_path=tmp_path / "folder.lock").run_once()
    assert state_of(journal, "one") is State.QUEUED


class Loop:
    """A dispatcher's loop in a thread, and a way to wait for what it tells."""

    def __init__(self, build: Build) -> None:
        self.events: list[Event] = []
        self._told = threading.Condition()
        self.dispatcher = build(publish=self._hear)
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.dispatcher.run, args=(self.stop,))

    def _hear(self, event: Event) -> None:
        with self._told:
            self.events.append(event)
            self._told.notify_all()

    def wait_for(self, true: Callable[[], bool]) -> None:
        with self._told:
            assert self._told.wait_for(true, 30)

    def __enter__(self) -> Loop:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.dispatcher.wake()
        self.thread.join(30)
        assert not self.thread.is_alive()


def test_the_loop_delivers_what_is_added(journal: Journal, build: Build) -> None:
    with Loop(build) as loop:
        for id in ("one", "two"):
            journal.add(submission(id))
            loop.dispatcher.wake()
            loop.wait_for(lambda: journal.pending_count() == 0)
    assert state_of(journal, "two") is State.ACCEPTED


def test_the_loop_outlives_a_fault_and_loses_nothing(
    journal: Journal, gate: Told, build: Build, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    def fault() -> Outcome:
        raise ZeroDivisionError

    gate.answers = [fault, Result.CONFLICT]
    journal.add(submission("one"))
    with Loop(build) as loop:
        loop.wait_for(lambda: any(isinstance(event, LoopFailed) for event in loop.events))
        assert state_of(journal, "one") is State.SENDING
        loop.events.clear()
        loop.dispatcher.wake()
        loop.wait_for(lambda: JournalChanged() in loop.events)
        assert state_of(journal, "one") is State.UNKNOWN
        clock.pass_s(1)
        loop.dispatcher.wake()
        loop.wait_for(lambda: journal.pending_count() == 0)
    assert state_of(journal, "one") is State.ACCEPTED
    assert "ZeroDivisionError" in caplog.text


def test_the_loop_tells_of_an_expected_trouble(
    tmp_path: Path, journal: Journal, build: Build, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "delivery.lock").mkdir()
    with Loop(build) as loop:
        loop.wait_for(lambda: any(isinstance(event, LoopFailed) for event in loop.events))
    (failed,) = {event for event in loop.events if isinstance(event, LoopFailed)}
    assert "delivery.lock" in failed.summary
    assert failed.remedy
    assert "Traceback" not in caplog.text


def test_the_lock_is_free_once_the_loop_has_ended(journal: Journal, build: Build) -> None:
    with Loop(build) as loop:
        journal.add(submission("one"))
        loop.dispatcher.wake()
        loop.wait_for(lambda: journal.pending_count() == 0)
    journal.add(submission("two"))
    assert build().run_once().id == "two"
