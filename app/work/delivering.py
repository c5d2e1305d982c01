"""The delivery loop from round to round, and delivery until some submissions are final."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Collection
from typing import ClassVar

from msgspec import Struct

from app.errors import WorkstationError
from app.gate.client import GateClient
from app.gate.errors import remedy_for
from app.journal.outbox import Journal
from app.work.dispatch import Did, Dispatcher
from app.work.events import JournalChanged, LoopFailed, Publish
from app.work.retention import Retention

log = logging.getLogger(__name__)


class NoToken(WorkstationError):
    """Nothing can be sent or asked without a token."""

    code: ClassVar[str] = "credentials.no-token"

    def __init__(self) -> None:
        super().__init__(
            "No token is kept at this station.", remedy="Enter one in Settings, or with: gate-station token set"
        )


class Drained(Struct, frozen=True):
    """Why `drain` ended before everything was final; `trouble` is what to tell."""

    no_token: bool = False
    trouble: WorkstationError | None = None


class Delivery:
    """One loop at a time. `gate`, `dispatcher` and `retention` give what one round works with, by the settings then.

    What the retention setting no longer keeps is removed between the rounds, of which there is one a day at least.
    """

    def __init__(
        self,
        gate: Callable[[], GateClient],
        dispatcher: Callable[[GateClient], Dispatcher],
        retention: Callable[[], Retention],
        publish: Publish,
    ) -> None:
        self._gate, self._dispatcher = gate, dispatcher
        self._retention, self._publish = retention, publish
        self._lock = threading.Lock()
        self._round: _Round | None = None

    def run(self, stop: threading.Event) -> None:
        """Deliver until `stop` is set. Blocks."""
        while not stop.is_set():
            self._clean_up()
            gate = self._gate()
            with self._lock:
                self._round = current = _Round(self._dispatcher(gate), stop, self._retention().due)
            try:
                current.dispatcher.run(current)
            finally:
                with self._lock:
                    self._round = None
                gate.close()

    def wake(self) -> None:
        """Have the loop look again now."""
        with self._lock:
            if self._round:
                self._round.dispatcher.wake()

    def renew(self) -> None:
        """Begin a new round, by the settings in force now."""
        with self._lock:
            if self._round:
                self._round.end()

    def _clean_up(self) -> None:
        retention = self._retention()
        if retention.due():
            try:
                removed = retention.run()
            except WorkstationError as trouble:
                # What could not be removed today is no reason to send nothing.
                log.warning("removing what is too old: %s", trouble.code)
                self._publish(LoopFailed("retention", trouble.summary, trouble.remedy))
            else:
                if removed:
                    self._publish(JournalChanged())


class _Round(threading.Event):
    """One run of the delivery loop with one set of settings: set by itself, with the loop's own `stop`, or when it is
    `over` for another reason."""

    def __init__(self, dispatcher: Dispatcher, outer: threading.Event, over: Callable[[], bool]) -> None:
        super().__init__()
        self.dispatcher = dispatcher
        self._outer, self._over = outer, over

    def is_set(self) -> bool:
        return super().is_set() or self._outer.is_set() or self._over()

    def end(self) -> None:
        self.set()
        self.dispatcher.wake()


def drain(
    journal: Journal,
    dispatcher: Dispatcher,
    ids: Collection[str],
    *,
    timeout_s: float | None,
    moved: Callable[[str], None],
) -> Drained:
    """As `Workstation.drain`. Another process that delivers already is left to it, and watched. Blocks."""
    deadline = math.inf if timeout_s is None else time.monotonic() + timeout_s
    over = False
    try:
        # What was begun is seen to its end, which the gate's time-out bounds.
        while dispatcher.under_way or not over:
            turn = dispatcher.turn(begin=not over)
            for id_ in turn.ended:
                moved(id_)
            if turn.did is Did.NO_TOKEN:
                return Drained(no_token=True, trouble=_told(turn.message))
            if turn.did is not Did.SENDING:
                if pause := journal.link().pause:
                    return Drained(trouble=WorkstationError(pause.message, remedy=remedy_for(pause.code)))
                for id_ in list(ids):
                    moved(id_)
            left = deadline - time.monotonic()
            over = not ids or left <= 0 or (turn.did is Did.NOTHING_DUE and turn.wait_s is None)
            if dispatcher.under_way or not over:
                dispatcher.rest(turn.rest_s if over else min(turn.rest_s, left))
    finally:
        dispatcher.release()
    return Drained()


def _told(message: str) -> WorkstationError:
    return WorkstationError(message, remedy="") if message else NoToken()
