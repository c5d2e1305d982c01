"""A registration that the gate has already: the update that it comes to instead."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from app.journal.records import Entry
from app.provisioning.draft import Draft
from app.provisioning.workflows import ANCHORS, ROWS
from app.work.entries import draft_of

IDENTIFIERS = ("imei", "iccid", "imsi", "generic_id")
"""Not to be edited here: one changed to get past a conflict would register a device that there is not."""


def update_instead(entry: Entry, known: Mapping[str, str]) -> Draft:
    """A draft with the first field that finds the record and those that differ from `known`, what the gate last
    confirmed of it; where nothing is known, all that an update can carry. Secrets are not kept and not in it.

    What differs finds nothing: a new number is no number of the record.
    """
    named = [key for key in ANCHORS if key in entry.fields]
    anchor = next((key for key in named if known.get(key) == entry.fields[key]), next(iter(named), None))
    differing = [key for key, text in entry.fields.items() if text and (key == anchor or known.get(key) != text)]
    return draft_of(entry, replace(ROWS["user-update"], locked=IDENTIFIERS), differing)
