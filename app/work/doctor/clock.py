"""clock: how far this computer's clock is from the gate's (Date of RFC 9110, 6.6.1; whole seconds)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from app.gate.endpoints import ORGANIZATION
from app.gate.errors import GateError
from app.work.doctor import door
from app.work.doctor.line import Finding, Grade
from app.work.doctor.surroundings import Surroundings

WARNING_S = 120.0
PROBLEM_S = 600.0
_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86400

FIXES: Mapping[str, str] = {
    "linux": "Run: sudo timedatectl set-ntp true",
    "win32": "In Settings, Time and language, switch Set time automatically on and press Sync now.",
    "darwin": "In System Settings, General, Date and Time, switch Set time and date automatically on.",
}


def look(surroundings: Surroundings) -> Iterator[Finding]:
    before = surroundings.now()
    try:
        reply = door.ask(surroundings, ORGANIZATION.path)
    except GateError as fault:
        yield Finding(Grade.WARNING, f"The clock could not be compared with the gate's: {fault.summary}")
        return
    after = surroundings.now()
    date = _date(reply.headers.get("date", ""))
    if date is None:
        yield Finding(Grade.WARNING, "The clock could not be compared: the gate does not tell its time.")
        return
    off_s = (before + (after - before) / 2 - date).total_seconds()
    grade = _grade(abs(off_s))
    if grade is Grade.OK:
        yield Finding(grade, "The clock agrees with the gate's.")
    else:
        span = _span(abs(off_s))
        told = f"The clock is {span} ahead of the gate's." if off_s > 0 else f"The clock is {span} behind the gate's."
        yield Finding(grade, told, FIXES.get(surroundings.platform, "Set the clock by the network."))


def _grade(off_s: float) -> Grade:
    if off_s > PROBLEM_S:
        return Grade.PROBLEM
    return Grade.WARNING if off_s > WARNING_S else Grade.OK


def _span(seconds: float) -> str:
    for size, told in ((_DAY_S, "{0} days"), (_HOUR_S, "{0} hours"), (_MINUTE_S, "{0} minutes")):
        if seconds >= 2 * size:
            return told.format(round(seconds / size))
    return f"{seconds:.0f} seconds"


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        # The standard library's parser meets odd texts with any of these.
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
