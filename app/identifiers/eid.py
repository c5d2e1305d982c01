"""EID, the number of an eSIM: 32 digits, two check digits at the end (GSMA SGP.29; ISO/IEC 7064 MOD 97-10)."""

from __future__ import annotations

from app.identifiers.text import is_digits

LENGTH = 32
PREFIX = "89"
"""Telecommunications (ITU-T E.118): what every EID that the GSMA gives out starts with."""


def has_form(text: str) -> bool:
    """Whether a text looks like an EID, right check digits or not."""
    return len(text) == LENGTH and is_digits(text) and text.startswith(PREFIX)


def is_valid(text: str) -> bool:
    """Whether the check digits of 32 digits are right: divided by 97 they leave 1."""
    return len(text) == LENGTH and is_digits(text) and int(text) % 97 == 1
