"""What scanners put around a code: AIM symbology identifiers, control characters, configured prefixes and suffixes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from msgspec import Struct

GS = "\x1d"
"""FNC1 as readers transmit it (GS1 General Specifications 7.8.6, ISO/IEC 15424)."""
SEPARATORS = frozenset({GS, "\r", "\n", "\t"})

_AIM = re.compile(r"\]([A-Za-z][0-9A-Za-z])")
_GS1_CARRIERS = frozenset({"C1", "e0", "d2", "Q3", "J1"})
"""GS1-128, DataBar, DataMatrix, QR, DotCode (GS1 General Specifications 7.8.2, table of symbology identifiers)."""
_SHOWN_GS = re.compile(r"<GS>|\{GS\}|\[GS\]|<FNC1>|\{FNC1\}|␝", re.IGNORECASE)
"""How scanners that cannot send the control character write it."""
_ENVELOPE = re.compile(r"\[\)>\x1e?05\x1d(?P<inner>.*?)\x1e?\x04?", re.DOTALL)
"""ISO/IEC 15434 format 05: GS1 keys."""


class Bare(Struct, frozen=True):
    """The content of a code. `gs1` where the reader said that its carrier holds GS1 keys."""

    text: str
    gs1: bool


def bare(raw: str, strip: Iterable[str] = ()) -> Bare:
    """Take everything off that the scanner added. `strip` are texts the station's scanners add before or after.

    GS, line ends and tabs within stay: they separate values. Other control characters go.
    """
    text = _SHOWN_GS.sub(GS, raw).strip("\r\n\t \x00\x02\x03")
    for added in strip:
        text = text.removeprefix(added).removesuffix(added)
    gs1 = False
    if match := _AIM.match(text):
        text, gs1 = text[match.end() :], match[1] in _GS1_CARRIERS
    if match := _ENVELOPE.fullmatch(text):
        text, gs1 = match["inner"], True
    if text.startswith(GS):
        gs1 = True
    text = "".join(c for c in text if c in SEPARATORS or unicodedata.category(c) not in {"Cc", "Cf"}).strip()
    if len(text) > 2 and text.startswith("*") and text.endswith("*"):  # noqa: PLR2004 - start and stop sign of Code 39
        text = text.strip("*")
    return Bare(text.strip(GS), gs1)
