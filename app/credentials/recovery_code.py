"""The recovery code: 120 random bits in eight groups of four that a person can write down and type back."""

from __future__ import annotations

import secrets

from app.credentials.errors import CodeMisspelt
from app.masked import Secret

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32 (crockford.com/base32.html): no I, L, O and U, so that nothing is read for something else."""

GROUPS, RANDOM = 8, 3
"""Three random symbols a group and one that checks them: a slip of the pen is told, and in which group."""

_READ_AS = str.maketrans("ILO", "110")
_BETWEEN = " -\u2010\u2011\u2012\u2013_.\t\r\n"


def make_code() -> Secret:
    """A new one, such as 7K3M-0VQ2-...: 24 random symbols of 5 bits."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(RANDOM)) for _ in range(GROUPS))
    return Secret("-".join(group + _check(group, place) for place, group in enumerate(groups)))


def read_code(typed: Secret) -> Secret:
    """The code as `make_code` wrote it. Case, spaces, hyphens, and I, L, O for 1 and 0 are forgiven.

    Raises CodeMisspelt, which names the groups that are wrong; nothing of the code is in it.
    """
    text = "".join(symbol for symbol in typed.reveal().upper() if symbol not in _BETWEEN).translate(_READ_AS)
    size = RANDOM + 1
    if len(text) != GROUPS * size:
        raise CodeMisspelt(
            f"The recovery code has {GROUPS * size} letters and digits; these are {len(text)}.",
            remedy="Compare it with what was written down: eight groups of four.",
        )
    groups = [text[start : start + size] for start in range(0, len(text), size)]
    wrong = [str(place + 1) for place, group in enumerate(groups) if not _fits(group, place)]
    if wrong:
        raise CodeMisspelt(
            f"These groups of the code are not as written down: {', '.join(wrong)}.",
            remedy="Compare with what was written down, then type it again.",
        )
    return Secret("-".join(groups))


def last_group(code: Secret) -> Secret:
    """What is typed back to show that the code was written down."""
    return Secret(code.reveal()[-RANDOM - 1 :])


def _fits(group: str, place: int) -> bool:
    return all(symbol in ALPHABET for symbol in group) and group[-1] == _check(group[:RANDOM], place)


def _check(group: str, place: int) -> str:
    # Odd weights: no single wrong symbol keeps the sum. The place tells groups that were exchanged.
    first, second, third = (ALPHABET.index(symbol) for symbol in group)
    return ALPHABET[(first + 3 * second + 9 * third + 7 * place) % len(ALPHABET)]
