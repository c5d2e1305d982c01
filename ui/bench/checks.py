"""What stands beside the form: what was checked and is right, what needs a look, what is still missing. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum

from msgspec import Struct
from PySide6.QtCore import QCoreApplication

from app.identifiers.verdict import Grade
from app.provisioning.draft import Draft, Origin
from app.provisioning.fields import ROWS, Kind
from app.provisioning.validation import Problem, Validation
from app.work.events import CardState, DeviceCard
from ui.language.speaking import spoken
from ui.theme import Tone

MISSING = frozenset({"field.required", "field.one-of", "update.anchor", "update.nothing"})
"""Codes that say what is still to come rather than what is wrong."""


class Mark(Enum):
    """Icon and tone of one line."""

    RIGHT = ("circle-check", Tone.OK)
    LOOK = ("triangle-alert", Tone.WARN)
    WRONG = ("circle-x", Tone.BAD)
    TO_DO = ("circle-dashed", Tone.NEUTRAL)


class Check(Struct, frozen=True):
    mark: Mark
    text: str
    field: str = ""


def tr(text: str) -> str:
    return QCoreApplication.translate("Checks", text)


def checks(
    draft: Draft,
    validation: Validation,
    card: DeviceCard | None = None,
    refused: Iterable[Problem] = (),
    known: Mapping[str, str] | None = None,
) -> list[Check]:
    """The lines, worst first. `card` is the device in hand: what it could not say is told too. `refused` is what the
    gate refused and nobody has changed since."""
    lines = [_line(problem) for problem in (*refused, *validation.problems)]
    said = {line.text for line in lines}
    told = dict.fromkeys(_told(card) if card else ())
    lines += [Check(Mark.LOOK, spoken(message)) for message in told if spoken(message) not in said]
    lines += _right(draft, validation, known or {})
    order = (Mark.WRONG, Mark.LOOK, Mark.TO_DO, Mark.RIGHT)
    return sorted(lines, key=lambda line: order.index(line.mark))


def _told(card: DeviceCard) -> Iterator[str]:
    if card.state in {CardState.NEEDS_YOU, CardState.PARTLY} and card.sentence:
        yield card.sentence
    if card.identity:
        yield from (warning.message for warning in card.identity.warnings)


def to_show(validation: Validation, *, insist: bool) -> tuple[Problem, ...]:
    """The problems that stand at their fields: what is missing only once sending was tried."""
    return tuple(problem for problem in validation.problems if insist or problem.code not in MISSING)


def _line(problem: Problem) -> Check:
    if problem.code in MISSING:
        return Check(Mark.TO_DO, spoken(problem.message), problem.field)
    mark = Mark.WRONG if problem.grade is Grade.ERROR else Mark.LOOK
    return Check(mark, spoken(problem.message), problem.field)


def _right(draft: Draft, validation: Validation, known: Mapping[str, str]) -> list[Check]:
    good = {key for key in draft.workflow.fields if draft.text(key) and not validation.at(key)}
    sentences = {
        "imei": tr("IMEI check digit is right"),
        "iccid": tr("ICCID is well formed"),
        "imsi": tr("IMSI belongs to a known country"),
        "number": tr("Number fits its country's plan"),
        "mac_addr": tr("MAC address is well formed"),
    }
    lines = [Check(Mark.RIGHT, text, key) for key, text in sentences.items() if key in good]
    if {"imsi", "home_mobile_network_mccmnc"} <= good:
        lines = [line for line in lines if line.field != "imsi"]
        lines.append(Check(Mark.RIGHT, tr("Home network fits the IMSI"), "imsi"))
    lines += [
        Check(Mark.RIGHT, tr("{field} matches the label").format(field=spoken(ROWS[key].label)), key)
        for key in draft.workflow.fields
        if any(witness.origin is Origin.SCAN for witness in draft.agreeing(key))
    ]
    for guard in draft.workflow.guards:
        if guard.field in good and guard.field in known:
            text = tr("{field} differs from the last known") if guard.differs else tr("{field} is the last known")
            lines.append(Check(Mark.RIGHT, text.format(field=spoken(ROWS[guard.field].label)), guard.field))
    return lines


def sending(draft: Draft, validation: Validation) -> int:
    """How many fields would be sent as changes, or in all for a registration."""
    if draft.workflow.kind is Kind.UPDATE and draft.workflow.changes:
        return sum(1 for key in validation.values if key in draft.workflow.changes)
    return len(validation.values)
