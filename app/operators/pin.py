"""PINs: which are good enough, how they are kept, and how long one waits after wrong ones."""

from __future__ import annotations

from itertools import pairwise

from app.masked import Secret

SHORTEST, LONGEST = 4, 12
FREE_TRIES = 4
"""Wrong PINs in a row before one has to wait."""
FIRST_WAIT_S, LONGEST_WAIT_S = 30.0, 900.0


def pin_problem(pin: Secret) -> str:
    """Why a PIN cannot be taken, as a sentence; "" for a good one."""
    digits = pin.reveal()
    if not digits.isascii() or not digits.isdigit() or not SHORTEST <= len(digits) <= LONGEST:
        return f"A PIN is {SHORTEST} to {LONGEST} digits."
    steps = {int(after) - int(before) for before, after in pairwise(digits)}
    if steps in ({0}, {1}, {-1}):
        return "This PIN is too easy to guess: not one digit again and again, and not digits in a row."
    return ""


def hash_pin(pin: Secret) -> Secret:
    """Argon2id with the library's defaults (RFC 9106, low memory). Takes some 0.1 s."""
    from argon2 import PasswordHasher

    return Secret(PasswordHasher().hash(pin.reveal()))


def is_pin(pin: Secret, kept: Secret) -> bool:
    """Whether `pin` is the one that `kept` was made of. Takes as long as making it."""
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerifyMismatchError

    try:
        return PasswordHasher().verify(kept.reveal(), pin.reveal())
    except (VerifyMismatchError, InvalidHashError):
        return False


def wait_s(failures: int) -> float:
    """Seconds to wait after so many wrong PINs in a row: none at first, then twice as long each time."""
    if failures <= FREE_TRIES:
        return 0.0
    return min(FIRST_WAIT_S * 2.0 ** (failures - FREE_TRIES - 1), LONGEST_WAIT_S)
