"""One attempt at a time, for tests of what becomes of it."""

from __future__ import annotations

from app.work.dispatch import Dispatcher, Turn


def once(dispatcher: Dispatcher) -> Turn:
    """One attempt at most, from its claim to its end."""
    turn = dispatcher.turn()
    while dispatcher.under_way:
        dispatcher.rest(30)
        turn = dispatcher.turn(begin=False)
    return turn
