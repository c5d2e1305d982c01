"""Which secrets a request's body carries, so that an answer which repeats them can be cleaned."""

from __future__ import annotations

import json
from typing import Any

from app.provisioning.fields import SECRET_ANSWERS


def secrets_in_body(body: bytes) -> frozenset[str]:
    """The secret fields' texts in a body made by `provisioning.submission.encode_body`, of either shape."""
    fields: Any = json.loads(body)
    if isinstance(fields.get("data"), str):
        fields = json.loads(fields["data"])
    return frozenset(text for key, text in fields.items() if key in SECRET_ANSWERS)
