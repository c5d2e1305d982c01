"""The workflow table: one row a job an operator does. Form, validation and command line walk it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from app.provisioning.fields import FIELDS, Kind, fields_of

ANCHORS = ("number", "generic_id", "imei", "username", "user_external_id")
"""Fields the gate may find a record by; the documents do not say which it uses."""

_PERSON = ("username", "user_external_id", "number", "generic_id")
"""Anchors other than the device, the surest first."""
_DEVICE = ("imei", "generic_id", "mac_addr")
_READABLE = tuple(row.key for row in FIELDS if row.read_from)


class Guard(Struct, frozen=True):
    """What history must say: `field` equal to, or different from, its last known value."""

    field: str
    differs: bool
    code: str
    message: str


class Step(Struct, frozen=True):
    """One send of a job that takes several: the workflow it is sent as, and which of the job's fields go with it."""

    workflow: str
    fields: tuple[str, ...]


class Workflow(Struct, frozen=True):
    """One row.

    `fields` may be filled, in form order; `required` must be; of each tuple in `one_of` at least one must be.
    `changes` (updates) are what the job alters: no field of it finds the record, at least one of it must be
    filled, and those equal to the last known value are not sent when `only_changes` is set. `locked` fields
    come from the device or history alone. `steps`: the job is sent in several, each when the one before it was
    accepted; `kind` is then the last one's.
    """

    name: str
    label: str
    action: str
    kind: Kind
    fields: tuple[str, ...]
    required: tuple[str, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()
    changes: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()
    guards: tuple[Guard, ...] = ()
    only_changes: bool = False
    steps: tuple[Step, ...] = ()

    @property
    def anchors(self) -> tuple[str, ...]:
        """Fields that may find the record in this job; empty for a registration."""
        if self.kind is Kind.REGISTER:
            return ()
        return tuple(key for key in ANCHORS if key not in self.changes)

    @property
    def moves(self) -> bool:
        """Whether the job gives what is on record another device."""
        return "imei" in self.changes

    def found_by(self, record: Mapping[str, str]) -> dict[str, str]:
        """What of a record that was found goes into the job to find it again: all anchors, which agree on it. In one
        that moves, a single one: the gate knows two devices then, and more would speak for the old one; and the
        number is what the new SIM says.
        """
        known = {key: record[key] for key in self.anchors if record.get(key)}
        if self.moves:
            known = dict([(key, known[key]) for key in _PERSON if key in known][:1])
        return known


_REGISTER = tuple(row.key for row in fields_of(Kind.REGISTER))
_UPDATE = tuple(row.key for row in fields_of(Kind.UPDATE))
_HARDWARE = (
    "imei",
    "device_brand",
    "device_model",
    "os_version",
    "device_type",
    "generic_id",
    "mac_addr",
    "iccid",
    "imsi",
    "home_mobile_network_name",
    "home_mobile_network_mccmnc",
)
_MOVED = ("imei", "iccid", "imsi", "number", "username", "user_external_id")

SAME_DEVICE = "device.same"
"""The code of the guard that asks for the new device."""
_OTHER_DEVICE = Guard("imei", True, SAME_DEVICE, "This is the device already on record. Plug the new one in.")

WORKFLOWS: tuple[Workflow, ...] = (
    Workflow("register-device", "New device", "Register", Kind.REGISTER, _REGISTER, one_of=(_DEVICE,)),
    Workflow(
        "additional-device",
        "Additional device",
        "Register",
        Kind.REGISTER,
        (*_READABLE, "device_type", "generic_id", "mac_addr", "username", "user_external_id"),
        one_of=(_DEVICE, ("username", "user_external_id")),
    ),
    Workflow(
        "enterprise-device",
        "Enterprise device",
        "Register",
        Kind.REGISTER,
        _REGISTER,
        required=(
            "user_external_id",
            "device_brand",
            "device_model",
            "device_family",
            "os_family",
            "os_version",
            "os_api_version",
            "mac_addr",
        ),
        one_of=(("imei", "generic_id"),),
    ),
    Workflow(
        "push-enablement",
        "Push notifications",
        "Register",
        Kind.REGISTER,
        ("imei", "generic_id", "os_family", "push_key"),
        required=("push_key", "os_family"),
        one_of=(("imei", "generic_id"),),
    ),
    Workflow("user-update", "Update user", "Send update", Kind.UPDATE, _UPDATE),
    Workflow(
        "sim-replacement",
        "SIM replacement",
        "Send changes",
        Kind.UPDATE,
        ("imei", "iccid", "imsi", "number", "generic_id", "username", "user_external_id"),
        required=("imei", "iccid"),
        changes=("iccid", "imsi", "number"),
        only_changes=True,
        guards=(Guard("iccid", True, "sim.same", "This is the SIM already on record. Insert the new one."),),
    ),
    Workflow(
        "device-upgrade",
        "Move user",
        "Send changes",
        Kind.UPDATE,
        _MOVED,
        required=("imei",),
        changes=("imei", "iccid", "imsi"),
        guards=(_OTHER_DEVICE,),
    ),
    Workflow(
        "new-device-upgrade",
        "Device upgrade",
        "Register and move",
        Kind.UPDATE,
        (*_HARDWARE, "number", "username", "user_external_id"),
        required=("imei",),
        changes=("imei", "iccid", "imsi", "generic_id"),
        guards=(_OTHER_DEVICE,),
        steps=(Step("register-device", _HARDWARE), Step("device-upgrade", _MOVED)),
    ),
    Workflow(
        "credential-update",
        "Credentials",
        "Send changes",
        Kind.UPDATE,
        ("number", "generic_id", "imei", "user_external_id", "username", "password"),
        changes=("username", "password"),
        locked=("imei",),
    ),
    Workflow(
        "plan-change",
        "Plan change",
        "Send changes",
        Kind.UPDATE,
        ("number", "generic_id", "imei", "username", "user_external_id", "user_class"),
        required=("user_class",),
        changes=("user_class",),
        locked=("imei",),
    ),
    Workflow(
        "crm-link",
        "CRM link",
        "Send changes",
        Kind.UPDATE,
        ("number", "generic_id", "imei", "username", "user_external_id"),
        required=("user_external_id",),
        changes=("user_external_id",),
        locked=("imei",),
    ),
)

ROWS: Mapping[str, Workflow] = {row.name: row for row in WORKFLOWS}
DEFAULTS: Mapping[Kind, Workflow] = {Kind.REGISTER: ROWS["register-device"], Kind.UPDATE: ROWS["user-update"]}
