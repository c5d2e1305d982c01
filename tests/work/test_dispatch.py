"""The delivery loop: one step at a time with a gate that says what it is told, and as a thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from typing_extensions import override

from app.errors import WorkstationError
from app.journal.errors import JournalUnusable
from app.journal.outbox import Journal
from app.masked import Secret
from app.provisioning.fields import Kind
from app.provisioning.outcome import RECALLED, Outcome, Result
from app.provisioning.submission import State, Submission
from app.work import dispatch
from app.work.dispatch import AHEAD, AT_ONCE, LOOK_EVERY_S, PATIENCE_S, TOKEN_AGAIN_S, Did, Dispatcher, Pace, Turn
from app.work.events import Event, JournalChanged, LinkChanged, LoopFailed
from app.work.throttle import Bucket
from tests.peers.attempts import once
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

    def send(
        self,
        kind: Kind,
        body: bytes,
        idempotency_key: str,
        token: Secret,
        sent: Mapping[str, str],
        *,
        begins: Callable[[], None],
    ) -> Future[Outcome]:
        self.sent.append((kind, body, idempotency_key, token.reveal()))
        self.fields.append(sent)
        return self.take(idempotency_key, begins)

    def take(self, key: str, begins: Callable[[], None]) -> Future[Outcome]:  # noqa: ARG002 - for those that wait
        """What becomes of an attempt that is handed over."""
        begins()
        answer = self.answers.pop(0) if self.answers else Result.ACCEPTED
        came = Future[Outcome]()
        try:
            came.set_result(outcome(answer) if isinstance(answer, Result) else answer())
        except ZeroDivisionError as fault:
            came.set_exception(fault)
        return came

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

    def one(gate: Told = gate, **changed: object) -> Dispatcher:
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


def ended(dispatcher: Dispatcher) -> State:
    (state,) = once(dispatcher).ended.values()
    return state


def sent(dispatcher: Dispatcher) -> str:
    (id,) = once(dispatcher).ended
    return id


def state_of(journal: Journal, id: str) -> State:
    entry = journal.entry(id)
    assert entry is not None
    return entry.state


def test_a_submission_is_sent_with_its_id_and_token(journal: Journal, gate: Told, build: Build) -> None:
    made = submission("one", password="$2a$12$hash", imei="356938035643809")
    journal.add(made)
    dispatcher = build()
    assert once(dispatcher).ended == {"one": State.ACCEPTED}
    assert gate.sent == [(Kind.REGISTER, made.body, "one", "token-1")]
    assert gate.fields == [{"imei": "356938035643809"}]
    assert once(dispatcher) == Turn(Did.NOTHING_DUE)


def test_events_come_after_the_commit(journal: Journal, build: Build) -> None:
    seen: list[tuple[str | None, State]] = []

    def look(event: Event) -> None:
        if isinstance(event, JournalChanged):
            seen.append((event.id, state_of(journal, "one")))

    journal.add(submission("one"))
    once(build(publish=look))
    assert seen == [("one", State.SENDING), ("one", State.ACCEPTED)]


def test_it_says_when_to_come_again(journal: Journal, gate: Told, clock: Clock, build: Build) -> None:
    journal.add(submission("one"))
    gate.answers = [Result.UNREACHABLE, Result.FAILED]
    dispatcher = build()
    assert ended(dispatcher) is State.WAITING
    assert once(dispatcher) == Turn(Did.NOTHING_DUE, wait_s=1.0)
    clock.pass_s(1)
    assert ended(dispatcher) is State.WAITING
    assert once(dispatcher) == Turn(Did.NOTHING_DUE, wait_s=2.0)
    clock.pass_s(2)
    assert ended(dispatcher) is State.ACCEPTED
    assert len(gate.sent) == 3


def test_link_changes_are_told_once(journal: Journal, gate: Told, build: Build, events: list[Event]) -> None:
    journal.add(submission("one"))
    gate.answers = [Result.UNREACHABLE]
    dispatcher = build()
    once(dispatcher)
    events.clear()
    once(dispatcher)
    assert events == []
    journal.add(submission("two"))
    once(dispatcher)
    assert LinkChanged() not in events


def test_a_refusal_of_the_station_pauses_until_the_token_is_new(
    journal: Journal, gate: Told, keyring: Keyring, build: Build, events: list[Event]
) -> None:
    journal.add_all([submission("one"), submission("two")])
    gate.answers = [Result.HELD]
    dispatcher = build()
    once(dispatcher)
    assert JournalChanged(None) in events
    assert once(dispatcher) == Turn(Did.PAUSED)
    journal.add(submission("later"))
    assert once(dispatcher) == Turn(Did.PAUSED)
    assert [state_of(journal, id) for id in ("one", "two", "later")] == [State.HELD] * 3
    assert len(gate.sent) == 1
    keyring.token = Secret("token-2")
    journal.bump_token_generation()
    events.clear()
    assert [sent(dispatcher) for _ in range(3)] == ["one", "two", "later"]
    assert LinkChanged() in events
    assert [token for *_, token in gate.sent] == ["token-1", "token-2", "token-2", "token-2"]


def test_another_address_ends_a_pause(journal: Journal, gate: Told, build: Build) -> None:
    journal.add(submission("one"))
    gate.answers = [Result.HELD]
    first = build()
    once(first)
    first.release()
    same, other = build(), build(base_url="https://other.example/api/v1")
    assert once(same) == Turn(Did.PAUSED)
    same.release()
    assert ended(other) is State.ACCEPTED


def test_a_token_replaced_while_asking_is_tried(journal: Journal, gate: Told, build: Build) -> None:
    def refuse() -> Outcome:
        journal.bump_token_generation()
        return outcome(Result.HELD)

    journal.add(submission("one"))
    gate.answers = [refuse]
    dispatcher = build()
    assert ended(dispatcher) is State.HELD
    assert ended(dispatcher) is State.ACCEPTED


def test_without_a_token_nothing_is_sent(
    journal: Journal, gate: Told, keyring: Keyring, clock: Clock, build: Build
) -> None:
    keyring.token = None
    dispatcher = build()
    assert once(dispatcher).did is Did.NOTHING_DUE
    assert keyring.asked == 0
    journal.add(submission("one"))
    assert once(dispatcher) == Turn(Did.NO_TOKEN)
    assert once(dispatcher) == Turn(Did.NO_TOKEN)
    assert keyring.asked == 1
    clock.pass_s(TOKEN_AGAIN_S)
    keyring.trouble = WorkstationError("The keyring is locked.", remedy="Unlock it.")
    assert once(dispatcher) == Turn(Did.NO_TOKEN, message="The keyring is locked. Unlock it.")
    assert (state_of(journal, "one"), gate.sent, keyring.asked) == (State.QUEUED, [], 2)
    keyring.token, keyring.trouble = Secret("token-2"), None
    journal.bump_token_generation()
    assert ended(dispatcher) is State.ACCEPTED


def test_the_rate_is_kept(journal: Journal, gate: Told, clock: Clock, build: Build) -> None:
    journal.add_all([submission() for _ in range(6)])
    dispatcher = build(pace=Pace(2, 1, 300))
    assert [once(dispatcher).did for _ in range(2)] == [Did.SENDING] * 2
    assert once(dispatcher) == Turn(Did.NOTHING_DUE, wait_s=0.5)
    # The wall clock has no say in it.
    clock.at = clock.at.replace(year=2030)
    assert once(dispatcher) == Turn(Did.NOTHING_DUE, wait_s=0.5)
    clock.pass_s(0.5)
    assert [once(dispatcher).did for _ in range(2)] == [Did.SENDING, Did.NOTHING_DUE]
    clock.pass_s(3600)
    assert [once(dispatcher).did for _ in range(3)] == [Did.SENDING, Did.SENDING, Did.NOTHING_DUE]


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
    assert sent(first) == "one"
    assert once(second).did is Did.ELSEWHERE
    first.release()
    assert sent(second) == "two"
    assert gate.keys == ["one", "two"]


def test_one_that_lost_the_lease_writes_nothing(journal: Journal, gate: Told, clock: Clock, build: Build) -> None:
    def steal() -> Outcome:
        journal.acquire_lease("a lock granted twice")
        return outcome(Result.ACCEPTED)

    journal.add(submission("one"))
    gate.answers = [steal, Result.CONFLICT]
    dispatcher = build()
    assert once(dispatcher).did is Did.ELSEWHERE
    assert state_of(journal, "one") is State.SENDING
    assert once(dispatcher).did is Did.NOTHING_DUE
    assert state_of(journal, "one") is State.UNKNOWN
    clock.pass_s(1)
    assert ended(dispatcher) is State.ACCEPTED


def test_what_another_process_entered_is_told(
    tmp_path: Path, journal: Journal, build: Build, events: list[Event], clock: Clock
) -> None:
    dispatcher = build()
    once(dispatcher)
    events.clear()
    once(dispatcher)
    assert events == []
    other = Journal.open(tmp_path / "journal.db")
    other.add(submission("theirs"))
    other.close()
    clock.pass_s(LOOK_EVERY_S)
    assert sent(dispatcher) == "theirs"
    assert events[0] == JournalChanged()


def test_a_lock_that_cannot_be_taken_is_named(tmp_path: Path, journal: Journal, build: Build) -> None:
    journal.add(submission("one"))
    (tmp_path / "folder.lock").mkdir()
    with pytest.raises(JournalUnusable, match=r"folder\.lock"):
        once(build(lock_path=tmp_path / "folder.lock"))
    assert state_of(journal, "one") is State.QUEUED


@dataclass
class Slow(Told):
    """A gate that answers when it is told to."""

    open: dict[str, Future[Outcome]] = field(default_factory=dict)

    @override
    def take(self, key: str, begins: Callable[[], None]) -> Future[Outcome]:
        begins()
        self.open[key] = Future[Outcome]()
        return self.open[key]

    def answer(self, id: str, result: Result = Result.ACCEPTED) -> None:
        self.open.pop(id).set_result(outcome(result))


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def patient(build: Build, slow: Slow) -> Dispatcher:
    return build(gate=slow)


def ends_with(work: Callable[[], None], slow: Slow, *ids: str) -> None:
    """Do `work`, which must not end before the last of `ids` has been answered, and then must."""
    thread = threading.Thread(target=work)
    thread.start()
    for id in ids:
        thread.join(0.2)
        assert thread.is_alive()
        slow.answer(id)
    thread.join(30)
    assert not thread.is_alive()


def test_one_follows_another(journal: Journal, slow: Slow, patient: Dispatcher) -> None:
    journal.add_all([submission("one"), submission("two")])
    assert patient.turn() == Turn(Did.SENDING, PATIENCE_S)
    assert patient.turn() == Turn(Did.SENDING, PATIENCE_S)
    assert slow.keys == ["one"]
    slow.answer("one")
    assert patient.turn() == Turn(Did.SENDING, PATIENCE_S, ended={"one": State.ACCEPTED})
    assert slow.keys == ["one", "two"]


def test_one_that_follows_is_claimed_with_the_write_that_ends_the_one_before(
    journal: Journal, slow: Slow, patient: Dispatcher, clock: Clock
) -> None:
    journal.add_all([submission(id) for id in ("one", "two", "refused", "four")])
    patient.turn()
    for id in ("one", "two"):
        slow.answer(id)
        clock.pass_s(1)
        patient.turn()
    ended, began = (journal.entry(id) for id in ("two", "refused"))
    assert ended is not None
    assert began is not None
    assert ended.updated_at == began.attempts[0].at == clock.now()
    slow.answer("refused", Result.UNREACHABLE)
    assert patient.turn() == Turn(Did.NOTHING_DUE, 1.0, ended={"refused": State.WAITING})
    assert slow.keys == ["one", "two", "refused"]


def test_one_that_follows_goes_with_the_token_that_holds_by_then(
    journal: Journal, slow: Slow, patient: Dispatcher, keyring: Keyring
) -> None:
    journal.add_all([submission("one"), submission("two")])
    patient.turn()
    keyring.token = Secret("token-2")
    journal.bump_token_generation()
    slow.answer("one")
    patient.turn()
    assert [token for *_, token in slow.sent] == ["token-1", "token-2"]


def test_one_that_takes_long_holds_up_nobody_else(
    journal: Journal, slow: Slow, patient: Dispatcher, clock: Clock
) -> None:
    journal.add_all([submission(id) for id in ("one", "two", "three")])
    patient.turn()
    for count in (2, 3):
        clock.pass_s(PATIENCE_S)
        patient.turn()
        assert len(slow.sent) == count
    slow.answer("two")
    slow.answer("three")
    assert patient.turn().ended == {"two": State.ACCEPTED, "three": State.ACCEPTED}
    assert [state_of(journal, id) for id in ("one", "two")] == [State.SENDING, State.ACCEPTED]
    slow.answer("one")
    assert patient.turn() == Turn(Did.NOTHING_DUE, ended={"one": State.ACCEPTED})


def tied() -> list[Submission]:
    """Three that have to follow one another, by a device or a user they share, and one that has not."""
    return [
        submission("first", imei="356938035643809"),
        submission("same device", imei="356938035643809", username="ana"),
        submission("same user", username="ana"),
        submission("another", imei="490154203237518"),
    ]


def test_what_is_about_one_device_or_user_goes_one_after_another(
    journal: Journal, slow: Slow, patient: Dispatcher, clock: Clock
) -> None:
    journal.add_all(tied())
    patient.turn()
    for sent in (["first", "another"], ["first", "another", "same device"]):
        clock.pass_s(PATIENCE_S)
        patient.turn()
        clock.pass_s(PATIENCE_S)
        assert patient.turn().did is Did.SENDING
        assert slow.keys == sent
        slow.answer(sent[-1] if len(sent) > 2 else "first")
    patient.turn()
    assert slow.keys[-1] == "same user"


def test_no_more_than_so_many_are_under_way(journal: Journal, slow: Slow, patient: Dispatcher, clock: Clock) -> None:
    journal.add_all([submission(str(number)) for number in range(AT_ONCE + 2)])
    for _ in range(AT_ONCE + 2):
        patient.turn()
        clock.pass_s(PATIENCE_S)
    assert len(slow.sent) == AT_ONCE
    slow.answer("3")
    patient.turn()
    assert len(slow.sent) == AT_ONCE + 1


def test_one_that_has_just_begun_is_given_its_time_when_another_ends(
    journal: Journal, slow: Slow, patient: Dispatcher, clock: Clock
) -> None:
    journal.add_all([submission(id) for id in ("one", "two", "three")])
    patient.turn()
    clock.pass_s(PATIENCE_S)
    patient.turn()
    slow.answer("one")
    patient.turn()
    assert slow.keys == ["one", "two"]
    clock.pass_s(PATIENCE_S)
    patient.turn()
    assert slow.keys == ["one", "two", "three"]


def test_the_rate_bounds_what_begins(journal: Journal, slow: Slow, build: Build, clock: Clock) -> None:
    journal.add_all([submission() for _ in range(6)])
    dispatcher = build(gate=slow, pace=Pace(0.5, 1, 300))
    dispatcher.turn()
    clock.pass_s(PATIENCE_S)
    assert dispatcher.turn().rest_s == 1
    assert len(slow.sent) == 1
    clock.pass_s(2)
    dispatcher.turn()
    assert len(slow.sent) == 2


def test_the_rate_bounds_what_follows(journal: Journal, slow: Slow, build: Build) -> None:
    journal.add_all([submission("one"), submission("two")])
    dispatcher = build(gate=slow, pace=Pace(0.5, 1, 300))
    dispatcher.turn()
    slow.answer("one")
    assert dispatcher.turn() == Turn(Did.NOTHING_DUE, 2.0, ended={"one": State.ACCEPTED})
    assert slow.keys == ["one"]


def test_after_a_stall_one_follows_another_again(
    journal: Journal, slow: Slow, patient: Dispatcher, clock: Clock
) -> None:
    journal.add_all([submission(id) for id in ("one", "two", "three", "four")])
    patient.turn()
    clock.pass_s(PATIENCE_S)
    patient.turn()
    slow.answer("one")
    slow.answer("two")
    patient.turn()
    assert slow.keys == ["one", "two", "three"]


def test_while_the_gate_fails_one_goes_ahead_alone(
    journal: Journal, slow: Slow, patient: Dispatcher, clock: Clock
) -> None:
    journal.add_all([submission(id) for id in ("one", "two", "three")])
    for _ in range(3):
        patient.turn()
        clock.pass_s(PATIENCE_S)
    slow.answer("one", Result.UNREACHABLE)
    patient.turn()
    clock.pass_s(1)
    slow.answer("two", Result.UNREACHABLE)
    slow.answer("three", Result.UNREACHABLE)
    assert patient.turn().ended == {"two": State.WAITING, "three": State.WAITING}
    # They were under way together, so together they are one failure.
    assert journal.link().failures == 1
    for _ in range(3):
        clock.pass_s(1)
        assert patient.turn().did is Did.SENDING
    assert len(slow.sent) == 4
    slow.answer(slow.keys[-1])
    patient.turn()
    clock.pass_s(PATIENCE_S)
    patient.turn()
    assert len(slow.sent) == 6


@pytest.fixture
def unlimited(build: Build, slow: Slow) -> Dispatcher:
    return build(gate=slow, pace=Pace(0, 1, 300))


def test_without_a_limit_they_go_side_by_side_and_end_with_one_write(
    journal: Journal, slow: Slow, unlimited: Dispatcher, clock: Clock, events: list[Event]
) -> None:
    names = [str(number) for number in range(AHEAD + 3)]
    journal.add_all([submission(name) for name in names])
    assert unlimited.turn() == Turn(Did.SENDING, PATIENCE_S)
    assert slow.keys == names[:AHEAD]
    slow.answer("2")
    slow.answer("0", Result.REJECTED)
    clock.pass_s(1)
    assert unlimited.turn().ended == {"0": State.REJECTED, "2": State.ACCEPTED}
    assert slow.keys == names[: AHEAD + 2]
    ended, began = journal.entry("0"), journal.entry(slow.keys[-1])
    assert ended is not None
    assert began is not None
    assert ended.updated_at == began.attempts[0].at == clock.now()
    assert [event.id for event in events if isinstance(event, JournalChanged)][-4:] == [*slow.keys[-2:], "0", "2"]


def test_what_is_given_back_unsent_says_nothing_of_the_gate(
    journal: Journal, slow: Slow, unlimited: Dispatcher
) -> None:
    journal.add_all([submission("refused"), submission("given back")])
    unlimited.turn()
    slow.answer("refused", Result.HELD)
    slow.open.pop("given back").set_result(Outcome(Result.UNREACHABLE, RECALLED, "Not sent yet."))
    unlimited.turn()
    link = journal.link()
    assert (link.online, link.failures, link.pause is not None) == (True, 0, True)
    assert [state_of(journal, id) for id in ("refused", "given back")] == [State.HELD, State.HELD]


class Reluctant(Slow):
    """Begins nothing by itself; `begin` holds what says that an attempt goes out."""

    def __init__(self) -> None:
        super().__init__()
        self.begin: dict[str, Callable[[], None]] = {}

    @override
    def take(self, key: str, begins: Callable[[], None]) -> Future[Outcome]:
        self.begin[key] = begins
        return super().take(key, lambda: None)


def test_what_a_kill_leaves_is_taken_for_arrived_only_where_the_gate_may_have_taken_it(
    journal: Journal, build: Build, clock: Clock
) -> None:
    reluctant = Reluctant()
    killed = build(gate=reluctant, pace=Pace(0, 1, 300))
    journal.add_all([submission(id) for id in ("silent", "refused", "accepted", "not begun")])
    killed.turn()
    for id in ("silent", "refused", "accepted"):
        reluctant.begin[id]()
    # Answered, and not written down yet.
    reluctant.answer("refused", Result.CONFLICT)
    reluctant.answer("accepted")
    # The system frees the lock of a process that was killed, and keeps its mapped file.
    killed.release()
    again, knows_all = Slow(), dict.fromkeys(("silent", "refused", "accepted", "not begun"), Result.CONFLICT)
    dispatcher = build(gate=again, pace=Pace(0, 1, 300))
    dispatcher.turn()
    states = {id: entry.state for id in knows_all if (entry := journal.entry(id))}
    assert states == {
        "silent": State.UNKNOWN, "accepted": State.UNKNOWN, "refused": State.WAITING, "not begun": State.WAITING,
    }  # fmt: skip
    clock.pass_s(1)
    dispatcher.turn()
    for id, result in knows_all.items():
        again.answer(id, result)
    dispatcher.turn()
    states = {id: entry.state for id in knows_all if (entry := journal.entry(id))}
    assert states == {
        "silent": State.ACCEPTED, "accepted": State.ACCEPTED, "refused": State.CONFLICT, "not begun": State.CONFLICT,
    }  # fmt: skip
    assert journal.verify().whole


def test_without_a_limit_what_is_about_one_device_or_user_still_goes_one_after_another(
    journal: Journal, slow: Slow, unlimited: Dispatcher
) -> None:
    journal.add_all(tied())
    for sent in (["first", "another"], ["same device"], ["same user"]):
        unlimited.turn()
        assert slow.keys[-len(sent) :] == sent
        for id in sent:
            slow.answer(id)
    assert len(unlimited.turn().ended) == 1


def test_without_a_limit_a_refused_token_holds_all_and_a_failing_gate_is_probed_by_one(
    journal: Journal, slow: Slow, unlimited: Dispatcher, clock: Clock
) -> None:
    journal.add_all([submission(str(number)) for number in range(AHEAD + 2)])
    unlimited.turn()
    for id in list(slow.open):
        slow.answer(id, Result.UNREACHABLE)
    assert unlimited.turn().did is Did.NOTHING_DUE
    assert journal.link().failures == 1
    clock.pass_s(1)
    for _ in range(2):
        unlimited.turn()
        assert len(slow.sent) == AHEAD + 1
    slow.answer(slow.keys[-1])
    unlimited.turn()
    assert len(slow.open) == AHEAD
    first, *others = slow.open
    slow.answer(first, Result.HELD)
    assert unlimited.turn().did is Did.SENDING
    assert len(slow.sent) == AHEAD + 1 + AHEAD
    for id in others:
        slow.answer(id, Result.HELD)
    assert unlimited.turn().did is Did.PAUSED
    assert [journal.counts()[state] for state in (State.ACCEPTED, State.HELD)] == [1, AHEAD + 1]


def test_a_fault_leaves_what_was_answered_beside_it(journal: Journal, slow: Slow, unlimited: Dispatcher) -> None:
    journal.add_all([submission(id) for id in ("one", "two", "three")])
    unlimited.turn()
    journal.add(submission("four"))
    unlimited.turn()
    journal.add(submission("five"))
    slow.answer("one")
    slow.open.pop("two").set_exception(ZeroDivisionError())
    slow.answer("three")
    with pytest.raises(ZeroDivisionError):
        unlimited.turn()
    assert slow.keys == ["one", "two", "three", "four"]
    ends_with(unlimited.give_up, slow, "four")
    unlimited.turn()
    assert [state_of(journal, id) for id in ("one", "two", "three", "four")] == [
        State.ACCEPTED, State.UNKNOWN, State.ACCEPTED, State.UNKNOWN,
    ]  # fmt: skip


def test_the_loop_ends_when_what_is_under_way_has_ended(
    journal: Journal, slow: Slow, patient: Dispatcher, clock: Clock
) -> None:
    journal.add_all([submission("one"), submission("two")])
    patient.turn()
    clock.pass_s(PATIENCE_S)
    patient.turn()
    journal.add(submission("later"))
    stop = threading.Event()
    stop.set()
    ends_with(lambda: patient.run(stop), slow, "one", "two")
    assert [state_of(journal, id) for id in ("one", "two", "later")] == [State.ACCEPTED, State.ACCEPTED, State.QUEUED]


def test_after_a_fault_nothing_is_sent_again_before_what_is_under_way_has_ended(
    journal: Journal, slow: Slow, patient: Dispatcher, clock: Clock
) -> None:
    journal.add_all([submission("one"), submission("two")])
    patient.turn()
    clock.pass_s(PATIENCE_S)
    patient.turn()
    slow.open.pop("one").set_exception(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        patient.turn()
    ends_with(patient.give_up, slow, "two")
    patient.turn()
    assert [state_of(journal, id) for id in ("one", "two")] == [State.UNKNOWN, State.UNKNOWN]
    assert slow.keys == ["one", "two"]


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


def test_a_wish_to_stop_that_comes_as_a_turn_begins_is_not_lost_on_it(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "LOOK_EVERY_S", 600.0)
    dispatcher = build()

    class Late(threading.Event):
        """Set right after the loop saw that it was not, at the beginning of its first turn."""

        looked = 0

        def is_set(self) -> bool:
            before = super().is_set()
            self.looked += 1
            if self.looked == 2:
                self.set()
                dispatcher.wake()
            return before

    loop = threading.Thread(target=dispatcher.run, args=(Late(),), daemon=True)
    loop.start()
    loop.join(20)
    assert not loop.is_alive()


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
    assert sent(build()) == "two"
