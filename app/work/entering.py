"""From a judged draft to the submissions it is sent as: mostly one, several for a job in steps or its correction."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Protocol

from msgspec import Struct

from app.errors import WorkstationError
from app.journal.records import Entry
from app.provisioning.draft import Draft, Origin
from app.provisioning.submission import Part, Submission
from app.provisioning.validation import Judge, Problem, Validation
from app.provisioning.workflows import ROWS as WORKFLOWS


class Freeze(Protocol):
    """`make_submission` with everything bound that is the same for all sends of one job."""

    def __call__(
        self, draft: Draft, validation: Validation, *, id: str, replaces: str | None, part: Part | None
    ) -> Submission: ...


class Corrected(Struct, frozen=True):
    """The submission that a draft corrects, and what stopped behind it in its job."""

    entry: Entry
    behind: Sequence[Entry] = ()


class InvalidDraft(WorkstationError):
    """A draft with errors was submitted; `problems` names each at its field. Nothing was kept."""

    code: ClassVar[str] = "draft.invalid"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("Some fields need a correction.", remedy="Correct the marked fields.")
        self.problems = problems


def frozen(
    draft: Draft,
    validation: Validation,
    *,
    judge: Judge,
    freeze: Freeze,
    corrected: Corrected | None = None,
) -> tuple[Submission, ...]:
    """The submissions of a draft whose `validation` is ready, in the order they are sent. Raises InvalidDraft.

    The correction of a step takes its place in the job. What stopped behind it is made anew, with the values that
    were corrected: its own bytes are frozen.
    """
    if draft.workflow.steps:
        return _steps(draft.in_steps(), judge, freeze, corrected.entry.id if corrected else None)
    replaces, part = (corrected.entry.id, corrected.entry.part) if corrected else (None, None)
    made = freeze(draft, validation, id=str(uuid.uuid4()), replaces=replaces, part=part)
    if corrected is None:
        return (made,)
    changed = _changed(corrected.entry, made)
    return (made, *(_anew(entry, changed, judge, freeze) for entry in corrected.behind))


def _steps(drafts: Sequence[Draft], judge: Judge, freeze: Freeze, replaces: str | None) -> tuple[Submission, ...]:
    judged = _ready(map(judge, drafts))
    ids = [str(uuid.uuid4()) for _ in drafts]
    return tuple(
        freeze(
            draft,
            validation,
            id=ids[index],
            replaces=replaces if index == 0 else None,
            part=Part(ids[0], index + 1, len(drafts)),
        )
        for index, (draft, validation) in enumerate(zip(drafts, judged, strict=True))
    )


def _changed(before: Entry, now: Submission) -> Mapping[str, tuple[str, str]]:
    """(former, new) of each value that is another now; the new one is "" where the same form leaves it out."""
    same_form = before.workflow == now.workflow
    return {
        key: (former, now.fields.get(key, ""))
        for key, former in before.fields.items()
        if now.fields.get(key, "" if same_form else former) != former
    }


def _anew(entry: Entry, changed: Mapping[str, tuple[str, str]], judge: Judge, freeze: Freeze) -> Submission:
    draft = Draft(WORKFLOWS[entry.workflow])
    for key, text in entry.fields.items():
        former, new = changed.get(key, (text, text))
        draft = draft.with_text(key, new if text == former else text, Origin(entry.origins[key]))
    (validation,) = _ready([judge(draft)])
    return freeze(draft, validation, id=str(uuid.uuid4()), replaces=entry.id, part=entry.part)


def _ready(judged: Iterable[Validation]) -> list[Validation]:
    found = list(judged)
    if errors := tuple(problem for validation in found for problem in validation.errors):
        raise InvalidDraft(errors)
    return found
