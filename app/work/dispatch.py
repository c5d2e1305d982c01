"""The delivery loop: takes what the journal has due, asks the gate, and writes down what came of it."""

from __future__ import annotations

import logging
import math
import os
import platform
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, wait
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout
from msgspec import Struct, field
from msgspec.structs import replace

from app.errors import WorkstationError
from app.journal.delivery import always
from app.journal.errors import JournalUnusable, LeaseLost
from app.journal.link import Backoff, Link, Route
from app.journal.outbox import Journal
from app.journal.records import Agenda, Claimed, Ended, Lease
from app.masked import Secret
from app.provisioning.fields import Kind
from app.provisioning.outcome import Outcome, Result
from app.provisioning.submission import State
from app.work.begun import Begun
from app.work.events import JournalChanged, LinkChanged, LoopFailed, Publish
from app.work.throttle import Bucket

log = logging.getLogger(__name__)

PATIENCE_S = 0.25
AT_ONCE = 16
"""One attempt follows another; but where the gate takes longer than PATIENCE_S over one the next begins beside it, up
to AT_ONCE, so that it holds up nobody else's."""

AHEAD, GATHER_S = 32, 0.005
"""Without a limit to the rate so many are claimed at once, and begin as fast as the gate takes them; and the first that
ends waits so long for others, to be written down with one trip to the disk."""

LOOK_EVERY_S = 1.0
"""How soon the loop sees what another process entered, delivered or set, and that it shall stop."""

TOKEN_AGAIN_S = 30.0
"""How long a missing token is believed missing while nothing says that it was replaced."""

FAULT_WAIT_S = 5.0
"""The rest after a fault of the program, so that it cannot spin."""


_PERHAPS_TAKEN = frozenset({Result.ACCEPTED, Result.UNKNOWN})


class Gate(Protocol):
    """Attempts at the gate. None fails for what a gate or a network can do, and all end within a time-out."""

    def send(
        self,
        kind: Kind,
        body: bytes,
        idempotency_key: str,
        token: Secret,
        sent: Mapping[str, str],
        *,
        begins: Callable[[], None],
    ) -> Future[Outcome]: ...


class Pace(Struct, frozen=True):
    """How fast: requests a second at most (0: no limit), and the bounds of the back-off in seconds."""

    rate_per_s: float
    backoff_initial_s: float
    backoff_max_s: float


class Did(StrEnum):
    """What one turn came to."""

    SENDING = "sending"
    NOTHING_DUE = "nothing-due"
    PAUSED = "paused"
    NO_TOKEN = "no-token"  # noqa: S105 - a word
    ELSEWHERE = "elsewhere"


class Turn(Struct, frozen=True):
    """SENDING: attempts are under way, and their end wakes. NOTHING_DUE: the next may go after `wait_s`; None where
    nothing is left to send. PAUSED: the gate refused the station. NO_TOKEN: nothing can be sent; `message` says why
    where the keyring told. ELSEWHERE: another process delivers.

    `ended` are the submissions whose attempts ended in this turn, be it well or ill, and their states now.
    """

    did: Did
    wait_s: float | None = None
    message: str = ""
    ended: Mapping[str, State] = field(default_factory=dict)

    @property
    def rest_s(self) -> float:
        """How long to wait for the next turn, unless woken."""
        return LOOK_EVERY_S if self.wait_s is None else min(self.wait_s, LOOK_EVERY_S)


class _UnderWay(Struct, frozen=True):
    claimed: Claimed
    lease: Lease
    route: Route
    token: Secret
    outcome: Future[Outcome]
    begun_s: float


class _Missing(Struct, frozen=True):
    """There was no token: of which generation, until when (monotonic) that is believed, and why if known."""

    generation: int
    until: float
    message: str


