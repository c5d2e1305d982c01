"""All problems of a draft at once, by field; and the values as they would be sent."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from app.identifiers import kinds, msisdn, plmn
from app.identifiers.verdict import Grade, Offer, Verdict
from app.provisioning.draft import Draft, Origin
from app.provisioning.fields import ROWS, Kind
from app.provisioning.passwords import password_problem
from app.provisioning.reasons import REASONS
from app.provisioning.site import EVERYTHING, Site

FORM = ""
"""The `field` of a problem that concerns the form as a whole."""


class Rules(Struct, frozen=True):
    """What the settings say of validation."""

    lenient: bool = False
    password_hash: str = "bcrypt"  # noqa: S105 - a scheme, not a password
    country: str = ""
    anchors: tuple[str, ...] = ()
    site: Site = EVERYTHING


class Problem(Struct, frozen=True):
    """One remark at one field. `ERROR` blocks the submission. `offers` are corrections to accept."""

    field: str
    code: str
    message: str
    grade: Grade = Grade.ERROR
    offers: tuple[Offer, ...] = ()


class Validation(Struct, frozen=True):
    """`values` holds what would be sent, normalised, by field; complete only when `ready`."""

    values: Mapping[str, str]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.grade is Grade.ERROR)

    @property
    def ready(self) -> bool:
        return not self.errors

    def at(self, field: str) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.field == field)

    def __repr__(self) -> str:
        return f"Validation({sorted(self.values)}, {self.problems})"


Judge = Callable[[Draft], Validation]
"""`Workstation.validate`: judges a draft as `submit` would."""


def validate(draft: Draft, rules: Rules, last_known: Mapping[str, str] | None = None) -> Validation:
    """Judge a draft. `last_known` holds what the gate last confirmed for this record, by field.

    In a workflow that sends only changes, values equal to `last_known` are left out of `values`.
    """
    values: dict[str, str] = {}
    problems: list[Problem] = []
    for key in draft.workflow.fields:
        if text := draft.text(key):
            value, found = _field(key, text, draft, rules)
            problems += found
            if value:
                values[key] = value
    filled = {key for key in draft.workflow.fields if draft.text(key)}
    problems += _missing(draft, filled, rules)
    known = last_known or {}
    problems += [
        Problem(guard.field, guard.code, guard.message)
        for guard in draft.workflow.guards
        if guard.field in values and guard.field in known
        if (values[guard.field] == known[guard.field]) is guard.differs
    ]
    # A guard says what is to be done; that the label of what comes next differs until then is no news.
    guarded = {problem.field for problem in problems if problem.code in {guard.code for guard in draft.workflow.guards}}
    problems += [problem for problem in _disagreements(draft) if problem.field not in guarded]
    if draft.workflow.only_changes:
        changed = set(draft.workflow.changes)
        values = {key: value for key, value in values.items() if key not in changed or known.get(key) != value}
    return Validation(values, tuple(problems))


_WHO: Mapping[Origin, str] = {
    Origin.DEVICE: "the device",
    Origin.SCAN: "the label",
    Origin.FILE: "the order line",
    Origin.TYPED: "what was typed",
    Origin.HISTORY: "the last record",
    Origin.DEFAULT: "the policy",
}


def _disagreements(draft: Draft) -> Iterator[Problem]:
    """Label, device and order line have to agree; where somebody vouched for the entry, it is a warning."""
    for key, entry in draft.entries.items():
        for witness in draft.agreeing(key, agree=False):
            message = f"{_WHO[witness.origin]} has another {ROWS[key].label} than {_WHO[entry.origin]}."
            message = message[0].upper() + message[1:]
            if override := draft.overrides.get(key):
                yield Problem(key, f"match.{witness.origin}", f"{message} {REASONS[override.reason]}.", Grade.WARNING)
            else:
                yield Problem(key, f"match.{witness.origin}", message)


_NO_TEXT = frozenset({"Cc", "Cs"})
"""Unicode categories: control characters, and halves of characters, which no file and no request can hold."""


def _field(key: str, text: str, draft: Draft, rules: Rules) -> tuple[str | None, list[Problem]]:
    row = ROWS[key]
    if row.secret:
        trouble = password_problem(text, rules.password_hash) if key == "password" else None
        return text, [Problem(key, *trouble)] if trouble else []
    text = text.strip()
    if not text:
        return None, [Problem(key, "field.blank", f"{row.label} holds only spaces.")]
    if len(text) > row.max_length:
        return None, [Problem(key, "field.too-long", f"{row.label} is longer than {row.max_length} characters.")]
    if any(unicodedata.category(character) in _NO_TEXT for character in text):
        return None, [Problem(key, "field.control", f"{row.label} holds a control character.")]
    if row.check is None:
        return text, []
    verdict = _check(row.check, text, draft, rules)
    # Offers stand with the gravest remark; a verdict that offers without a remark has nothing to mend.
    return verdict.value.reveal() if verdict.value else None, [
        Problem(key, finding.code, finding.message, finding.grade, verdict.offers if index == 0 else ())
        for index, finding in enumerate(sorted(verdict.findings, key=lambda finding: finding.grade is not Grade.ERROR))
    ]


def _check(check: str, text: str, draft: Draft, rules: Rules) -> Verdict:
    if check == "msisdn":
        return msisdn.check(text, region=rules.country or _sim_country(draft.text("imsi")))
    if check == "mccmnc":
        return plmn.check(text, imsi=draft.text("imsi") or None)
    return kinds.KINDS[check].check(text, lenient=rules.lenient)


def _sim_country(imsi: str) -> str | None:
    return plmn.country_of(imsi[:3]) if imsi else None


def _labels(keys: tuple[str, ...]) -> str:
    *most, last = (ROWS[key].label for key in keys)
    return f"{', '.join(most)} or {last}" if most else last


def _missing(draft: Draft, filled: set[str], rules: Rules) -> list[Problem]:
    workflow = draft.workflow
    problems = []
    if not rules.site.allows(workflow):
        problems.append(Problem(FORM, "workflow.not-here", f"{workflow.label} is not done at this station."))
    problems += [
        Problem(key, "field.required", f"{ROWS[key].label} is needed for this job.")
        for key in dict.fromkeys((*workflow.required, *rules.site.required.get(workflow.name, ())))
        if key not in filled
    ]
    problems += [
        Problem(keys[0], "field.one-of", f"{_labels(keys)} is needed.")
        for keys in workflow.one_of
        if not filled.intersection(keys)
    ]
    if workflow.kind is Kind.UPDATE:
        allowed = tuple(key for key in workflow.anchors if key in rules.anchors or not rules.anchors)
        anchors = filled.intersection(allowed)
        if not anchors:
            problems.append(Problem(FORM, "update.anchor", f"{_labels(allowed)} is needed to find the record."))
        changes = filled.intersection(workflow.changes) if workflow.changes else filled
        if not changes or (not workflow.changes and len(filled) < 2):  # noqa: PLR2004 - one finds, one changes
            problems.append(Problem(FORM, "update.nothing", "Nothing would change. Fill in what is new."))
    return problems
