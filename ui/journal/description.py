"""What the panel says of one submission, as plain records; masked unless revealed. No widgets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.identifiers.kinds import KINDS
from app.journal.records import Entry
from app.provisioning.fields import FIELDS, ROWS
from app.provisioning.outcome import Result
from app.provisioning.submission import Settlement, State
from app.provisioning.workflows import ROWS as WORKFLOWS
from ui.journal.columns import device, done
from ui.journal.differences import Piece, compare
from ui.journal.times import lasted, moment, second
from ui.language.speaking import spoken

CONTEXT = "JournalDescription"


class Line(Struct, frozen=True):
    """One value. `origin` is an Origin's value or ""; `mono` values are identifiers."""

    label: str
    value: str
    origin: str = ""
    mono: bool = False


class Changed(Struct, frozen=True):
    """A field that the gate stored differently, in pieces that show where."""

    label: str
    sent: tuple[Piece, ...]
    stored: tuple[Piece, ...]


class Try(Struct, frozen=True):
    """One attempt in words. `facts` are its HTTP status and how long it took."""

    at: str
    outcome: str
    facts: str
    message: str


class Description(Struct, frozen=True):
    """Everything the panel shows of an entry, in its order."""

    title: str
    subtitle: str
    notes: tuple[str, ...]
    problems: tuple[Line, ...]
    changed: tuple[Changed, ...]
    fields: tuple[Line, ...]
    answer: tuple[Line, ...]
    attempts: tuple[Try, ...]
    conflict: bool = False
    heading: str = ""
    """What the fields are to the gate by now."""


OUTCOMES: Mapping[str | None, str] = {
    Result.ACCEPTED.value: str(QT_TRANSLATE_NOOP("JournalDescription", "Confirmed")),
    Result.REJECTED.value: str(QT_TRANSLATE_NOOP("JournalDescription", "Refused")),
    Result.CONFLICT.value: str(QT_TRANSLATE_NOOP("JournalDescription", "Already there")),
    Result.HELD.value: str(QT_TRANSLATE_NOOP("JournalDescription", "Held")),
    Result.BUSY.value: str(QT_TRANSLATE_NOOP("JournalDescription", "Gate is busy")),
    Result.FAILED.value: str(QT_TRANSLATE_NOOP("JournalDescription", "Gate failed")),
    Result.UNREACHABLE.value: str(QT_TRANSLATE_NOOP("JournalDescription", "Not reached")),
    Result.UNKNOWN.value: str(QT_TRANSLATE_NOOP("JournalDescription", "No answer")),
    None: str(QT_TRANSLATE_NOOP("JournalDescription", "Under way")),
}
"""What an attempt came to, by its Result; None while it runs."""


_SENT = str(QT_TRANSLATE_NOOP("JournalDescription", "Sent"))
_TO_BE_SENT = str(QT_TRANSLATE_NOOP("JournalDescription", "To be sent"))
_HEADINGS: Mapping[State, str] = {
    State.QUEUED: _TO_BE_SENT,
    State.WAITING: _TO_BE_SENT,
    State.HELD: _TO_BE_SENT,
    State.CANCELLED: str(QT_TRANSLATE_NOOP("JournalDescription", "Not sent")),
    State.CONFLICT: str(QT_TRANSLATE_NOOP("JournalDescription", "Ours")),
}


def _tr(text: str) -> str:
    return QCoreApplication.translate(CONTEXT, text)


def describe(entry: Entry, now: datetime, *, reveal: bool) -> Description:
    """Put an entry into words. Personal values are masked unless `reveal`; secrets are not in an entry at all."""
    shown = entry.to_json(reveal=reveal)
    return Description(
        title=" · ".join(part for part in (spoken(WORKFLOWS[entry.workflow].label), device(entry)) if part),
        subtitle=" · ".join(part for part in (moment(entry.created_at, now), entry.operator) if part),
        notes=_notes(entry, shown, now),
        problems=tuple(Line(_label(each["field"]), spoken(each["message"])) for each in shown["problems"]),
        changed=tuple(
            _changed(each.field, each.sent, each.stored or "", masked)
            for each, masked in zip(entry.differences, shown["differences"], strict=True)
        ),
        fields=_fields(entry, shown["fields"], reveal=reveal),
        answer=_answer(entry, shown["answer"]),
        attempts=tuple(
            _try(each, shown_try, now) for each, shown_try in zip(entry.attempts, shown["attempts"], strict=True)
        ),
        conflict=entry.state is State.CONFLICT,
        heading=_tr(_HEADINGS.get(entry.state, _SENT)),
    )


