"""What a check says of one text: the form to send, findings by grade, conversions on offer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.masked import Identifier


class Grade(StrEnum):
    """`ERROR` blocks a submission; `WARNING` is shown and recorded."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark. `code` is stable ("imei.check-digit"), `message` one plain sentence, without the value."""

    grade: Grade
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A conversion the operator may accept; never done silently. `label` says what it is."""

    code: str
    label: str
    value: Identifier


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of one check. `value` is the normalised form to send, or None where there is none."""

    value: Identifier | None
    findings: tuple[Finding, ...] = ()
    offers: tuple[Offer, ...] = ()

    @property
    def grade(self) -> Grade:
        grades = {finding.grade for finding in self.findings}
        return next((grade for grade in (Grade.ERROR, Grade.WARNING) if grade in grades), Grade.OK)
