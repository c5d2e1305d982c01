"""Where an attempt's end takes a submission: the table behind delivery. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from app.provisioning.fields import Kind
from app.provisioning.outcome import Result
from app.provisioning.submission import State

ALREADY = "Already registered: an earlier attempt had arrived."

_MOVES: Mapping[Result, State] = {
    Result.ACCEPTED: State.ACCEPTED,
    Result.REJECTED: State.REJECTED,
    Result.CONFLICT: State.CONFLICT,
    Result.HELD: State.HELD,
    Result.BUSY: State.WAITING,
    Result.FAILED: State.WAITING,
    Result.UNREACHABLE: State.WAITING,
    Result.UNKNOWN: State.UNKNOWN,
}


class Move(Struct, frozen=True):
    """`already`: a conflict with what an earlier attempt of the same submission had stored."""

    state: State
    ambiguous: bool
    already: bool = False


def move(result: Result, kind: Kind, ambiguous: bool) -> Move:
    """The state after an attempt; `ambiguous`: an earlier attempt ended without a known answer.

    One that may have arrived stays `unknown` while it waits: a later time-out does not make that less true.
    """
    if result is Result.CONFLICT and kind is Kind.REGISTER and ambiguous:
        return Move(State.ACCEPTED, True, already=True)
    state, unclear = _MOVES[result], ambiguous or result is Result.UNKNOWN
    return Move(at_rest(unclear) if state is State.WAITING and unclear else state, unclear)


def at_rest(ambiguous: bool) -> State:
    """What an unfinished one is called when nothing holds it back."""
    return State.UNKNOWN if ambiguous else State.QUEUED
