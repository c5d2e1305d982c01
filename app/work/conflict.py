"""A registration that the gate has already: the update that it comes to instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.journal.records import Entry
from app.provisioning.draft import Draft, Origin
from app.provisioning.workflows import ANCHORS, ROWS

IDENTIFIERS = ("imei", "iccid", "imsi", "generic_id")
"""Not to be edited here: one changed to get past a conflict would register a device that there is not."""


def update_instead(entry: Entry, known: Mapping[str, str]) -> Draft:
    """A draft with the first field that finds the record and those that differ from `known`, what the gate last
    confirmed of it; where nothing is known, all that an update can carry. Secrets are not kept and not in it."""
    draft = Draft(replace(ROWS["user-update"], locked=IDENTIFIERS))
    anchor = next((key for key in ANCHORS if key in entry.fields), None)
    for key in draft.workflow.fields:
        text = entry.fields.get(key)
        if text and (key == anchor or known.get(key) != text):
            draft = draft.with_text(key, text, Origin(entry.origins.get(key, Origin.HISTORY)))
    return draft
