"""Reads who a certificate is for, who signed it and until when (RFC 5280, 4.1; DER of ITU-T X.690). Pure.

The standard library reads only certificates that it trusts, and the ones to tell about are the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from msgspec import Struct

SEQUENCE, SET, OBJECT_ID, VERSION = 0x30, 0x31, 0x06, 0xA0
UTC_TIME = 0x17
UTF16 = 0x1E
COMMON_NAME, ORGANIZATION, UNIT = b"\x55\x04\x03", b"\x55\x04\x0a", b"\x55\x04\x0b"
LONGEST_NAME = 64
_LONG_FORM = 0x80


class Certificate(Struct, frozen=True):
    """`subject` and `issuer` are the common name, else the organization's or its unit's."""

    subject: str
    issuer: str
    not_before: datetime
    not_after: datetime


def parse(der: bytes) -> Certificate:
    """Raises ValueError for what is no certificate."""
    try:
        (_, whole), *_ = _parts(der)
        (_, signed), *_ = _parts(whole)
        fields = [part for part in _parts(signed) if part[0] != VERSION]
        _serial, _algorithm, (_, issuer), (_, validity), (_, subject), *_ = fields
        not_before, not_after = _parts(validity)
    except (IndexError, ValueError) as fault:
        raise ValueError("not a certificate") from fault
    return Certificate(_name(subject), _name(issuer), _time(*not_before), _time(*not_after))


def _parts(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and contents of each element in turn. Raises IndexError or ValueError where the lengths do not fit."""
    place = 0
    while place < len(data):
        tag, length = data[place], data[place + 1]
        place += 2
        if length >= _LONG_FORM:
            count = length - _LONG_FORM
            length = int.from_bytes(data[place : place + count])
            place += count
        if place + length > len(data):
            raise ValueError("an element is cut")
        yield tag, data[place : place + length]
        place += length


def _name(data: bytes) -> str:
    found: dict[bytes, str] = {}
    for _, group in _parts(data):
        for _, pair in _parts(group):
            (_, kind), (tag, value) = _parts(pair)
            found[kind] = value.decode("utf-16-be" if tag == UTF16 else "utf-8", errors="replace")
    name = found.get(COMMON_NAME) or found.get(ORGANIZATION) or found.get(UNIT) or "nobody"
    return name[:LONGEST_NAME]


def _time(tag: int, value: bytes) -> datetime:
    text = value.decode("ascii", errors="replace")
    if tag == UTC_TIME:
        # RFC 5280, 4.1.2.5.1: two digits of the year stand for 1950 to 2049.
        text = ("19" if text[:2] >= "50" else "20") + text
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
