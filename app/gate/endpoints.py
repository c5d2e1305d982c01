"""The gate's calls: one row each ("Device App Register", "Device App User Update", and the organization's page)."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from app.provisioning.fields import Kind


class Endpoint(Struct, frozen=True):
    """One call. `path` follows the base URL; its trailing slash matters. `success` are the statuses that, with a
    JSON object, prove that the gate did it. `body_setting` names the setting with the body's shape, if it has a body.
    """

    method: str
    path: str
    success: frozenset[int]
    body_setting: str | None = None


# The documents promise 201; 200 and 202 are what a service commonly turns it into.
STORED = frozenset({200, 201, 202})

ROWS: Mapping[Kind, Endpoint] = {
    Kind.REGISTER: Endpoint("POST", "/device_app_register/", STORED, "gate.register_body"),
    Kind.UPDATE: Endpoint("POST", "/device_app_user_update/", STORED, "gate.update_body"),
}

ORGANIZATION = Endpoint("GET", "/me/organization/", frozenset({200}))
"""Whose token it is. Read-only, so it serves to test the connection."""
