"""Submissions and a clock for tests of what happens after the form."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime, timedelta

from app.provisioning.fields import ROWS, Kind
from app.provisioning.submission import Part, Submission

_numbers = itertools.count(1)


class Clock:
    """A wall clock and a monotonic one that stand still until told otherwise."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        self.passed_s = 0.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.passed_s

    def pass_s(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.passed_s += seconds

    def set_back(self, seconds: float) -> None:
        """As an operator or a time server does: the monotonic clock does not follow."""
        self.at -= timedelta(seconds=seconds)


def submission(
    id: str | None = None,
    *,
    kind: Kind = Kind.REGISTER,
    workflow: str | None = None,
    created_at: datetime | None = None,
    replaces: str | None = None,
    part: Part | None = None,
    **values: str,
) -> Submission:
    """A submission of these fields; without any, of a device of its own."""
    number = next(_numbers)
    values = values or {"imei": f"{number:015d}"}
    return Submission(
        id=id or f"submission-{number}",
        kind=kind,
        workflow=workflow or ("register-device" if kind is Kind.REGISTER else "user-update"),
        created_at=created_at or datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
        operator="Ana",
        consent="employer-owned",
        body=json.dumps(values).encode(),
        fields={key: text for key, text in values.items() if not ROWS[key].secret},
        origins=dict.fromkeys(values, "typed"),
        secret_fields=tuple(key for key in values if ROWS[key].secret),
        order_keys=tuple(f"{key}:{values[key]}" for key in ("imei", "username") if key in values),
        device={"slot": "B2", "port": "COM7"},
        replaces=replaces,
        part=part,
    )
