"""What a check has to say, and the one line that is made of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from app.masked import mask

_LONG_NUMBER = re.compile(r"\d{10,}")


class Grade(StrEnum):
    """How it stands, best first."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


_ORDER = tuple(Grade)


class Finding(Struct, frozen=True):
    """One thing that a check saw, and the next action ("" where there is none)."""

    grade: Grade
    summary: str
    fix: str = ""


class Line(Struct, frozen=True):
    """What one check came to. The worst finding gives the grade and stands first, also among the `fixes`."""

    check: str
    grade: Grade
    summary: str
    fixes: tuple[str, ...] = ()

    @property
    def fix(self) -> str:
        """All fixes as one text; "" where there is nothing to do."""
        return " ".join(self.fixes)

    @property
    def record(self) -> dict[str, str]:
        return {"check": self.check, "grade": self.grade.value, "summary": self.summary, "fix": self.fix}


def line(check: str, findings: Iterable[Finding]) -> Line:
    """One line of all findings (at least one), safe to print and to send on."""
    ordered = sorted(findings, key=lambda finding: _ORDER.index(finding.grade), reverse=True)
    return Line(
        check,
        ordered[0].grade,
        " ".join(_different(finding.summary for finding in ordered)),
        _different(finding.fix for finding in ordered),
    )


def _different(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(_safe(text) for text in dict.fromkeys(texts) if text)


def _safe(text: str) -> str:
    # Names of devices, certificates and organizations come from outside: no control codes for the terminal, and
    # no number that could be somebody's (a port's path can hold the serial number that a device gives itself).
    shown = "".join(character if character.isprintable() else " " for character in text)
    return _LONG_NUMBER.sub(lambda found: mask(found.group()), shown)


def listed(names: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
