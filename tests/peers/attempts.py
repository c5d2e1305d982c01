"""One attempt at a time, for tests of what becomes of it."""

from __future__ import annotations

from app.journal.link import Backoff, Route
from app.journal.outbox import Journal
from app.journal.records import Claimed, Ended, Lease
from app.provisioning.outcome import Outcome
from app.provisioning.submission import State
from app.work.dispatch import Dispatcher, Turn


def claim(journal: Journal, lease: Lease) -> Claimed | None:
    """The next one due, taken; None where none is."""
    return next(iter(journal.claim(lease, 1)), None)


def finish(
    journal: Journal, lease: Lease, claimed: Claimed, outcome: Outcome, *, route: Route, backoff: Backoff
) -> State:
    """End the attempt and give the new state."""
    (state,) = journal.finish(lease, [Ended(claimed, outcome, route)], backoff=backoff).states
    return state


def once(dispatcher: Dispatcher) -> Turn:
    """One attempt at most, from its claim to its end."""
    turn = dispatcher.turn()
    while dispatcher.under_way:
        dispatcher.rest(30)
        turn = dispatcher.turn(begin=False)
    return turn
