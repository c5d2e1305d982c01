"""keyring: whether the token is there and can be read."""

from __future__ import annotations

from collections.abc import Iterator

from app.credentials.store import Presence
from app.work.doctor.line import Finding, Grade
from app.work.doctor.surroundings import Surroundings


def look(surroundings: Surroundings) -> Iterator[Finding]:
    state = surroundings.token_state()
    if state.presence is not Presence.STORED:
        yield Finding(Grade.PROBLEM, state.summary, state.remedy)
    else:
        # A stored token has something left to do only where it is kept for the session.
        yield Finding(Grade.WARNING if state.remedy else Grade.OK, state.summary, state.remedy)
