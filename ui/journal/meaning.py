"""What a state means for the operator, in one sentence; and the filters by result."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.provisioning.submission import State
from ui.results import NEEDS_YOU, WAITING

CONTEXT = "JournalMeaning"

SENTENCES: Mapping[State, str] = {
    State.QUEUED: str(QT_TRANSLATE_NOOP("JournalMeaning", "Kept here, and sent as soon as its turn comes.")),
    State.SENDING: str(QT_TRANSLATE_NOOP("JournalMeaning", "On its way to the gate.")),
    State.WAITING: str(QT_TRANSLATE_NOOP("JournalMeaning", "Kept here and sent again by itself. Nothing is lost.")),
    State.UNKNOWN: str(
        QT_TRANSLATE_NOOP(
            "JournalMeaning",
            "It may have arrived: no answer came back. The same request is sent again, so it cannot count twice.",
        )
    ),
    State.HELD: str(
        QT_TRANSLATE_NOOP("JournalMeaning", "Nothing is sent until the token or the address is mended in Settings.")
    ),
    State.ACCEPTED: str(QT_TRANSLATE_NOOP("JournalMeaning", "The gate confirmed it, and its answer is kept here.")),
    State.REJECTED: str(
        QT_TRANSLATE_NOOP("JournalMeaning", "The gate refused it. Correct what it names, then send it again.")
    ),
    State.CONFLICT: str(
        QT_TRANSLATE_NOOP(
            "JournalMeaning", "The gate has this device already. Compare it with the answer below, then choose."
        )
    ),
    State.CANCELLED: str(QT_TRANSLATE_NOOP("JournalMeaning", "Called off here before the gate accepted it.")),
}


def meaning(state: State) -> str:
    return QCoreApplication.translate(CONTEXT, SENTENCES[state])


class Shown(StrEnum):
    """The filters by result, worst first."""

    NEEDS_YOU = "needs-you"
    WAITING = "waiting"
    DONE = "done"
    ALL = "all"


STATES: Mapping[Shown, frozenset[State]] = {
    Shown.NEEDS_YOU: NEEDS_YOU,
    Shown.WAITING: WAITING,
    Shown.DONE: frozenset({State.ACCEPTED}),
    Shown.ALL: frozenset(State),
}
"""The states behind each filter."""
