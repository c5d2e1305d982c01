"""How each state of a submission is said and shown: word, icon, tone. The one table of all screens."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.provisioning.fields import Kind
from app.provisioning.submission import State
from ui.theme import Tone

CONTEXT = "Results"


class Look(Struct, frozen=True):
    """Source text, icon and tone of one state."""

    source: str
    icon: str
    tone: Tone

    @property
    def word(self) -> str:
        return QCoreApplication.translate(CONTEXT, self.source)


LOOKS: Mapping[State, Look] = {
    State.QUEUED: Look(str(QT_TRANSLATE_NOOP("Results", "Waiting")), "clock", Tone.WAIT),
    State.SENDING: Look(str(QT_TRANSLATE_NOOP("Results", "Sending")), "send", Tone.ACCENT),
    State.WAITING: Look(str(QT_TRANSLATE_NOOP("Results", "Waiting")), "clock", Tone.WAIT),
    State.UNKNOWN: Look(str(QT_TRANSLATE_NOOP("Results", "Outcome unknown")), "circle-help", Tone.WAIT),
    State.HELD: Look(str(QT_TRANSLATE_NOOP("Results", "Held")), "key-round", Tone.WARN),
    State.ACCEPTED: Look(str(QT_TRANSLATE_NOOP("Results", "Registered")), "circle-check", Tone.OK),
    State.REJECTED: Look(str(QT_TRANSLATE_NOOP("Results", "Refused")), "circle-x", Tone.BAD),
    State.CONFLICT: Look(str(QT_TRANSLATE_NOOP("Results", "Conflict")), "triangle-alert", Tone.WARN),
    State.CANCELLED: Look(str(QT_TRANSLATE_NOOP("Results", "Cancelled")), "circle-slash", Tone.NEUTRAL),
}
"""By state; an accepted update says Updated, see `look`."""

_UPDATED = Look(str(QT_TRANSLATE_NOOP("Results", "Updated")), "circle-check", Tone.OK)

WAITING = frozenset({State.QUEUED, State.SENDING, State.WAITING, State.UNKNOWN})
"""Kept and going out by itself."""
NEEDS_YOU = frozenset({State.REJECTED, State.CONFLICT, State.HELD})
"""Stays as it is until somebody does something."""


def look(state: State, kind: Kind = Kind.REGISTER) -> Look:
    """How a submission in `state` is shown."""
    return _UPDATED if state is State.ACCEPTED and kind is Kind.UPDATE else LOOKS[state]
