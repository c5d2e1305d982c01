"""The key of the journal under a secret that a person keeps: the recovery code, or a passphrase."""

from __future__ import annotations

import os
import unicodedata
from typing import TYPE_CHECKING

from msgspec import Struct

from app.credentials.errors import KeyNotOpened
from app.masked import Secret

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PASSES, MEMORY_KIB, LANES = 3, 64 * 1024, 4
"""Argon2id, the second recommended option of RFC 9106, section 4: a tenth of a second here, dear to guess with."""

_KEY_BYTES = 32
_SALT_BYTES, _NONCE_BYTES = 16, 12


class Envelope(Struct, frozen=True):
    """A key sealed with AES-256-GCM under what Argon2id makes of a secret; useless without that secret."""

    salt: bytes
    nonce: bytes
    sealed: bytes
    passes: int = PASSES
    memory_kib: int = MEMORY_KIB
    lanes: int = LANES

    @property
    def record(self) -> dict[str, str | int]:
        """As it is written to a file."""
        return {
            "kdf": "argon2id",
            "passes": self.passes,
            "memory_kib": self.memory_kib,
            "lanes": self.lanes,
            "salt": self.salt.hex(),
            "cipher": "aes-256-gcm",
            "nonce": self.nonce.hex(),
            "sealed": self.sealed.hex(),
        }

    @classmethod
    def of(cls, record: dict[str, str | int]) -> Envelope:
        """From a file. Raises KeyError, ValueError or TypeError for what is none."""
        salt, nonce, sealed = (bytes.fromhex(str(record[name])) for name in ("salt", "nonce", "sealed"))
        return cls(salt, nonce, sealed, *(int(record[name]) for name in ("passes", "memory_kib", "lanes")))


def put_in(key: Secret, secret: Secret, purpose: str) -> Envelope:
    """Seal `key` (hexadecimal) under `secret` for `purpose`, which must be named to open it. Takes a tenth of a
    second and 64 MiB."""
    empty = Envelope(os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES), b"")
    sealed = _cipher(empty, secret).encrypt(empty.nonce, bytes.fromhex(key.reveal()), purpose.encode())
    return Envelope(empty.salt, empty.nonce, sealed)


def take_out(envelope: Envelope, secret: Secret, purpose: str) -> Secret:
    """The key in `envelope`. Raises KeyNotOpened where `secret` or the file is not the right one."""
    from cryptography.exceptions import InvalidTag

    try:
        key = _cipher(envelope, secret).decrypt(envelope.nonce, envelope.sealed, purpose.encode())
    except (InvalidTag, ValueError) as fault:
        raise KeyNotOpened(
            f"This {purpose} does not open the journal.",
            remedy="Check that it is this station's and the newest one, then type it again.",
        ) from fault
    return Secret(key.hex())


def _cipher(envelope: Envelope, secret: Secret) -> AESGCM:
    from argon2.low_level import Type, hash_secret_raw
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    derived = hash_secret_raw(
        # Keyboards differ in how they compose an accented letter.
        unicodedata.normalize("NFC", secret.reveal()).encode(),
        envelope.salt,
        time_cost=envelope.passes,
        memory_cost=envelope.memory_kib,
        parallelism=envelope.lanes,
        hash_len=_KEY_BYTES,
        type=Type.ID,
    )
    return AESGCM(derived)
