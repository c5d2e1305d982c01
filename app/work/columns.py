"""The columns of an exported journal: what the station says of a submission, around the fields themselves."""

from __future__ import annotations

from app.provisioning.fields import FIELDS

FIRST = ("id", "created_at", "updated_at", "kind", "workflow", "state", "message", "operator", "slot")
LAST = ("attempts", "status", "differences", "expires_at")
COLUMNS = (*FIRST, *(row.key for row in FIELDS if not row.secret), *LAST)

VERDICT = ("status", "reason")
"""The last columns of a file of failed rows; they are left out when it is submitted again."""

OWN = frozenset({*FIRST, *LAST})
"""Columns that are no fields. A file that has them all is an export and may be entered again without them."""
