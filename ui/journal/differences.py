"""Two texts side by side: which characters of each the other does not have."""

from __future__ import annotations

from difflib import SequenceMatcher

from msgspec import Struct


class Piece(Struct, frozen=True):
    """A run of characters; `changed` where the other text has something else in its place."""

    text: str
    changed: bool


def compare(sent: str, stored: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The pieces of `sent` and of `stored`; each side joined gives its text back."""
    left: list[Piece] = []
    right: list[Piece] = []
    # autojunk drops characters that are frequent in long texts, which in a number is every digit.
    for tag, i, j, k, m in SequenceMatcher(None, sent, stored, autojunk=False).get_opcodes():
        changed = tag != "equal"
        left += [Piece(sent[i:j], changed)] if j > i else []
        right += [Piece(stored[k:m], changed)] if m > k else []
    return tuple(left), tuple(right)
