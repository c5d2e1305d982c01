"""What a scanned text turned out to mean: values, a question, a command, a badge, or a text that is no identifier."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from app.masked import Identifier
from app.scanning.commands import Command


class What(StrEnum):
    """What a value is. The names of identifier kinds (identifiers/kinds.py) are theirs."""

    IMEI = "imei"
    IMSI = "imsi"
    ICCID = "iccid"
    NUMBER = "msisdn"
    MAC = "mac"
    MEID = "meid"
    EID = "eid"
    ESIM_CODE = "esim-code"
    GTIN = "gtin"
    SERIAL = "serial"
    EXTERNAL_ID = "external-id"


class Certainty(StrEnum):
    """How it is known. `NAMED`: the code itself says so, by a word or a GS1 key. `PROVED`: check digit and form leave
    no other reading. `LIKELY`: it has the form of nothing else, and nothing proves it."""

    NAMED = "named"
    PROVED = "proved"
    LIKELY = "likely"


class Value(Struct, frozen=True):
    """One value as it was scanned, without spaces and padding. `number` is 1 or 2 where the label counts ("IMEI2").

    `changed` is what had to be done to make it the value ("Add the check digit"), "" where nothing was: such a
    value is only ever part of a question.
    """

    what: What
    text: Identifier
    certainty: Certainty
    number: int = 0
    changed: str = ""


class Found(Struct, frozen=True):
    """One value or several, each of them known."""

    values: tuple[Value, ...]


class Unsure(Struct, frozen=True):
    """The text, or a part of it, is one of `readings` or none of them: somebody has to say. `values` are known."""

    text: Identifier
    readings: tuple[Value, ...]
    values: tuple[Value, ...] = ()


class Ordered(Struct, frozen=True):
    """A command barcode."""

    command: Command


class Badge(Struct, frozen=True):
    """An operator's badge; `code` is what the list of operators has for it."""

    code: Identifier


class Unknown(Struct, frozen=True):
    """No identifier, no command: free text, or a mis-scan."""

    text: Identifier


Meaning = Found | Unsure | Ordered | Badge | Unknown
