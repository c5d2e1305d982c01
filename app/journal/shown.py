"""A submission as it is printed: personal values masked wherever they stand, also inside the gate's words."""

from __future__ import annotations

import re
from typing import Any

from app.journal.moments import maybe_text, text_of
from app.journal.records import Entry
from app.masked import mask
from app.provisioning.fields import FIELDS

_PERSONAL = frozenset(row.key for row in FIELDS if row.personal)

_SHORTEST = 5
"""Letters of a personal value that is looked for inside other texts; shorter ones occur in words by chance."""

_LONG_NUMBER = re.compile(r"\+?\d{10,}")
"""In a sentence of the gate: another record's number, perhaps."""


def shown(entry: Entry, *, reveal: bool) -> dict[str, Any]:
    """The object of `journal --json`. Times are ISO 8601 in UTC."""
    whole = _whole(entry)
    return whole if reveal else {**whole, **_masked(entry, whole)}


def _whole(entry: Entry) -> dict[str, Any]:
    part = entry.part
    return {
        "id": entry.id,
        "kind": entry.kind.value,
        "workflow": entry.workflow,
        "state": entry.state.value,
        "created_at": text_of(entry.created_at),
        "updated_at": text_of(entry.updated_at),
        "operator": entry.operator,
        "fields": dict(entry.fields),
        "attempts": [
            {
                "at": text_of(attempt.at),
                "outcome": attempt.outcome,
                "status": attempt.status,
                "message": attempt.message,
                "duration_ms": attempt.duration_ms,
            }
            for attempt in entry.attempts
        ],
        "answer": dict(entry.answer),
        "differences": [{"field": each.field, "sent": each.sent, "stored": each.stored} for each in entry.differences],
        "replaces": entry.replaces,
        "next_attempt_at": maybe_text(entry.next_attempt_at),
        "message": entry.message,
        "problems": [{"field": each.field, "message": each.message} for each in entry.problems],
        "expires_at": entry.expires_at,
        "origins": dict(entry.origins),
        "device": dict(entry.device),
        "settled": entry.settled,
        "job": {"id": part.job, "step": part.step, "steps": part.steps, "done": entry.done} if part else None,
    }


def _masked(entry: Entry, whole: dict[str, Any]) -> dict[str, Any]:
    """The parts that can hold a personal value, masked."""
    known = _personal_values(entry)

    def sentence(text: str) -> str:
        return _LONG_NUMBER.sub(lambda found: mask(found.group()), _hidden(text, known))

    return {
        "fields": _tree(whole["fields"], known),
        "answer": _tree(whole["answer"], known),
        # A path under /dev/serial/by-id can hold a serial number.
        "device": {key: sentence(text) for key, text in whole["device"].items()},
        "attempts": [{**each, "message": sentence(each["message"])} for each in whole["attempts"]],
        "message": sentence(whole["message"]),
        "problems": [{**each, "message": sentence(each["message"])} for each in whole["problems"]],
        "differences": [
            each | {name: mask(each[name]) for name in ("sent", "stored") if each[name] is not None}
            if each["field"] in _PERSONAL
            else each
            for each in whole["differences"]
        ],
    }


def _personal_values(entry: Entry) -> list[str]:
    """Every personal value of the submission, sent or stored; the longest first, since one may hold another."""
    values = {text for key, text in entry.fields.items() if key in _PERSONAL}
    values |= {str(value) for key, value in entry.answer.items() if key in _PERSONAL and value is not None}
    values |= {
        text for each in entry.differences if each.field in _PERSONAL for text in (each.sent, each.stored) if text
    }
    return sorted((value for value in values if len(value) >= _SHORTEST), key=len, reverse=True)


def _hidden(text: str, known: list[str]) -> str:
    for value in known:
        text = text.replace(value, mask(value))
    return text


def _tree(value: Any, known: list[str]) -> Any:
    """JSON with personal keys masked at any depth, and personal values inside other texts."""
    if isinstance(value, str):
        return _hidden(value, known)
    if isinstance(value, list):
        return [_tree(item, known) for item in value]
    if isinstance(value, dict):
        return {
            key: mask(str(item))
            if key in _PERSONAL and isinstance(item, (str, int, float)) and not isinstance(item, bool)
            else _tree(item, known)
            for key, item in value.items()
        }
    return value
