"""GS1 element strings: keys ("application identifiers") and their values (GS1 General Specifications 3.2, 7.8)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote, urlsplit

from app.identifiers import imei
from app.identifiers.text import is_digits
from app.scanning.frame import GS

GTIN, SERIAL, IMEI = "01", "21", "8002"
GTINS = frozenset({8, 12, 13, 14})
"""Lengths of a GTIN, as barcodes on boxes carry it."""

_FIXED: Mapping[str, int] = {
    "00": 18, "01": 14, "02": 14, "03": 14, "04": 16, "11": 6, "12": 6, "13": 6, "14": 6, "15": 6, "16": 6, "17": 6,
    "18": 6, "19": 6, "20": 2, "31": 6, "32": 6, "33": 6, "34": 6, "35": 6, "36": 6, "41": 13,
}  # fmt: skip
"""Values of a fixed length by the first two digits of the key: no FNC1 follows them (figure 7.8.5-2)."""

_KEY_LENGTHS: Mapping[str, int] = {
    **dict.fromkeys(("00", "01", "02", "03", "10", "11", "12", "13", "14", "15", "16", "17", "20", "21", "22"), 2),
    **dict.fromkeys(("30", "37", "90", "91", "92", "93", "94", "95", "96", "97", "98", "99"), 2),
    **dict.fromkeys(("23", "24", "25", "40", "41", "42", "71"), 3),
    **dict.fromkeys(("31", "32", "33", "34", "35", "36", "39", "43", "70", "72", "80", "81", "82"), 4),
}
"""How many digits a key has, by its first two."""
_MOST = 90

_SHOWN = re.compile(r"\((\d{2,4})\)([^()]+)", re.ASCII)
_LINK_KEY = re.compile(r"\d{2,4}", re.ASCII)

Elements = list[tuple[str, str]]


def elements(text: str, *, told: bool) -> Elements:
    """The keys and values of a GS1 string, empty where it is none.

    Read are the transmitted form with FNC1 as GS, the printed one with keys in parentheses, and GS1 Digital Link
    addresses. `told`: the reader said that it is one; otherwise it has to begin with a GTIN or an IMEI and to come
    out even, so that a bare number is not taken for one.
    """
    if text.startswith("("):
        return _printed(text)
    if "://" in text[:8]:
        return _linked(text)
    found = _transmitted(text)
    if told or GS in text:
        return found
    # Without a word from the reader: a GTIN with more behind it, or an IMEI under its own key.
    if not found or found[0][0] not in {GTIN, IMEI}:
        return []
    if found[0][0] == GTIN:
        return found if len(found) > 1 and is_gtin(found[0][1]) else []
    return found if len(found) == 1 and len(found[0][1]) == imei.LENGTH else []


def is_gtin(digits: str) -> bool:
    """Whether the digits are a GTIN of 8, 12, 13 or 14 digits with its right check digit (3.3.2, 7.9.1)."""
    if len(digits) not in GTINS or not is_digits(digits):
        return False
    total = sum(int(digit) * (1 if index % 2 == 0 else 3) for index, digit in enumerate(reversed(digits)))
    return total % 10 == 0


def _transmitted(text: str) -> Elements:
    found: Elements = []
    while text := text.lstrip(GS):
        length = _KEY_LENGTHS.get(text[:2], 0)
        key, rest = text[:length], text[length:]
        if not key or len(key) < length or not is_digits(key):
            return []
        fixed = _FIXED.get(key[:2])
        value, text = (rest[:fixed], rest[fixed:]) if fixed else (rest.partition(GS)[0], rest.partition(GS)[2])
        if not value or GS in value or len(value) > _MOST or (fixed and len(value) < fixed):
            return []
        found.append((key, value))
    return found


def _printed(text: str) -> Elements:
    found = [(match[1], match[2].strip()) for match in _SHOWN.finditer(text)]
    return found if all(_KEY_LENGTHS.get(key[:2]) == len(key) for key, _ in found) else []


def _linked(text: str) -> Elements:
    """GS1 Digital Link (URI syntax 1.2): `https://.../01/09506000134352/21/ABC?8002=...`."""
    try:
        link = urlsplit(text)
    except ValueError:
        return []
    parts = [unquote(part) for part in link.path.split("/") if part]
    if GTIN not in parts:
        return []
    parts = parts[parts.index(GTIN) :]
    pairs = [*zip(parts[::2], parts[1::2], strict=False), *parse_qsl(link.query)]
    return [(key, value) for key, value in pairs if _LINK_KEY.fullmatch(key) and value]
