"""What one attempt at the gate came to. The table of answers stands in gate/answers.py."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from msgspec import field

from app.masked import Record


class Result(StrEnum):
    """What to do with the submission after an attempt."""

    ACCEPTED = "accepted"
    """The gate's stored record is the proof."""
    REJECTED = "rejected"
    """400, 422: no retry; the operator corrects it."""
    CONFLICT = "conflict"
    """409. The journal makes it accepted when an earlier attempt ended without a known answer."""
    HELD = "held"
    """401, 403, 404, 405: nothing can be sent until the token or the address is mended; the queue pauses."""
    BUSY = "busy"
    """429: the gate asks the whole station to wait."""
    FAILED = "failed"
    """408, 425, 5xx, an answer that is not the gate's: tried again."""
    UNREACHABLE = "unreachable"
    """The request never got there: no connection, name, route or trusted certificate. Tried again."""
    UNKNOWN = "unknown"
    """The request may have arrived and no answer came: cut, truncated, timed out. Tried again."""


class FieldMessage(Record, frozen=True):
    """What the gate says of one field; `field` is "" for the submission as a whole."""

    field: str
    message: str


class Difference(Record, frozen=True):
    """A field where the gate stored something other than was sent."""

    field: str
    sent: str
    stored: str | None


RECALLED = "gate.recalled"
"""The code of an attempt that was claimed and given back before it began: it says nothing of the gate."""


class Outcome(Record, frozen=True):
    """One attempt's end. `code` is stable ("gate.token-refused"), `message` one sentence for the operator,
    `answer` the gate's record without its secrets, `retry_after_s` what the gate asked for."""

    result: Result
    code: str
    message: str
    status: int | None = None
    retry_after_s: float | None = None
    answer: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[FieldMessage, ...] = ()
    differences: tuple[Difference, ...] = ()
    expires_at: str | None = None

    def __repr__(self) -> str:
        return f"Outcome({self.result}, {self.code}, {self.status})"
