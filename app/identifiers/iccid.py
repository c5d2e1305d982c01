"""ICCID: 89, country, issuer, account, Luhn digit; 18 to 20 characters (ITU-T E.118, 3GPP TS 31.102 4.2.1)."""

from __future__ import annotations

import re

from app.identifiers import luhn
from app.identifiers.text import chunks, cleaned, is_digits
from app.identifiers.verdict import Finding, Grade, Offer, Verdict
from app.masked import Identifier

SHORTEST = 18
LONGEST = 20

CHARACTERS = Finding(Grade.ERROR, "iccid.characters", "An ICCID has digits only, on some cards also A to F.")
PREFIX = Finding(Grade.ERROR, "iccid.prefix", "An ICCID starts with 89.")
SWAPPED = Finding(Grade.ERROR, "iccid.swapped", "The digits are swapped in pairs, as the card stores them.")
HEX_LETTERS = Finding(Grade.WARNING, "iccid.hex-letters", "The ICCID holds letters; some cards really do.")
CHECK_DIGIT = Finding(Grade.WARNING, "iccid.check-digit", "The check digit of the ICCID is wrong or was left out.")

_FORM = r"[0-9A-F]+"


def swap_nibbles(characters: str) -> str:
    """Swap the two of every pair, as bytes with the low nibble first store them; a last odd one stays."""
    return re.sub(r"(.)(.)", r"\2\1", characters, flags=re.DOTALL)


def check(text: str) -> Verdict:
    """Judge an ICCID. F padding at the end is dropped, letters are kept upper case.

    A nibble-swapped one (it starts 98) is an error with the swapped-back form on offer. A Luhn digit that is
    wrong is a warning: cards of several issuers fail it or leave it out.
    """
    padded = cleaned(text).upper()
    characters = padded.rstrip("F")
    if not re.fullmatch(_FORM, characters):
        return Verdict(None, (CHARACTERS,))
    if characters.startswith("98"):
        return _check_swapped(padded)
    if not SHORTEST <= len(characters) <= LONGEST:
        message = f"An ICCID has 18 to 20 characters; this has {len(characters)}."
        return Verdict(None, (Finding(Grade.ERROR, "iccid.length", message),))
    if not characters.startswith("89"):
        return Verdict(None, (PREFIX,))
    value = Identifier(characters)
    if not is_digits(characters):
        return Verdict(value, (HEX_LETTERS,))
    return Verdict(value, () if luhn.is_valid(characters) else (CHECK_DIGIT,))


def same(one: str, other: str) -> bool:
    """Whether two texts name one card: some are printed or read without their check digit."""
    first, second = sorted((cleaned(text).upper().rstrip("F") for text in (one, other)), key=len)
    return first == second or (len(second) - len(first) == 1 and len(first) >= SHORTEST and second.startswith(first))


def group(text: str) -> str:
    """For reading aloud, by fours: `8901 4103 2111 1851 0720`; what is no ICCID stays as it is."""
    value = check(text).value
    return chunks(value.reveal(), 4, 4, 4, 4) if value else text


def _check_swapped(padded: str) -> Verdict:
    # The padding of a swapped ICCID stands before its last digit, so it is needed here; bytes come in pairs.
    verdict = check(swap_nibbles(padded)) if len(padded) % 2 == 0 else Verdict(None)
    if verdict.value is None:
        return Verdict(None, (PREFIX,))
    return Verdict(None, (SWAPPED,), (Offer("iccid.swap-back", "Swap the pairs back", verdict.value),))
