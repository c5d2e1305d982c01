"""Hashing a password before it is kept or sent. Salted: done once, when the submission is made."""

from __future__ import annotations

import re

from app.masked import Secret

BCRYPT_LIMIT = 72
"""Bytes of UTF-8 that bcrypt reads; what lies beyond would not count, so it is refused."""

_CRYPT = r"\$2[abxy]\$\d\d\$[./A-Za-z0-9]{22,53}|\$argon2(id|i|d)\$v=\d+\$m=\d+,t=\d+,p=\d+\$[^\s$]+\$[^\s$]+"


def is_hash(text: str) -> bool:
    """Whether a text is in bcrypt's or Argon2's own notation; the API document's example is such a one."""
    return re.fullmatch(_CRYPT, text) is not None


def password_problem(text: str, scheme: str) -> tuple[str, str] | None:
    """Why a password cannot be hashed, as (code, sentence), or None."""
    if "\0" in text:
        return "password.control", "The password holds a character that cannot be hashed."
    if scheme == "bcrypt" and not is_hash(text) and len(text.encode()) > BCRYPT_LIMIT:
        return "password.too-long", f"The password is longer than {BCRYPT_LIMIT} bytes, the most that bcrypt reads."
    return None


def hash_password(password: Secret, scheme: str) -> Secret:
    """Hash with `bcrypt` (cost 12) or `argon2id` (the library's defaults). Takes some 0.1 to 0.3 s."""
    # Imported here: the two libraries would otherwise be paid for at every start.
    if scheme == "argon2id":
        from argon2 import PasswordHasher

        return Secret(PasswordHasher().hash(password.reveal()))
    import bcrypt

    # $2a$, as in the API document: every verifier reads it, and up to 72 bytes it equals $2b$.
    return Secret(bcrypt.hashpw(password.reveal().encode(), bcrypt.gensalt(12, prefix=b"2a")).decode("ascii"))
