"""Texts that print masked wherever they land; the whole text needs a named method."""

from __future__ import annotations

from msgspec import Struct

BULLET = "•"
CLEAR_TAIL = 4
"""Characters of an identifier that stay readable: enough to tell two devices on a bench apart."""


class Masked:
    """A text whose str() and repr() are safe to log; `reveal()` gives it whole.

    Equality and hash use the whole text, so masked texts can be compared and kept in sets.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __str__(self) -> str:
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self})"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Masked) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)


class Secret(Masked):
    """A token, password, hash or push key: nothing of it shows, not even its length."""

    __slots__ = ()

    def __str__(self) -> str:
        return BULLET * 8


class Identifier(Masked):
    """An IMEI, IMSI, ICCID, number...: the last four characters show, a bullet stands for each other."""

    __slots__ = ()

    def __str__(self) -> str:
        return mask(self._text)


def mask(text: str) -> str:
    """`356938035643809` -> `•••••••••••3809`; the length shows, short texts are hidden whole."""
    if len(text) <= CLEAR_TAIL + 2:
        return BULLET * len(text)
    return BULLET * (len(text) - CLEAR_TAIL) + text[-CLEAR_TAIL:]


class Record(Struct, frozen=True):
    """A frozen record that holds personal values: its repr names the class and shows none of them."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"
