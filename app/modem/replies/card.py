"""Files of the SIM read with +CRSM (3GPP TS 27.007 8.18; TS 31.102 4.2; ETSI TS 102 221 10.2.1)."""

from __future__ import annotations

import re

from msgspec import Struct

from app.identifiers import iccid, imsi
from app.modem.at import Reply
from app.modem.replies import text

ICCID = 12258
IMSI = 28423
AD = 28589
SPN = 28486
MSISDN = 28480

_ANSWER = re.compile(r'(?P<sw1>\d{1,3})\s*,\s*(?P<sw2>\d{1,3})(?:\s*,\s*"?(?P<hex>[0-9A-Fa-f]*)"?)?\s*(?:,.*)?')
DONE = 0x90
DONE_WITH_MORE = frozenset({0x91, 0x9E, 0x9F})
WRONG_LENGTH = frozenset({0x67, 0x6C})
"""67 (TS 51.011 9.4.1) and 6C (TS 102 221) name the right length in the second status byte."""
FOOTER = 14
"""Bytes of an EF_MSISDN record behind the name (TS 31.102 4.2.26)."""
NUMBER = slice(2, 12)
INTERNATIONAL = 1
BCD = "0123456789*#pw+"
AD_LENGTH = 4


class CardAnswer(Struct, frozen=True):
    """Status words and bytes of one card command. `ok`: the card did it; anything else is no value."""

    sw1: int
    sw2: int
    data: bytes = b""

    @property
    def ok(self) -> bool:
        return (self.sw1, self.sw2) == (DONE, 0) or self.sw1 in DONE_WITH_MORE

    @property
    def right_length(self) -> int | None:
        """The length the card wants instead of the one asked for."""
        return self.sw2 if self.sw1 in WRONG_LENGTH and self.sw2 else None


def answer(reply: Reply) -> CardAnswer | None:
    """The card's answer; None where the device gave none."""
    for line in text.values(reply, {"CRSM"}, bare=False):
        if match := _ANSWER.fullmatch(line):
            digits = match["hex"] or ""
            data = bytes.fromhex(digits) if len(digits) % 2 == 0 else b""
            return CardAnswer(int(match["sw1"]), int(match["sw2"]), data)
    return None


def content(reply: Reply) -> bytes:
    """The bytes of a file; empty where the card refused."""
    found = answer(reply)
    return found.data if found and found.ok else b""


def file_length(reply: Reply) -> int | None:
    """The length of a record in an answer to GET RESPONSE: TLV 82 of a USIM, byte 15 of a 2G card."""
    data = content(reply)
    if data[:1] == b"\x62":
        match = re.search(rb"\x82\x05..(..)", data, re.DOTALL)
        return int.from_bytes(match[1], "big") if match else None
    return data[14] if len(data) > FOOTER else None


def iccid_of(reply: Reply) -> str | None:
    """EF_ICCID: digits swapped in pairs, F behind them; some modems swap them back already."""
    digits = content(reply).hex().upper()
    value = iccid.check(digits if digits.startswith("89") else iccid.swap_nibbles(digits)).value
    return value.reveal() if value else None


def imsi_of(reply: Reply) -> str | None:
    """EF_IMSI: a length, then digits swapped in pairs; the first half byte is parity, not a digit."""
    data = content(reply)
    digits = iccid.swap_nibbles(data[1 : 1 + data[0]].hex())[1:].rstrip("f") if data else ""
    value = imsi.check(digits).value
    return value.reveal() if value else None


def mnc_length(reply: Reply) -> int | None:
    """Byte 4 of EF_AD: 2 or 3; None where the card does not say (TS 31.102 4.2.18)."""
    data = content(reply)
    length = data[AD_LENGTH - 1] & 0x0F if len(data) >= AD_LENGTH else 0
    return length if length in {2, 3} else None


def provider_name(reply: Reply) -> str | None:
    """EF_SPN: a display condition, then the home operator's name."""
    return text.alpha(content(reply)[1:])


def own_number(reply: Reply) -> str | None:
    """The number in one record of EF_MSISDN; its type byte decides the plus sign."""
    footer = content(reply)[-FOOTER:]
    used = footer[0] if len(footer) == FOOTER else 0
    if not 1 < used <= NUMBER.stop - 1:
        return None
    digits = iccid.swap_nibbles(footer[NUMBER][: used - 1].hex()).rstrip("f")
    number = "".join(BCD[int(digit, 16)] for digit in digits if digit != "f")
    international = footer[1] >> 4 & 0x07 == INTERNATIONAL
    return f"+{number}" if number and international else number or None
