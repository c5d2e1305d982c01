"""A form being filled: each value with where it came from. Frozen; each edit gives a new draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from app.identifiers.identity import Identity
from app.masked import Identifier, Masked, Secret
from app.provisioning.fields import ROWS
from app.provisioning.workflows import ROWS as WORKFLOWS
from app.provisioning.workflows import Workflow


class Origin(StrEnum):
    """Where a value came from; shown beside it and kept with the submission."""

    DEVICE = "device"
    SCAN = "scan"
    FILE = "file"
    TYPED = "typed"
    HISTORY = "history"
    DEFAULT = "default"
    """What the administrator's policy puts into every new form."""


@dataclass(frozen=True, slots=True)
class Entry:
    text: Masked
    origin: Origin


def masked(key: str, text: str) -> Masked:
    """`text` as the type its field calls for: a Secret, or an Identifier."""
    return Secret(text) if ROWS[key].secret else Identifier(text)


@dataclass(frozen=True, slots=True)
class Draft:
    """The entries of one form. Fields left empty have no entry; texts are kept as they were entered."""

    workflow: Workflow
    entries: Mapping[str, Entry] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """The whole text of a field, "" where it is empty."""
        entry = self.entries.get(key)
        return entry.text.reveal() if entry else ""

    def with_text(self, key: str, text: str, origin: Origin = Origin.TYPED) -> Draft:
        """Set a field; an empty text clears it. Raises KeyError for a field the workflow does not have."""
        if key not in self.workflow.fields:
            raise KeyError(key)
        entries = {other: entry for other, entry in self.entries.items() if other != key}
        if text:
            entries[key] = Entry(masked(key, text), origin)
        return replace(self, entries=entries)

    def with_defaults(self, defaults: Mapping[str, str]) -> Draft:
        """Put `defaults`, by field, where nothing stands."""
        draft = self
        for key in defaults.keys() - self.entries.keys():
            draft = draft.with_text(key, defaults[key], Origin.DEFAULT)
        return draft

    def filled_from(self, identity: Identity) -> Draft:
        """Take over what a device says. What came from a device before and is not said now is cleared;
        what the operator entered by hand or scanner stays."""
        draft = self
        for key in self.workflow.fields:
            source = ROWS[key].read_from
            if source is None:
                continue
            text, held = identity.value(source), self.entries.get(key)
            if held is None or held.origin is Origin.DEVICE or (text and held.origin is Origin.DEFAULT):
                draft = draft.with_text(key, text or "", Origin.DEVICE)
        return draft

    def moved_to(self, workflow: Workflow) -> Draft:
        """The same values under another workflow; those it has no field for are left out."""
        return Draft(workflow, {key: entry for key, entry in self.entries.items() if key in workflow.fields})

    def in_steps(self) -> tuple[Draft, ...]:
        """One draft a send, in the order they are sent; most jobs are one."""
        if not self.workflow.steps:
            return (self,)
        return tuple(
            Draft(WORKFLOWS[step.workflow], {key: entry for key, entry in self.entries.items() if key in step.fields})
            for step in self.workflow.steps
        )
