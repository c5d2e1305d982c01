"""Texts in spreadsheet cells: no text of ours starts a formula, and every text comes back as it was.

CSV has no types: a spreadsheet takes a cell that begins with = + - @ for a formula, also behind spaces, and, where
it splits at other marks than the comma, also behind a line break, a tab or a semicolon within the cell (OWASP, "CSV
Injection"). Such a place gets an apostrophe in front. Reading takes exactly one apostrophe away wherever one or
more of them, perhaps followed by spaces, stand before such a mark; a text that has them itself got one more, so
every text survives the round trip. `+525512345678` is written as `'+525512345678`.

XLSX has types: every cell is a text, nothing is marked. What XML cannot hold is written as `_x0007_`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_Change = Callable[[str, bool], str]

MARK = "'"
FORMULA = frozenset("=+-@＝＋－＠﹦﹢﹣﹫")
"""First letters of a formula. Japanese and Chinese input methods write the wide ones, which spreadsheets accept."""

_BREAK = re.compile("([\t\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029;])")
_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})

LONGEST = 32_767
"""Letters a cell of a spreadsheet holds (ECMA-376 leaves it open; Excel's own limit)."""

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NO_XML = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_HALVES = re.compile("[\ud800-\udfff]")


def guarded(text: str) -> str:
    """`text` for a cell of a CSV file."""
    if text[:1].isalnum() and not _BREAK.search(text):
        return text
    return _each_start(text, lambda part, opens: MARK + part if _starts(part, opens) else part)


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    if MARK not in text:
        return text
    return _each_start(text, lambda part, opens: part[1:] if part[:1] == MARK and _starts(part[1:], opens) else part)


def _each_start(text: str, change: _Change) -> str:
    """`change` applied to each part of `text` that a spreadsheet may take for a cell of its own."""
    parts = _BREAK.split(text)
    # A tab or a line break right at the start is skipped by some, as spaces are.
    opens = len(parts) > 1 and parts[1] != ";"
    parts[::2] = [change(part, opens and index == 0) for index, part in enumerate(parts[::2])]
    return "".join(parts)


def _starts(part: str, opens: bool) -> bool:
    """Whether `part` begins a formula, be it behind apostrophes and then spaces."""
    for letter in part.lstrip(MARK):
        if letter in FORMULA:
            return True
        if unicodedata.category(letter) not in _INVISIBLE:
            return False
    return opens


def whole(text: str) -> str:
    """`text` without halves of characters, which no file can hold."""
    return _HALVES.sub("\ufffd", text)


def to_xml(text: str) -> str:
    """`text` for a cell of an XLSX file, before XML's own escapes: ST_Xstring of ECMA-376 1, 22.9.2.19."""
    if len(text) > LONGEST:
        text = text[: LONGEST - 1] + "…"
    return _NO_XML.sub(lambda found: f"_x{ord(found.group()):04X}_", text)


def from_xml(text: str) -> str:
    """What `to_xml` was given, or any spreadsheet wrote."""
    return _ESCAPED.sub(_letter, text)


def _letter(found: re.Match[str]) -> str:
    letter = chr(int(found[1], 16))
    return found[0] if _HALVES.match(letter) else letter
