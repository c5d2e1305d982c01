"""What a shift leaves behind: all that has not arrived, and what the gate gave back and nobody has dealt with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from app.journal.outbox import Journal
from app.journal.records import Entry, Query
from app.masked import Record
from app.provisioning.submission import State

SHIFT = timedelta(hours=24)
"""How far back a refusal or a conflict counts as this shift's; the log has the older ones."""
MOST = 500
"""Entries that a group lists; all are counted."""
GIVEN_BACK = (State.REJECTED, State.CONFLICT)
GROUPS: Mapping[State, tuple[State, ...]] = {
    State.REJECTED: (State.REJECTED,),
    State.CONFLICT: (State.CONFLICT,),
    State.HELD: (State.HELD,),
    State.UNKNOWN: (State.UNKNOWN,),
    State.WAITING: (State.QUEUED, State.SENDING, State.WAITING),
}
"""The states that are told together, under the one that says what they have in common; the worst first."""


class Group(Record, frozen=True):
    """`count` submissions in a state, the newest MOST of them in `entries`, newest first."""

    state: State
    count: int
    entries: tuple[Entry, ...]


class Unsent(Record, frozen=True):
    """What was left at a time; groups that are empty are left out."""

    at: datetime
    operator: str
    groups: tuple[Group, ...]

    @property
    def count(self) -> int:
        return sum(group.count for group in self.groups)


def unsent(journal: Journal, now: datetime, operator: str) -> Unsent:
    """Read it; blocks. What was corrected or settled is not in it. Raises JournalError."""
    found = (_group(journal, state, states, now) for state, states in GROUPS.items())
    return Unsent(now, operator, tuple(group for group in found if group.count))


def _group(journal: Journal, state: State, states: tuple[State, ...], now: datetime) -> Group:
    query = Query(states=states, since=now - SHIFT if state in GIVEN_BACK else None, uncorrected=True)
    return Group(state, journal.count(query), tuple(journal.page(query, MOST)))
