"""What a secret must look like before it is kept: checked the same way on every system."""

from __future__ import annotations

from app.credentials.errors import TokenMalformed, TokenTooLong
from app.masked import Secret

MAX_CHARACTERS = 1280
"""Windows keeps 2,560 bytes of UTF-16 (CRED_MAX_CREDENTIAL_BLOB_SIZE, wincred.h); past that CredWrite fails."""

PRINTABLE_ASCII = range(0x21, 0x7F)


def check_shape(secret: Secret, name: str = "token") -> None:
    """Raise TokenMalformed or TokenTooLong unless `secret` can be kept and sent as it is.

    A bearer token is visible ASCII without spaces (RFC 6750 2.1). Nothing is trimmed: a secret that arrives
    with a line break was cut or copied wrongly.
    """
    text = secret.reveal()
    if not text:
        raise TokenMalformed(f"The {name} is empty.", remedy=f"Paste the {name}, then save again.")
    if any(ord(character) not in PRINTABLE_ASCII for character in text):
        raise TokenMalformed(
            f"The {name} has spaces, line breaks or characters that do not belong in it.",
            remedy=f"Copy the {name} again, alone: without the word Bearer, quotes around it or a line break.",
        )
    if len(text) > MAX_CHARACTERS:
        raise TokenTooLong(
            f"The {name} is longer than {MAX_CHARACTERS:,} characters, more than a keyring can keep.",
            remedy=f"Ask for a shorter {name}.",
        )
