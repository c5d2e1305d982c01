"""Exit codes: part of the outside contract, so each has one name."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from app.provisioning.submission import State


class Exit(IntEnum):
    DONE = 0
    USAGE = 2
    NO_DEVICE = 3
    INVALID = 4
    REFUSED = 5
    NOT_DELIVERED = 6
    NO_TOKEN = 7
    NO_JOURNAL = 8


def of_states(states: Iterable[State]) -> Exit:
    """The worst of several outcomes: refused before not delivered before done."""
    found = set(states)
    if found & {State.REJECTED, State.CONFLICT}:
        return Exit.REFUSED
    return Exit.DONE if all(state.final for state in found) else Exit.NOT_DELIVERED