def _notes(entry: Entry, shown: Mapping[str, Any], now: datetime) -> tuple[str, ...]:
    """What the gate or the link said last, what happens next and by when."""
    notes = []
    if entry.part is not None:
        notes.append(_tr("Step {step} of a job: {done}.").format(step=entry.part.step, done=done(entry)))
    if shown["message"] and not shown["problems"]:
        notes.append(spoken(shown["message"]))
    if entry.next_attempt_at is not None and not entry.state.final:
        notes.append(_tr("Next attempt at {time}.").format(time=second(entry.next_attempt_at, now)))
    if entry.ambiguous and entry.state in {State.WAITING, State.HELD, State.QUEUED}:
        notes.append(_tr("An earlier attempt may have arrived; it is sent again under the same id."))
    if entry.settled is Settlement.SAME_DEVICE:
        notes.append(_tr("Settled: what the gate has is this device. Nothing was sent."))
    elif entry.settled is Settlement.SUPERVISOR:
        notes.append(_tr("Held for the supervisor."))
    if entry.expires_at:
        notes.append(_tr("Register again before {date}.").format(date=_day(entry.expires_at)))
    return tuple(notes)


def _day(text: str) -> str:
    """The day of an ISO 8601 time; a form that is none is shown as the gate wrote it."""
    try:
        return f"{datetime.fromisoformat(text):%Y-%m-%d}"
    except ValueError:
        return text


def _label(key: str) -> str:
    """A field's label; one that is not in the table goes by the gate's own name, "" stays."""
    return spoken(ROWS[key].label) if key in ROWS else key.replace("_", " ").capitalize()


def _fields(entry: Entry, shown: Mapping[str, str], *, reveal: bool) -> tuple[Line, ...]:
    """What was sent, in form order. Whole identifiers stand in groups, as they are read aloud."""
    lines = []
    for row in FIELDS:
        origin = entry.origins.get(row.key, "")
        if row.key in shown:
            text = shown[row.key]
            grouped = KINDS[row.check].group(text) if reveal and row.check else text
            lines.append(Line(spoken(row.label), grouped, origin, mono=row.personal or row.check is not None))
        elif row.key in entry.secret_fields:
            lines.append(Line(spoken(row.label), _tr("Sent, and not kept here"), origin))
    return tuple(lines)


def _answer(entry: Entry, shown: Mapping[str, Any]) -> tuple[Line, ...]:
    """What the gate's record holds beside what is said already: fields sent, differences, the date it ends."""
    differing = {each.field for each in entry.differences} | {"expires_at"}
    return tuple(
        Line(_label(key), _text(value), mono=key in ROWS and ROWS[key].personal)
        for key, value in shown.items()
        if key not in entry.fields and key not in differing and value not in (None, "")
    )


def _text(value: object) -> str:
    """A value of the gate's record in one line."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_text(item)}" for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(_text(item) for item in value)
    return str(value)


def _changed(key: str, sent: str, stored: str, shown: Mapping[str, Any]) -> Changed:
    """The pieces come from the whole texts; masking keeps lengths, so they are cut from the masked ones."""
    left, right = compare(sent, stored)
    return Changed(_label(key), _cut(shown["sent"], left), _cut(shown["stored"] or "", right))


def _cut(text: str, pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    cut, place = [], 0
    for piece in pieces:
        cut.append(Piece(text[place : place + len(piece.text)], piece.changed))
        place += len(piece.text)
    return tuple(cut)


def _try(attempt: Any, shown: Mapping[str, Any], now: datetime) -> Try:
    facts = [f"HTTP {attempt.status}"] if attempt.status is not None else []
    facts += [lasted(attempt.duration_ms)] if attempt.duration_ms is not None else []
    return Try(second(attempt.at, now), _tr(OUTCOMES[attempt.outcome]), " · ".join(facts), spoken(shown["message"]))
