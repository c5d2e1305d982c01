"""What a check says of one text: the form to send, findings by grade, conversions on offer."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from app.masked import Identifier


class Grade(StrEnum):
    """`ERROR` blocks a submission; `WARNING` is shown and recorded."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


class Finding(Struct, frozen=True):
    """One remark. `code` is stable ("imei.check-digit"), `message` one plain sentence, without the value."""

    grade: Grade
    code: str
    message: str


class Offer(Struct, frozen=True):
    """A conversion the operator may accept; never done silently. `label` says what it is."""

    code: str
    label: str
    value: Identifier


class Verdict(Struct, frozen=True):
    """The result of one check. `value` is the normalised form to send, or None where there is none."""

    value: Identifier | None
    findings: tuple[Finding, ...] = ()
    offers: tuple[Offer, ...] = ()

    @property
    def grade(self) -> Grade:
        grades = {finding.grade for finding in self.findings}
        return next((grade for grade in (Grade.ERROR, Grade.WARNING) if grade in grades), Grade.OK)
