"""A submission of the journal taken in hand again."""

from __future__ import annotations

from collections.abc import Iterable

from app.journal.records import Entry
from app.provisioning.draft import Draft, Origin
from app.provisioning.workflows import ROWS, Workflow


def draft_of(entry: Entry, workflow: Workflow | None = None, keys: Iterable[str] | None = None) -> Draft:
    """What `entry` was sent with, in its own workflow or another, as far as that has the fields; only `keys` where
    they are named. Secrets are not kept and not in it."""
    draft = Draft(workflow or ROWS[entry.workflow])
    wanted = frozenset(entry.fields if keys is None else keys) & frozenset(draft.workflow.fields)
    for key, text in entry.fields.items():
        if key in wanted:
            draft = draft.with_text(key, text, Origin(entry.origins.get(key, Origin.HISTORY)))
    return draft
