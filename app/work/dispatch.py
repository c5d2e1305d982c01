"""The delivery loop: takes what the journal has due, asks the gate, and writes down what came of it."""

from __future__ import annotations

import logging
import os
import platform
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

from app.errors import WorkstationError
from app.journal.errors import JournalUnusable, LeaseLost
from app.journal.link import Backoff, Link, Route
from app.journal.outbox import Journal
from app.journal.records import Lease
from app.masked import Secret
from app.provisioning.fields import Kind
from app.provisioning.outcome import Outcome
from app.provisioning.submission import State
from app.work.events import JournalChanged, LinkChanged, LoopFailed, Publish
from app.work.throttle import Bucket

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
"""How soon the loop sees what another process entered, delivered or set, and that it shall stop."""

TOKEN_AGAIN_S = 30.0
"""How long a missing token is believed missing while nothing says that it was replaced."""

FAULT_WAIT_S = 5.0
"""The rest after a fault of the program, so that it cannot spin."""


class Gate(Protocol):
    """One attempt at the gate. Never raises for what a gate or a network can do."""

    def send(
        self, kind: Kind, body: bytes, idempotency_key: str, token: Secret, sent: Mapping[str, str]
    ) -> Outcome: ...


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast: requests a second at most, and the bounds of the back-off in seconds."""

    rate_per_s: float
    backoff_initial_s: float
    backoff_max_s: float


class Did(StrEnum):
    """What one step came to."""

    DELIVERED = "delivered"
    NOTHING_DUE = "nothing-due"
    PAUSED = "paused"
    NO_TOKEN = "no-token"  # noqa: S105 - a word
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Step:
    """DELIVERED: one attempt was made at submission `id`, now in `state`, be it well or ill.

    NOTHING_DUE: the next may go after `wait_s`; None where nothing is left to send. PAUSED: the gate refused
    the station. NO_TOKEN: nothing can be sent; `message` says why where the keyring told. ELSEWHERE: another
    process delivers.
    """

    did: Did
    id: str | None = None
    state: State | None = None
    wait_s: float | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class _Missing:
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
        self._base_url = base_url
        self._token = token
        self._publish = publish
        self._now = now
        self._monotonic = monotonic
        self._wake = threading.Event()
        self._missing: _Missing | None = None
        self._seen_version: int | None = None
        self._seen_link: Link | None = None

    def wake(self) -> None:
        """Look again now: something was entered, a token stored, or `stop` set. From any thread."""
        self._wake.set()

    def run_once(self) -> Step:
        """Make at most one attempt. Never waits for its turn; the step says how long that would be."""
        self._tell_changes_of_others()
        try:
            step = self._step()
        except LeaseLost:
            self.release()
            step = Step(Did.ELSEWHERE, wait_s=LOOK_EVERY_S)
        self._tell_link()
        return step

    def _step(self) -> Step:
        lease = self._lead()
        if lease is None:
            return Step(Did.ELSEWHERE, wait_s=LOOK_EVERY_S)
        # The generation before the token: a token replaced in between is then taken for an older one and
        # asked again once too often, never once too seldom.
        route = Route(self._base_url, self._journal.token_generation())
        agenda = self._journal.agenda()
        if agenda.paused:
            if not self._journal.resume(route.base_url, route.token_generation):
                if agenda.open and self._journal.hold_open():
                    self._publish(JournalChanged())
                return Step(Did.PAUSED)
            self._publish(JournalChanged())
            agenda = self._journal.agenda()
        if not agenda.ready:
            wait_s = max(0.0, (agenda.next_at - self._now()).total_seconds()) if agenda.next_at else None
            return Step(Did.NOTHING_DUE, wait_s=wait_s)
        return self._deliver(lease, route)

    def _deliver(self, lease: Lease, route: Route) -> Step:
        if wait_s := self._bucket.wait_s():
            return Step(Did.NOTHING_DUE, wait_s=wait_s)
        token, trouble = self._ask_token(route.token_generation)
        if token is None:
            return Step(Did.NO_TOKEN, message=trouble)
        claimed = self._journal.claim(lease)
        if claimed is None:
            return Step(Did.NOTHING_DUE, wait_s=0.0)
        self._bucket.take()
        self._publish(JournalChanged(claimed.id))
        outcome = self._gate.send(claimed.kind, claimed.body, claimed.id, token, claimed.fields)
        state = self._journal.finish(lease, claimed, outcome, route=route, backoff=self._backoff)
        # A held one takes all that are open with it.
        self._publish(JournalChanged(None if state is State.HELD else claimed.id))
        log.info("submission %s: attempt %d, %s, %s", claimed.id, claimed.attempt, outcome.code, state)
        return Step(Did.DELIVERED, claimed.id, state)

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
        if self._journal.recover(lease, self._backoff):
            self._publish(JournalChanged())
        self._lease = lease
        return lease

    def release(self) -> None:
        """Let another process deliver."""
        self._lease = None
        self._lock.release(force=True)

    def _tell_changes_of_others(self) -> None:
        version = self._journal.foreign_version()
        if self._seen_version not in (None, version):
            self._publish(JournalChanged())
        self._seen_version = version

    def _tell_link(self) -> None:
        link = self._journal.link()
        if self._seen_link not in (None, link):
            self._publish(LinkChanged())
        self._seen_link = link

    def run(self, stop: threading.Event) -> None:
        """Deliver until `stop` is set; `wake()` afterwards makes it end at once."""
        try:
            while not stop.is_set():
                self._wake.clear()
                if rest_s := self._guarded_step():
                    self._wake.wait(rest_s)
        finally:
            self.release()

    def _guarded_step(self) -> float:
        """One step, and how long to rest after it."""
        try:
            step = self.run_once()
        except WorkstationError as trouble:
            log.warning("delivery: %s %s", trouble.code, trouble.detail)
            self._publish(LoopFailed("delivery", trouble.summary, trouble.remedy))
        except Exception:  # the top of the loop: what was entered must still be sent after a fault of ours
            log.exception("delivery")
            self._publish(
                LoopFailed("delivery", "Sending met a fault of the program.", "It goes on; the log has the details.")
            )
        else:
            if step.did is Did.DELIVERED:
                return 0.0
            return LOOK_EVERY_S if step.wait_s is None else min(step.wait_s, LOOK_EVERY_S)
        # Taking the lead again turns what the fault left in `sending` into `unknown`.
        self.release()
        return FAULT_WAIT_S
