"""Texts of answers: labels, quotes, lists and alphabets (3GPP TS 27.007 5.5; TS 23.038; TS 31.102 annex A)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from app.modem.at import Reply

_LABEL = re.compile(r"(?P<sigil>[+^#%!$*&@<]?)(?P<label>[A-Za-z][A-Za-z0-9 _./-]{0,30}?)>?\s*[:=]\s*(?P<value>.*)")
_NESTED = re.compile(r"[+^#%!$*&@](?P<label>[A-Za-z][A-Za-z0-9]+)\s*:\s*")
_HEX = re.compile(r"[0-9A-Fa-f]+")
INFORMATION = "I"
"""The name of ATI."""
UNIT = 4
"""Hexadecimal digits of one UCS2 character."""
SHORTEST_UCS2 = 2
LAST_COMMON_ALPHABET = 0x0600
"""Latin, Greek, Cyrillic, Armenian and Hebrew lie below."""
IDEOGRAPHS = range(0x3040, 0xA000)
HANGUL = range(0xAC00, 0xD7A4)

GSM7 = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The default alphabet of TS 23.038 6.2.1, by code."""
GSM7_EXTENSION = {0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|"}
GSM7_EXTENSION[0x65] = "€"
ESCAPE = 0x1B
BASE_AT = {0x81: 3, 0x82: 4}
"""Where the characters start in the coded forms of UCS2: after coding, length and base."""
UNUSED = 0xFF


def labelled(line: str) -> tuple[str, str, str] | None:
    """Split `+CGSN: 123`, `IMEI 1: 123` or `<IMEI>: 123` into sigil, label (upper case) and value."""
    match = _LABEL.fullmatch(line)
    return (match["sigil"], " ".join(match["label"].upper().split()), match["value"]) if match else None


def values(reply: Reply, labels: Collection[str], *, bare: bool = True) -> Iterator[str]:
    """The texts of an answer that can be the value: first those with one of the labels, then bare lines.

    A line with another command's name is neither. After an error only a labelled line counts.
    """
    for line in (*reply.lines, *reply.urcs):
        parts = labelled(line)
        if parts and parts[1] in labels:
            yield inner(parts[2], labels)
    if bare and not reply.refused:
        for line in reply.lines:
            parts = labelled(line)
            if parts is None or not (parts[0] or parts[1] in labels):
                yield line


def inner(value: str, labels: Collection[str]) -> str:
    """The value behind further labels, which name commands: `IMEI: +GSN:123`, `Model: I: SCH-U706`.

    Several can stand in one line, and the own one counts: `Model: +GMI: LG+GMM: Model:LX265` (seen on LG CDMA phones).
    """
    if _NESTED.match(value):
        _, *named = _NESTED.split(value)
        found = dict(zip(reversed(named[::2]), reversed(named[1::2]), strict=True))
        own = next((label for label in named[::2] if label.upper() in labels), named[0])
        value = found[own].strip()
    parts = labelled(value)
    return parts[2] if parts and (parts[1] == INFORMATION or parts[1] in labels) else value


def items(text: str) -> list[str]:
    """The parts of a list, commas inside quotes kept, quotes taken off; a half-quoted part too."""
    found, part, quoted = [], "", False
    for character in text:
        if character == "," and not quoted:
            found.append(part)
            part = ""
        else:
            quoted ^= character == '"'
            part += character
    return [bare.strip().strip('"').strip() for bare in (*found, part)]


def decoded(text: str) -> str:
    """A text in plain letters, whether the device sent it so or as UCS2 in hexadecimal.

    The character set in force is not asked for: devices answer plainly although UCS2 is set, and the other
    way round. Only what gives letters of a living alphabet is taken for UCS2.
    """
    if len(text) % UNIT or len(text) < UNIT * SHORTEST_UCS2 or not _HEX.fullmatch(text):
        return text
    codes = [int(text[start : start + UNIT], 16) for start in range(0, len(text), UNIT)]
    while codes and codes[-1] in {0x0000, 0xFFFF}:
        codes.pop()
    if not codes or not all(_is_letter(code, decimal=text.isdigit()) for code in codes):
        return text
    return "".join(map(chr, codes))


def _is_letter(code: int, *, decimal: bool) -> bool:
    if decimal and code > UNUSED:
        # Eight digits are a number before they are two ideographs.
        return False
    common = code < LAST_COMMON_ALPHABET or code in IDEOGRAPHS or code in HANGUL
    return common and chr(code).isprintable()


def gsm7(data: bytes) -> str:
    """Unpacked GSM 7-bit text, one character a byte; FF at the end is unused."""
    text, escaped = "", False
    for byte in data.rstrip(b"\xff"):
        if byte >= len(GSM7):
            continue
        if escaped:
            text += GSM7_EXTENSION.get(byte, GSM7[byte])
        elif byte != ESCAPE:
            text += GSM7[byte]
        escaped = byte == ESCAPE and not escaped
    return text


def alpha(data: bytes) -> str | None:
    """A name as cards keep it: GSM 7-bit, or one of three forms of UCS2 (TS 31.102 annex A); None when unused."""
    match data[:1]:
        case b"\x80":
            whole = data[1:]
            text = whole[: len(whole) // 2 * 2].decode("utf-16-be", "ignore").rstrip("\uffff")
        case b"\x81":
            _, length, base, *_ = data.ljust(BASE_AT[0x81])
            text = _based(data[BASE_AT[0x81] :][:length], base << 7)
        case b"\x82":
            _, length, high, low, *_ = data.ljust(BASE_AT[0x82])
            text = _based(data[BASE_AT[0x82] :][:length], high << 8 | low)
        case _:
            text = gsm7(data)
    return text.strip() or None


def _based(data: bytes, base: int) -> str:
    return "".join(chr(base + (byte & 0x7F)) if byte & 0x80 else gsm7(bytes([byte])) for byte in data if byte != UNUSED)
