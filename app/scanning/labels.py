"""Labels with words: `IMEI1: ... IMEI2: ...`, `IMEI/MEID ...`, `ICCID ...`, as boxes, cards and `*#06#` show them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from app.identifiers.text import cleaned
from app.scanning.meaning import What

_WORDS: tuple[tuple[str, What | None], ...] = (
    (r"IMEI\s*/\s*(?:MEID|SV)|IMEI\s*SV|IMEI", What.IMEI),
    (r"MEID", What.MEID),
    (r"(?:E?ICCID|SIM\s*(?:CARD)?\s*(?:ID|NO\.?|NUMBER|NR\.?|SERIAL))", What.ICCID),
    (r"IMSI", What.IMSI),
    (r"EID", What.EID),
    (r"MSISDN|PHONE|MOBILE|TEL\.?|TEL[EÉ]FONO|CELULAR|N[UÚ]MERO", What.NUMBER),
    (r"(?:WLAN|WI-?FI)?\s*MAC(?:\s*ADDR(?:ESS)?\.?)?", What.MAC),
    (r"S\s*/\s*N|SN|SERIAL", What.SERIAL),
    (r"UPC|EAN|GTIN", What.GTIN),
    # They end the value before them. What a PIN or a PUK is stays unread.
    (
        r"P\s*/\s*N|PN|SKU|MODEL|PIN\s*[12]?|PUK\s*[12]?|(?:BT|BLUETOOTH)\s*(?:MAC|ADDR(?:ESS)?)?|FCC\s*ID|SV|IMEI\s*TAC",
        None,
    ),
)
_LABEL = re.compile(
    r"(?<![A-Z])(?:"
    + "|".join(f"(?P<w{index}>{words})" for index, (words, _) in enumerate(_WORDS))
    # The count of "IMEI2", "IMEI 2", "IMEI (SIM 2)" stands apart from the digits that follow.
    + r")(?:\s*\(?\s*(?:SIM|SLOT)?\s*(?P<count>[12])\s*\)?(?=[\s:：=#.\"'\-]))?"
    r"\s*(?:NO\.?|NR\.?|NUMBER|DEC|HEX)?\s*[\"'\])]*(?![A-Z])[\s:：=#.\"'(\[\-]*",
    re.IGNORECASE,
)

_DIGITS = r"\d(?:[ \-.\u2010-\u2015]?\d)*"
_VALUES: Mapping[What, tuple[str, ...]] = {
    What.IMEI: (_DIGITS, r"\d{14,17}(?!\d)"),
    What.IMSI: (_DIGITS, r"\d{14,15}(?!\d)"),
    What.EID: (_DIGITS, r"\d{32}(?!\d)"),
    What.GTIN: (_DIGITS,),
    What.MEID: (r"[0-9A-F]{14,18}(?![0-9A-Z])", _DIGITS),
    What.ICCID: (_DIGITS + r"F{0,2}", r"[0-9A-F]{18,22}(?![0-9A-Z])"),
    What.NUMBER: (r"\+?\d[\d ()./\-]*\d",),
    What.MAC: (r"(?:[0-9A-F]{2}[:\-]?){5}[0-9A-F]{2}|(?:[0-9A-F]{4}\.){2}[0-9A-F]{4}",),
    What.SERIAL: (r"[A-Z0-9][A-Z0-9\-]*",),
}
"""The forms a value may have; what else stands on the line may look like its end."""
_VALUE = {what: [re.compile(form, re.IGNORECASE | re.ASCII) for form in forms] for what, forms in _VALUES.items()}
_AS_WRITTEN = frozenset({What.NUMBER, What.SERIAL, What.MAC})


class Labelled(Struct, frozen=True):
    """What stands behind a word: `texts` are the ways to end it, the longest first, without spaces. `number` is the
    word's count, 0 where it has none."""

    what: What
    texts: tuple[str, ...]
    number: int


def labelled(text: str) -> tuple[list[Labelled], str]:
    """The values that words stand before, and what is left of the text without them."""
    found: list[Labelled] = []
    rest: list[str] = []
    end = 0
    for what, number, start, upto in _parts(text):
        rest.append(text[end:start])
        matches = [match[0] for form in (_VALUE[what] if what else ()) if (match := form.match(text, start, upto))]
        end = upto if what is None else start
        if what and matches:
            longest = sorted(dict.fromkeys(matches), key=len, reverse=True)
            found.append(
                Labelled(what, tuple(each if what in _AS_WRITTEN else cleaned(each) for each in longest), number)
            )
            end = start + len(longest[0])
    rest.append(text[end:])
    return found, " ".join(part.strip() for part in rest if part.strip())


def _parts(text: str) -> Iterator[tuple[What | None, int, int, int]]:
    """Each word of the table: what it announces, its count, and where its value begins and has to end."""
    words = list(_LABEL.finditer(text))
    for index, word in enumerate(words):
        what = next(what for position, (_, what) in enumerate(_WORDS) if word[f"w{position}"])
        upto = words[index + 1].start() if index + 1 < len(words) else len(text)
        yield what, int(word["count"] or 0), word.end(), upto
