"""What the training gate stores and how it judges a request, in the manner of a Django REST service.

It shares no table and no check with the rest of the program: a mistake there must not be answered by the same
mistake here. Field names and statuses are those of "Device App Register" and "Device App User Update".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

UPDATE_FIELDS = (
    "number",
    "generic_id",
    "imei",
    "imsi",
    "iccid",
    "username",
    "password",
    "user_external_id",
    "user_class",
)
REGISTER_FIELDS = (
    *UPDATE_FIELDS,
    "mac_addr",
    "home_mobile_network_name",
    "home_mobile_network_mccmnc",
    "app_version",
    "os_family",
    "os_version",
    "os_api_version",
    "device_family",
    "device_brand",
    "device_model",
    "device_type",
    "push_key",
)
PATTERNS: Mapping[str, tuple[str, str]] = {
    "number": (r"\+[1-9]\d{5,14}", "Enter a number in international form."),
    "imei": (r"\d{15}", "Enter the 15 digits of the IMEI."),
    "imsi": (r"\d{6,15}", "Enter 6 to 15 digits."),
    "iccid": (r"\d{18,20}|\d{18}[\dA-Fa-f]{2}", "Enter 18 to 20 digits."),
    "mac_addr": (r"[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}", "Enter a valid MAC address."),
    "home_mobile_network_mccmnc": (r"\d{5,6}", "Enter 5 or 6 digits."),
    "device_type": (r"[a-z]{2}", "Enter a two-letter code."),
}
ANCHORS = ("imei", "generic_id", "number", "username", "user_external_id")
LONGEST = {"push_key": 4096}
VALID_FOR = timedelta(days=182)

Verdict = tuple[int, dict[str, Any]]


class Refused(Exception):
    """A request whose body cannot be taken; `messages` is the answer's object."""

    def __init__(self, messages: dict[str, Any]) -> None:
        super().__init__("refused")
        self.messages = messages


def fields_in(body: bytes, shape: str) -> dict[str, Any]:
    """The fields of a body of this shape (`fields` or `data-string`). Raises Refused."""
    try:
        value = json.loads(body)
    except ValueError as fault:
        raise Refused({"detail": "JSON parse error."}) from fault
    if not isinstance(value, dict):
        raise Refused({"non_field_errors": ["Invalid data. Expected a dictionary."]})
    if shape == "fields":
        return value
    if "data" not in value:
        raise Refused({"data": ["This field is required."]})
    if not isinstance(value["data"], str):
        raise Refused({"data": ["Not a valid string."]})
    try:
        value = json.loads(value["data"])
    except ValueError as fault:
        raise Refused({"data": ["Value must be valid JSON."]}) from fault
    if not isinstance(value, dict):
        raise Refused({"data": ["Expected a dictionary."]})
    return value


def messages_for(fields: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is wrong, by field; empty where nothing is."""
    messages: dict[str, list[str]] = {}
    for key, value in fields.items():
        pattern, message = PATTERNS.get(key, (r".+", "This field may not be blank."))
        longest = LONGEST.get(key, 255)
        if not isinstance(value, str):
            messages[key] = ["Not a valid string."]
        elif not re.fullmatch(pattern, value, re.DOTALL):
            messages[key] = [message]
        elif len(value) > longest:
            messages[key] = [f"Ensure this field has no more than {longest} characters."]
    return messages


class Records:
    """The registered devices, in memory. Not locked: the gate calls it under its own lock."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.stored: list[dict[str, Any]] = []
        self.version = 0
        """Rises with each request that changed what is stored; an update with what is there already does not."""

    def register(self, given: Mapping[str, Any]) -> Verdict:
        """201 with the record; 400 with messages by field; 409 for a device that is there already."""
        fields = {key: given[key] for key in REGISTER_FIELDS if key in given}
        if messages := messages_for(fields):
            return 400, messages
        if not any(key in fields for key in ("imei", "generic_id", "mac_addr")):
            return 400, {"non_field_errors": ["One of imei, generic_id, mac_addr is required."]}
        for key in ("imei", "generic_id"):
            if key in fields and any(record.get(key) == fields[key] for record in self.stored):
                return 409, {"detail": "Device already registered."}
        count = len(self.stored) + 1
        record = {
            "registration_id": f"reg_{count:06}",
            "status": "registered",
            "device_token": f"device_token_{count:06}",
            "registration_timestamp": _written(self._now()),
            "expires_at": _written(self._now() + VALID_FOR),
            **fields,
        }
        self.stored.append(record)
        self.version += 1
        return 201, dict(record)

    def update(self, given: Mapping[str, Any]) -> Verdict:
        """201 with the merged record; 422 for a bad value or where no record is found by its anchors."""
        fields = {key: given[key] for key in UPDATE_FIELDS if key in given}
        if messages := messages_for(fields):
            return 422, messages
        record = self._found(fields)
        if record is None:
            return 422, {"detail": "No device matches."}
        self.version += any(record.get(key) != value for key, value in fields.items())
        record |= {**fields, "updated_at": _written(self._now()), "status": "success"}
        return 201, {key: value for key, value in record.items() if key != "device_token"}

    def _found(self, fields: Mapping[str, Any]) -> dict[str, Any] | None:
        """The record that shares the most anchors; of several that of the device, then the newest."""
        best, most = None, (0, False)
        for record in self.stored:
            shared = [key for key in ANCHORS if key in fields and record.get(key) == fields[key]]
            if shared and (rank := (len(shared), "imei" in shared)) >= most:
                best, most = record, rank
        return best


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
