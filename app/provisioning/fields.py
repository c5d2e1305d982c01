"""The field table: one row a field of the gate's API. Form, validation, request body and export walk it.

Names and meaning are the API document's ("Device App Register", "Device App User Update"); every field is an
optional string on the wire.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct


class Kind(StrEnum):
    """The gate's two calls."""

    REGISTER = "register"
    UPDATE = "update"


class Group(StrEnum):
    """The part of the form a field stands in."""

    DEVICE = "device"
    SIM = "sim"
    USER = "user"


BOTH = frozenset({Kind.REGISTER, Kind.UPDATE})
REGISTER = frozenset({Kind.REGISTER})


class Field(Struct, frozen=True):
    """One row.

    `read_from` is the Identity attribute that fills it; `check` the identifier kind that judges it
    (identifiers/kinds.py); `personal` values are masked in lists, `secret` ones are shown and kept nowhere;
    `choices` names the setting that lists the values offered (free entry stays possible). `matched`: device, label
    and order line have to say the same of it.
    """

    key: str
    label: str
    help: str
    group: Group
    calls: frozenset[Kind] = BOTH
    read_from: str | None = None
    check: str | None = None
    personal: bool = False
    secret: bool = False
    matched: bool = False
    choices: str | None = None
    max_length: int = 255


FIELDS: tuple[Field, ...] = (
    Field(
        "imei",
        "IMEI",
        "15 digits; dial *#06# on the phone to see it",
        Group.DEVICE,
        read_from="imei",
        check="imei",
        personal=True,
        matched=True,
    ),
    Field("device_brand", "Brand", "Maker of the device", Group.DEVICE, REGISTER, read_from="manufacturer"),
    Field("device_model", "Model", "Model name", Group.DEVICE, REGISTER, read_from="model"),
    Field(
        "os_version",
        "OS or firmware",
        "Version of the system or of the firmware",
        Group.DEVICE,
        REGISTER,
        read_from="revision",
    ),
    Field(
        "device_type", "Device type", "Two-letter code; ph is a phone", Group.DEVICE, REGISTER, choices="device_types"
    ),
    Field("device_family", "Device family", "Such as iPhone", Group.DEVICE, REGISTER),
    Field("os_family", "OS family", "Such as iOS or Android", Group.DEVICE, REGISTER),
    Field("os_api_version", "OS API version", "Such as 17.2", Group.DEVICE, REGISTER),
    Field(
        "mac_addr",
        "MAC address",
        "Six pairs, such as 3c:5a:b4:01:02:03",
        Group.DEVICE,
        REGISTER,
        check="mac",
        personal=True,
    ),
    Field("generic_id", "Generic id", "Unique id from the system or the app store", Group.DEVICE, personal=True),
    Field("app_version", "App version", "Version of the registered app", Group.DEVICE, REGISTER),
    Field(
        "iccid",
        "ICCID",
        "18 to 20 characters, printed on the SIM",
        Group.SIM,
        read_from="iccid",
        check="iccid",
        personal=True,
        matched=True,
    ),
    Field("imsi", "IMSI", "6 to 15 digits", Group.SIM, read_from="imsi", check="imsi", personal=True, matched=True),
    Field(
        "home_mobile_network_name",
        "Home network",
        "Operator of the SIM, not the one it roams on",
        Group.SIM,
        REGISTER,
        read_from="home_mobile_network_name",
    ),
    Field(
        "home_mobile_network_mccmnc",
        "Home network code",
        "MCC and MNC, 5 or 6 digits",
        Group.SIM,
        REGISTER,
        read_from="home_mobile_network_mccmnc",
        check="mccmnc",
    ),
    Field("number", "Number", "With + and country code", Group.USER, read_from="number", check="msisdn", personal=True),
    Field("username", "Username", "Login name", Group.USER),
    Field("password", "Password", "Hashed before it is stored or sent", Group.USER, secret=True),
    Field("user_external_id", "External id", "Id in the customer or billing system", Group.USER),
    Field("user_class", "Class of service", "Such as premium, standard, basic", Group.USER, choices="user_classes"),
    Field("push_key", "Push key", "Push notification token", Group.USER, REGISTER, secret=True, max_length=4096),
)

ROWS: Mapping[str, Field] = {row.key: row for row in FIELDS}

SECRET_ANSWERS = frozenset({"device_token"}) | {row.key for row in FIELDS if row.secret}
"""Fields of an answer that are never kept or shown."""


def fields_of(kind: Kind) -> tuple[Field, ...]:
    """The fields the call accepts, in form order."""
    return tuple(row for row in FIELDS if kind in row.calls)
