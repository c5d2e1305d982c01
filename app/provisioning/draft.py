"""A form being filled: each value with where it came from. Frozen; each edit gives a new draft."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from msgspec import Struct, field
from msgspec.structs import replace

from app.identifiers.identity import Identity
from app.identifiers.kinds import KINDS, as_written
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


class Entry(Struct, frozen=True):
    text: Masked
    origin: Origin


class Witness(Struct, frozen=True):
    """What a source says of a field beside its entry. Of several texts, one has to fit: a label may have two IMEIs."""

    origin: Origin
    texts: tuple[Identifier, ...]


class Override(Struct, frozen=True):
    """Somebody vouches for an entry on which not all agree: the code of the reason (reasons.py), and the id of who
    does, "" at a station without operators."""

    reason: str
    by: str = ""


def masked(key: str, text: str) -> Masked:
    """`text` as the type its field calls for: a Secret, or an Identifier."""
    return Secret(text) if ROWS[key].secret else Identifier(text)


class Draft(Struct, frozen=True):
    """The entries of one form. Fields left empty have no entry; texts are kept as they were entered.

    `witnesses` hold what device, label and order line say of the fields that they have to agree on. `overrides` are
    the fields where somebody vouched for the entry though one of them differs.
    """

    workflow: Workflow
    entries: Mapping[str, Entry] = field(default_factory=dict)
    witnesses: Mapping[str, tuple[Witness, ...]] = field(default_factory=dict)
    overrides: Mapping[str, Override] = field(default_factory=dict)

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
        draft = replace(self, entries=entries)
        return draft if draft.text(key) == self.text(key) else draft._without_override(key)

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
            scanned = held is not None and held.origin is Origin.SCAN and ROWS[key].matched
            if held is None or held.origin is Origin.DEVICE or (text and (scanned or held.origin is Origin.DEFAULT)):
                draft = draft.with_text(key, text or "", Origin.DEVICE)
            if ROWS[key].matched:
                second = identity.value("imei2") if key == "imei" else None
                draft = draft.with_witness(key, Origin.DEVICE, *(each for each in (text, second) if each))
        return draft

    def with_witness(self, key: str, origin: Origin, *texts: str) -> Draft:
        """What `origin` says of a field from now on; no text: it says nothing. Another word ends an override."""
        kept = tuple(witness for witness in self.witnesses.get(key, ()) if witness.origin is not origin)
        said = (*kept, Witness(origin, tuple(map(Identifier, texts)))) if texts else kept
        if set(said) == set(self.witnesses.get(key, ())):
            return self
        return replace(self, witnesses={**self.witnesses, key: said})._without_override(key)

    def _without_override(self, key: str) -> Draft:
        """What was vouched for is not what stands there now."""
        return replace(self, overrides={other: each for other, each in self.overrides.items() if other != key})

    def scanned(self, key: str, *texts: str) -> Draft:
        """Take a scan in: it fills the field, unless a device or the record has spoken, beside whose word it is put.
        Raises KeyError for a field the workflow does not have."""
        held = self.entries.get(key)
        draft = self
        if not (ROWS[key].matched and held is not None and held.origin in {Origin.DEVICE, Origin.HISTORY}):
            draft = self.with_text(key, texts[0], Origin.SCAN)
        return draft.with_witness(key, Origin.SCAN, *texts) if ROWS[key].matched else draft

    def overridden(self, key: str, override: Override) -> Draft:
        """Somebody vouches for the entry of a field on which not all agree."""
        return replace(self, overrides={**self.overrides, key: override})

    def agreeing(self, key: str, *, agree: bool = True) -> tuple[Witness, ...]:
        """The witnesses, other than the entry's own source, that say the same as the entry, or that do not."""
        entry, check = self.entries.get(key), ROWS[key].check
        if entry is None:
            return ()
        same = KINDS[check].same if check else as_written
        return tuple(
            witness
            for witness in self.witnesses.get(key, ())
            if witness.origin is not entry.origin
            and any(same(entry.text.reveal(), text.reveal()) for text in witness.texts) is agree
        )

    def settled(self, known: Mapping[str, str]) -> frozenset[str]:
        """The fields that are not to be edited: the workflow's locked ones and, once its record is `known`, what finds
        it, except what the operator entered for that. Another value would find another record, or change this one."""
        workflow = self.workflow
        found = workflow.anchors if known and workflow.changes else ()
        settled = [key for key in found if key not in self.entries or self.entries[key].origin is Origin.HISTORY]
        return frozenset((*settled, *workflow.locked))

    def moved_to(self, workflow: Workflow) -> Draft:
        """The same values under another workflow; those it has no field for are left out."""
        return self._of(workflow, workflow.fields)

    def in_steps(self) -> tuple[Draft, ...]:
        """One draft a send, in the order they are sent; most jobs are one."""
        if not self.workflow.steps:
            return (self,)
        return tuple(self._of(WORKFLOWS[step.workflow], step.fields) for step in self.workflow.steps)

    def _of(self, workflow: Workflow, keys: Collection[str]) -> Draft:
        return Draft(
            workflow,
            {key: entry for key, entry in self.entries.items() if key in keys},
            {key: said for key, said in self.witnesses.items() if key in keys},
            {key: override for key, override in self.overrides.items() if key in keys},
        )
