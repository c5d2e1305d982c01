"""The check digit of IMEI and ICCID (ISO/IEC 7812-1 annex B), and of a MEID in base 16 (3GPP2 S.R0048)."""

from __future__ import annotations

DIGITS = "0123456789ABCDEF"


def check_digit(digits: str, *, base: int = 10) -> str:
    """Compute the digit to put behind `digits`. Raises ValueError for a character outside the base."""
    total = 0
    for index, character in enumerate(reversed(digits.upper())):
        value = DIGITS.index(character, 0, base) * (1 if index % 2 else 2)
        total += value // base + value % base
    return DIGITS[-total % base]


def is_valid(digits: str, *, base: int = 10) -> bool:
    """Whether the last digit is the check digit of those before it. False for any other text."""
    body, last = digits[:-1].upper(), digits[-1:].upper()
    return bool(body) and not set(body + last) - set(DIGITS[:base]) and check_digit(body, base=base) == last
