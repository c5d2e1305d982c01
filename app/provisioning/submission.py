"""A submission: request bytes frozen the moment it is made, so that each attempt is the same request."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec
from msgspec import Struct, field

from app.masked import Record, Secret
from app.provisioning.draft import Draft, Origin, Override
from app.provisioning.fields import ROWS, Kind
from app.provisioning.passwords import hash_password, is_hash
from app.provisioning.validation import Validation


class State(StrEnum):
    """Where a submission stands. The last four are final."""

    QUEUED = "queued"
    SENDING = "sending"
    WAITING = "waiting"
    UNKNOWN = "unknown"
    HELD = "held"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CONFLICT = "conflict"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        return self in {State.ACCEPTED, State.REJECTED, State.CONFLICT, State.CANCELLED}


class Settlement(StrEnum):
    """What somebody decided about a conflict. It is not sent again, and its state stays."""

    SAME_DEVICE = "same-device"
    """What the gate has is this device: there is nothing to do, and what waited for it goes on."""
    SUPERVISOR = "supervisor"
    """A supervisor is to look at it."""


class Part(Struct, frozen=True):
    """Which send of a job that takes several: the job's id, this one's `step` (1 for the first) and how many."""

    job: str
    step: int
    steps: int


class Submission(Record, frozen=True):
    """Kind, workflow and the request's bytes, frozen.

    `fields` is what was sent without its secrets; `origins` where each value came from; `secret_fields` names
    the secrets in `body`. `order_keys` name the device and the user ("imei:..."): submissions that share one
    are sent in the order they were made. `device` is what the station saw of it (port, manufacturer, model,
    revision; no identifiers), empty where none was plugged in. `replaces` is the id of the rejected submission
    that this one corrects. `part` is None where the submission is the whole job. `matched` are the fields that
    another source than their own confirmed (label, device, order line), `overrides` those where one differs and
    somebody vouched for the value.
    """

    id: str
    kind: Kind
    workflow: str
    created_at: datetime
    operator: str
    consent: str
    body: bytes
    fields: Mapping[str, str]
    origins: Mapping[str, str]
    secret_fields: tuple[str, ...]
    order_keys: tuple[str, ...]
    device: Mapping[str, str] = field(default_factory=dict)
    replaces: str | None = None
    part: Part | None = None
    matched: tuple[str, ...] = ()
    overrides: Mapping[str, Override] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Submission({self.id}, {self.workflow})"


_ORDER_KEYS = ("imei", "generic_id", "mac_addr", "number", "username", "user_external_id")


def order_keys(fields: Mapping[str, str]) -> tuple[str, ...]:
    """What names the device and the user in `fields`: "imei:..." and so on."""
    return tuple(f"{key}:{fields[key]}" for key in _ORDER_KEYS if key in fields)


def encode_body(fields: Mapping[str, str], shape: str) -> bytes:
    """The request's bytes. `fields`: the object itself; `data-string`: `{"data": "<the object as text>"}`."""
    body = msgspec.json.encode(dict(fields))
    return msgspec.json.encode({"data": body.decode()}) if shape == "data-string" else body


def make_submission(
    draft: Draft,
    validation: Validation,
    *,
    id: str,
    created_at: datetime,
    shape: str,
    password_hash: str,
    operator: str = "",
    consent: str = "",
    device: Mapping[str, str] | None = None,
    replaces: str | None = None,
    part: Part | None = None,
) -> Submission:
    """Freeze a draft that validated. Hashes the password, so it takes up to 0.3 s. Raises ValueError on errors.

    A password that a file holds already hashed is taken as it is; one that was typed is always hashed.
    """
    if not validation.ready:
        raise ValueError([problem.code for problem in validation.errors])
    values = {key: validation.values[key] for key in ROWS if key in validation.values}
    if password := values.get("password"):
        hashed = draft.entries["password"].origin is Origin.FILE and is_hash(password)
        values["password"] = password if hashed else hash_password(Secret(password), password_hash).reveal()
    return Submission(
        id=id,
        kind=draft.workflow.kind,
        workflow=draft.workflow.name,
        created_at=created_at,
        operator=operator,
        consent=consent,
        body=encode_body(values, shape),
        fields={key: value for key, value in values.items() if not ROWS[key].secret},
        origins={key: draft.entries[key].origin.value for key in values},
        secret_fields=tuple(key for key in values if ROWS[key].secret),
        order_keys=order_keys(values),
        device=dict(device or {}),
        replaces=replaces,
        part=part,
        matched=tuple(key for key in values if draft.agreeing(key)),
        overrides={key: override for key, override in draft.overrides.items() if draft.agreeing(key, agree=False)},
    )
