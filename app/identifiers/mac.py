"""MAC address: six octets (IEEE 802, 8.2); sent in lower case with colons."""

from __future__ import annotations

import re

from app.identifiers.verdict import Finding, Grade, Verdict
from app.masked import Identifier

PLACEHOLDER_ADDRESS = "02:00:00:00:00:00"
ZERO_ADDRESS = "00:00:00:00:00:00"
MULTICAST_BIT = 0x01

FORM = Finding(Grade.ERROR, "mac.form", "A MAC address has six pairs of hexadecimal digits.")
PLACEHOLDER = Finding(Grade.WARNING, "mac.placeholder", "This is the placeholder that phones hand out, not an address.")
ZERO = Finding(Grade.WARNING, "mac.zero", "The address is all zeros; no device has it.")
MULTICAST = Finding(Grade.WARNING, "mac.multicast", "This address stands for a group of devices, not for one.")

_FORM = r"[0-9a-f]{2}(?:[:\- ][0-9a-f]{2}){5}|[0-9a-f]{4}(?:[.\- ][0-9a-f]{4}){2}|[0-9a-f]{12}"


def check(text: str) -> Verdict:
    """Judge a MAC address written with `:`, `-`, `.`, spaces or bare."""
    stripped = text.strip()
    if not re.fullmatch(_FORM, stripped, re.ASCII | re.IGNORECASE):
        return Verdict(None, (FORM,))
    octets = re.findall("..", re.sub(r"[:\-. ]", "", stripped).lower())
    address = ":".join(octets)
    return Verdict(Identifier(address), _remarks(address, int(octets[0], 16)))


def group(text: str) -> str:
    """The form that is sent; what is no MAC address stays as it is."""
    value = check(text).value
    return value.reveal() if value else text


def _remarks(address: str, first_octet: int) -> tuple[Finding, ...]:
    if address == ZERO_ADDRESS:
        return (ZERO,)
    if address == PLACEHOLDER_ADDRESS:
        return (PLACEHOLDER,)
    return (MULTICAST,) if first_octet & MULTICAST_BIT else ()
