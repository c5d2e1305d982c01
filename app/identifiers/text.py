"""Texts as people type them and as labels print them, brought to the bare characters."""

from __future__ import annotations

import unicodedata

_SPACES = frozenset({"Zs", "Cc", "Cf"})
"""Unicode categories that never belong to an identifier: spaces, controls, zero-width marks."""

_DASHES = "Pd"


def cleaned(text: str) -> str:
    """Drop spaces and dashes of every kind: `35 693803-564380-9` -> `356938035643809`."""
    return "".join(
        character
        for character in text
        if (category := unicodedata.category(character)) not in _SPACES and category != _DASHES
    )


def is_digits(text: str) -> bool:
    """Whether the text is one or more of 0 to 9; digits of other scripts do not count."""
    return text.isascii() and text.isdigit()


def chunks(text: str, *sizes: int) -> str:
    """Cut into groups of the given sizes, the rest as the last one, joined by spaces."""
    parts, start = [], 0
    for size in sizes:
        parts.append(text[start : start + size])
        start += size
    parts.append(text[start:])
    return " ".join(part for part in parts if part)
