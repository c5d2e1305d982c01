"""MEID: region A0 to FF, maker 6, serial 6, all hexadecimal, then an optional check digit (3GPP2 S.R0048).

The decimal form is 18 digits: the first 8 hexadecimal digits as 10 decimal ones, the last 6 as 8.
"""

from __future__ import annotations

import re

from app.identifiers import luhn
from app.identifiers.text import chunks, cleaned, is_digits
from app.identifiers.verdict import Finding, Grade, Verdict
from app.masked import Identifier

LENGTH = 14
DECIMAL = 18
DECIMAL_HEAD = 10
TAIL_LIMIT = 0x1000000

FORM = Finding(Grade.ERROR, "meid.form", "A MEID has 14 hexadecimal digits and starts with A0 to FF.")
CHECK_DIGIT = Finding(Grade.ERROR, "meid.check-digit", "The check digit of the MEID is wrong.")
UNPROGRAMMED = Finding(Grade.ERROR, "meid.unprogrammed", "The device holds a filler where its MEID belongs.")

_HEX = r"[A-F][0-9A-F]{13}([0-9A-F])?"


def check(text: str) -> Verdict:
    """Judge a MEID, also with its check digit or in decimal; the value is the 14 hexadecimal digits."""
    characters = _hexadecimal(cleaned(text).upper())
    match = re.fullmatch(_HEX, characters)
    if match is None:
        return Verdict(None, (FORM,))
    value = Identifier(characters[:LENGTH])
    if len(set(characters[:LENGTH])) == 1:
        return Verdict(value, (UNPROGRAMMED,))
    if match[1] and not luhn.is_valid(characters, base=16):
        return Verdict(value, (CHECK_DIGIT,))
    return Verdict(value)


def is_meid(text: str) -> bool:
    """Whether a text has the form of a MEID, right check digit or not."""
    return re.fullmatch(_HEX, _hexadecimal(cleaned(text).upper())) is not None


def group(text: str) -> str:
    """For reading aloud, region, maker, serial: `A0 000049 123456`; what is no MEID stays as it is."""
    value = check(text).value
    return chunks(value.reveal(), 2, 6) if value else text


def _hexadecimal(characters: str) -> str:
    """The 14 hexadecimal digits of a decimal MEID; any other text as it is."""
    if len(characters) != DECIMAL or not is_digits(characters):
        return characters
    head, tail = int(characters[:DECIMAL_HEAD]), int(characters[DECIMAL_HEAD:])
    return f"{head:08X}{tail:06X}" if tail < TAIL_LIMIT else characters
