"""How the state of a submission looks: its word, icon, colour role and sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.provisioning.fields import Kind
from app.provisioning.submission import State
from ui.theme import Tone

CONTEXT = "JournalResults"


@dataclass(frozen=True, slots=True)
class Look:
    """One state. `tone` is its colour; `sentence` is what it means for the operator."""

    word: str
    icon: str
    tone: Tone
    sentence: str


LOOKS: Mapping[State, Look] = {
    State.QUEUED: Look(
        str(QT_TRANSLATE_NOOP("JournalResults", "Waiting")),
        "clock",
        Tone.WAIT,
        str(QT_TRANSLATE_NOOP("JournalResults", "Kept here and next in line to be sent.")),
    ),
    State.SENDING: Look(
        str(QT_TRANSLATE_NOOP("JournalResults", "Sending")),
        "send",
        Tone.ACCENT,
        str(QT_TRANSLATE_NOOP("JournalResults", "On its way to the gate.")),
    ),
    State.WAITING: Look(
        str(QT_TRANSLATE_NOOP("JournalResults", "Waiting")),
        "clock",
        Tone.WAIT,
        str(QT_TRANSLATE_NOOP("JournalResults", "Kept here and sent again by itself. Nothing is lost.")),
    ),
    State.UNKNOWN: Look(
        str(QT_TRANSLATE_NOOP("JournalResults", "Unknown outcome")),
        "circle-help",
        Tone.WAIT,
        str(
            QT_TRANSLATE_NOOP(
                "JournalResults",
                "It may have arrived: no answer came back. The same request is sent again, so it cannot count twice.",
            )
        ),
    ),
    State.HELD: Look(
        str(QT_TRANSLATE_NOOP("JournalResults", "Held")),
        "circle-pause",
        Tone.WARN,
        str(
            QT_TRANSLATE_NOOP("JournalResults", "Nothing is sent until the token or the address is mended in Settings.")
        ),
    ),
    State.ACCEPTED: Look(
        str(QT_TRANSLATE_NOOP("JournalResults", "Registered")),
        "circle-check",
        Tone.OK,
        str(QT_TRANSLATE_NOOP("JournalResults", "The gate confirmed it, and its answer is kept here.")),
    ),
    State.REJECTED: Look(
        str(QT_TRANSLATE_NOOP("JournalResults", "Refused")),
        "circle-x",
        Tone.BAD,
        str(QT_TRANSLATE_NOOP("JournalResults", "The gate refused it. Correct the marked fields and send it again.")),
    ),
    State.CONFLICT: Look(
        str(QT_TRANSLATE_NOOP("JournalResults", "Conflict")),
        "triangle-alert",
        Tone.BAD,
        str(QT_TRANSLATE_NOOP("JournalResults", "The gate has this device already. Check it, then send what differs.")),
    ),
    State.CANCELLED: Look(
        str(QT_TRANSLATE_NOOP("JournalResults", "Cancelled")),
        "circle-slash",
        Tone.NEUTRAL,
        str(QT_TRANSLATE_NOOP("JournalResults", "Called off here before the gate accepted it.")),
    ),
}

UPDATED = str(QT_TRANSLATE_NOOP("JournalResults", "Updated"))


def look(state: State, kind: Kind) -> Look:
    """The look of a state in the language of the window. An accepted update is updated, not registered."""
    row = LOOKS[state]
    word = UPDATED if state is State.ACCEPTED and kind is Kind.UPDATE else row.word
    translate = QCoreApplication.translate
    return Look(translate(CONTEXT, word), row.icon, row.tone, translate(CONTEXT, row.sentence))


class Shown(StrEnum):
    """The filters by result, worst first."""

    NEEDS_YOU = "needs-you"
    WAITING = "waiting"
    DONE = "done"
    ALL = "all"


STATES: Mapping[Shown, frozenset[State]] = {
    Shown.NEEDS_YOU: frozenset({State.REJECTED, State.CONFLICT, State.HELD}),
    Shown.WAITING: frozenset({State.QUEUED, State.SENDING, State.WAITING, State.UNKNOWN}),
    Shown.DONE: frozenset({State.ACCEPTED}),
    Shown.ALL: frozenset(State),
}
"""The states behind each filter."""