class Dispatcher:
    """The one deliverer of a station. Used from one thread at a time, save `wake()`.

    The file lock decides who delivers and is freed by the system when its process ends; the lease's fence keeps
    one that lost it from writing. Decision 001.
    """

    def __init__(
        self,
        journal: Journal,
        gate: Gate,
        *,
        pace: Pace,
        lock_path: Path,
        base_url: str,
        token: Callable[[], Secret | None],
        publish: Publish,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        random: Callable[[], float],
    ) -> None:
        self._journal = journal
        self._gate = gate
        self._backoff = Backoff(pace.backoff_initial_s, pace.backoff_max_s, random)
        self._bucket = Bucket(pace.rate_per_s, monotonic)
        self._lock = FileLock(lock_path, timeout=0, thread_local=False, fallback_to_soft=False)
        self._lease: Lease | None = None
        self._begun: Begun | None = None
        self._base_url = base_url
        self._token = token
        self._publish = publish
        self._now = now
        self._monotonic = monotonic
        self._wake = threading.Event()
        self._under_way: list[_UnderWay] = []
        self._missing: _Missing | None = None
        self._look_at_s = -math.inf
        self._seen_version: int | None = None
        self._seen_link: Link | None = None

    def wake(self) -> None:
        """Look again now: something was entered, a token stored, `stop` set, or an attempt ended. From any thread."""
        self._wake.set()

    def rest(self, wait_s: float) -> None:
        """Wait for the next turn: until woken since the last one began, or `wait_s` has passed; GATHER_S more where
        several are under way without a limit to the rate."""
        if self._wake.wait(wait_s) and not self._bucket.limited and len(self._under_way) > 1:
            time.sleep(GATHER_S)

    def turn(self, *, begin: bool = True) -> Turn:
        """Write down what has ended, and `begin` what may go now. Never waits for its turn or for the gate; the
        answer says how long that would be."""
        self._wake.clear()
        self._tell_changes_of_others()
        ended: dict[str, State] = {}
        try:
            if self._finish(ended, begin=begin):
                turn = Turn(Did.SENDING, PATIENCE_S)
            else:
                turn = self._begin() if begin else Turn(Did.SENDING)
        except LeaseLost:
            self.give_up()
            turn = Turn(Did.ELSEWHERE, wait_s=LOOK_EVERY_S)
        return replace(turn, ended=ended)

    @property
    def under_way(self) -> bool:
        """Whether attempts are under way, or have ended and are not written down."""
        return bool(self._under_way)

    def _finish(self, ended: dict[str, State], *, begin: bool) -> bool:
        """Write down what has ended, and note it in `ended`; raises what was a fault of the program.

        Whether another attempt follows already: where nothing is in its way it is claimed with the same write.
        """
        done = [(each, each.outcome.exception()) for each in self._under_way if each.outcome.done()]
        faults = [fault for _, fault in done if fault]
        answered = [each for each, fault in done if not fault]
        following: list[Claimed] = []
        if answered:
            # By their ids: to compare whole records takes long.
            ids = {each.claimed.id for each in answered}
            self._under_way = [each for each in self._under_way if each.claimed.id not in ids]
            last = answered[-1]
            states, link, following = self._journal.finish(
                last.lease,
                [Ended(each.claimed, each.outcome.result(), each.route) for each in answered],
                backoff=self._backoff,
                claims=self._room() if begin and not faults else 0,
            )
            # First of all: while the gate is busy with them there is time to tell.
            self._send(following, last.lease, last.route, last.token)
            for each, state in zip(answered, states, strict=True):
                self._tell_end(each, state)
                ended[each.claimed.id] = state
            self._tell_link(link)
        if faults:
            raise faults[0]
        return bool(following)

    def _tell_end(self, one: _UnderWay, state: State) -> None:
        claimed = one.claimed
        # A held one takes all that are open with it.
        self._publish(JournalChanged(None if state is State.HELD else claimed.id))
        log.info("submission %s: attempt %d, %s, %s", claimed.id, claimed.attempt, one.outcome.result().code, state)

    def _begin(self) -> Turn:
        lease = self._lead()
        if lease is None:
            self._tell_link(self._journal.link())
            return Turn(Did.ELSEWHERE, wait_s=LOOK_EVERY_S)
        # The token's generation before the token: one replaced in between is then taken for an older one and
        # asked again once too often, never once too seldom.
        agenda = self._journal.agenda()
        route = Route(self._base_url, agenda.token_generation)
        if agenda.paused and self._journal.resume(route.base_url, route.token_generation):
            self._publish(JournalChanged())
            agenda = self._journal.agenda()
        if agenda.paused and agenda.open and self._journal.hold_open():
            self._publish(JournalChanged())
        self._tell_link(agenda.link)
        turn = Turn(Did.PAUSED) if agenda.paused else self._deliver(lease, route, agenda)
        return replace(turn, did=Did.SENDING) if self._under_way else turn

    def _deliver(self, lease: Lease, route: Route, agenda: Agenda) -> Turn:
        if not agenda.ready:
            wait_s = max(0.0, (agenda.next_at - self._now()).total_seconds()) if agenda.next_at else None
            return Turn(Did.NOTHING_DUE, wait_s)
        if wait_s := max(self._bucket.wait_s(), self._patience_s()):
            return Turn(Did.NOTHING_DUE, wait_s)
        token, trouble = self._ask_token(route.token_generation)
        if token is None:
            return Turn(Did.NO_TOKEN, message=trouble)
        claimed = self._journal.claim(lease, self._room() or 1)
        if not claimed:
            # What is under way has to end first, or what was due was taken back this moment.
            return Turn(Did.NOTHING_DUE, None if self._under_way else 0.0)
        self._send(claimed, lease, route, token)
        return Turn(Did.SENDING, PATIENCE_S)

    def _send(self, claimed: Iterable[Claimed], lease: Lease, route: Route, token: Secret) -> None:
        for each in claimed:
            self._bucket.take()
            begins = partial(self._begun.note, each.id, each.attempt) if self._begun else _unnoted
            outcome = self._gate.send(each.kind, each.body, each.id, token, each.fields, begins=begins)
            self._under_way.append(_UnderWay(each, lease, route, token, outcome, self._monotonic()))
            outcome.add_done_callback(partial(self._ended, each))
            self._publish(JournalChanged(each.id))

    def _ended(self, claimed: Claimed, outcome: Future[Outcome]) -> None:
        """On the thread that ends an attempt: what the gate did not take is known before it is written down."""
        if self._begun and not outcome.exception() and outcome.result().result not in _PERHAPS_TAKEN:
            self._begun.forget(claimed.id, claimed.attempt)
        self.wake()

    def _room(self) -> int:
        """How many may begin now without patience."""
        if not self._bucket.limited:
            return AHEAD - len(self._under_way)
        return 0 if self._under_way or self._bucket.wait_s() else 1

    def _patience_s(self) -> float:
        """How long to wait for what is under way before another begins; 0 for not at all."""
        if not self._under_way:
            return 0.0
        if not self._bucket.limited:
            return 0.0 if self._room() else LOOK_EVERY_S
        if len(self._under_way) >= AT_ONCE:
            return LOOK_EVERY_S
        return max(0.0, self._under_way[-1].begun_s + PATIENCE_S - self._monotonic())

    def _ask_token(self, generation: int) -> tuple[Secret | None, str]:
        """The token, or None and why. One that was missing is asked for again when it was replaced, else seldom:
        a keyring may prompt its owner at each question."""
        if self._missing and self._missing.generation == generation and self._missing.until > self._monotonic():
            return None, self._missing.message
        message = ""
        try:
            token = self._token()
        except WorkstationError as trouble:
            token, message = None, str(trouble)
        self._missing = None if token else _Missing(generation, self._monotonic() + TOKEN_AGAIN_S, message)
        return token, message

    def _lead(self) -> Lease | None:
        """The lease of this process, or None while another has the lock."""
        if self._lease is not None:
            return self._lease
        try:
            self._lock.acquire()
        except Timeout:
            return None
        except (OSError, NotImplementedError) as fault:
            raise JournalUnusable(
                f"The lock {self._lock.lock_file} cannot be taken, so nothing is sent.",
                remedy="Check that the folder can be written and lies on a disk of this computer.",
                detail=str(fault),
            ) from fault
        lease = self._journal.acquire_lease(f"{platform.node()} {os.getpid()}")
        self._begun = _begun(Path(self._lock.lock_file).with_suffix(".begun"))
        taken = self._begun.holds if self._begun and self._begun.knows else always
        if self._journal.recover(lease, self._backoff, taken=taken):
            self._publish(JournalChanged())
        self._lease = lease
        return lease

    def release(self) -> None:
        """Let another process deliver."""
        self._lease = self._begun = None
        self._lock.release(force=True)

    def give_up(self) -> None:
        """Forget what is under way, once it has ended so that nothing is sent twice at once, and let another process
        deliver: who leads next turns it into `unknown`."""
        wait([each.outcome for each in self._under_way])
        self._under_way = []
        self.release()

    def _tell_changes_of_others(self) -> None:
        if self._monotonic() < self._look_at_s:
            return
        self._look_at_s = self._monotonic() + LOOK_EVERY_S
        version = self._journal.foreign_version()
        if self._seen_version not in (None, version):
            self._publish(JournalChanged())
        self._seen_version = version

    def _tell_link(self, link: Link) -> None:
        if self._seen_link not in (None, link):
            self._publish(LinkChanged())
        self._seen_link = link

    def run(self, stop: threading.Event) -> None:
        """Deliver until `stop` is set and what is under way has ended; `wake()` afterwards makes it look at once."""
        try:
            while self._under_way or not stop.is_set():
                stopped = stop.is_set()
                wait_s = self._guarded_turn(begin=not stopped)
                # What woke it during the turn may have been lost on it.
                if stopped or not stop.is_set():
                    self.rest(wait_s)
        finally:
            self.release()

    def _guarded_turn(self, *, begin: bool) -> float:
        """One turn, and how long to rest after it."""
        try:
            return self.turn(begin=begin).rest_s
        except WorkstationError as trouble:
            log.warning("delivery: %s %s", trouble.code, trouble.detail)
            self._publish(LoopFailed("delivery", trouble.summary, trouble.remedy))
        except Exception:  # the top of the loop: what was entered must still be sent after a fault of ours
            log.exception("delivery")
            self._publish(
                LoopFailed("delivery", "Sending met a fault of the program.", "It goes on; the log has the details.")
            )
        # Taking the lead again turns what the fault left in `sending` into `unknown`.
        self.give_up()
        return FAULT_WAIT_S


def _unnoted() -> None:
    pass


def _begun(path: Path) -> Begun | None:
    """None where the file cannot be made: then each attempt that a kill leaves counts as perhaps arrived."""
    try:
        return Begun(path)
    except OSError as fault:
        log.warning("what has begun to be sent cannot be noted: %s", fault.strerror)
        return None
