"""The announcement of the newest version: a line with a signature, then JSON. Pure but for the pinned keys.

    Ed25519 tmR0...==
    {"version": "1.2.0", "page": "https://www.example.com/gate-station/1.2.0", "expires": "2027-03-01T00:00:00Z"}

The signature (RFC 8032, base64) covers CONTEXT and every byte after the first line. Nothing of the JSON is read before
the signature is found right.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

import resources
from app.updates.errors import UpdateRefused

MOST_BYTES = 16_384
"""The largest announcement that is read; one has some hundred bytes."""
SCHEME = b"Ed25519 "
CONTEXT = b"gate-station announcement 1\n"
"""Goes before what is signed, so that nothing else signed with the same key can pass for an announcement."""
KEY_BYTES = 32
_KEYS = frozenset({"version", "page", "expires"})


class Release(Struct, frozen=True):
    """A version that is there. `page` is an https address; `expires` the moment from which this is not believed."""

    version: str
    page: str
    expires: datetime


def release_keys() -> tuple[bytes, ...]:
    """The pinned public keys, 32 bytes each; none before the first release key was made."""
    return tuple(base64.b64decode(key, validate=True) for (key,) in resources.rows("release_keys.txt"))


def read(raw: bytes, keys: Sequence[bytes], now: datetime) -> Release:
    """The release that `raw` announces, if one of `keys` signed it and it has not expired. Raises UpdateRefused."""
    first, newline, payload = raw.partition(b"\n")
    if len(raw) > MOST_BYTES:
        raise UpdateRefused("The announcement of new versions is too large to be one.")
    if not newline or not first.startswith(SCHEME):
        raise UpdateRefused("What the address of new versions answers is no announcement.")
    if not any(_signed(first.removeprefix(SCHEME), payload, key) for key in keys):
        raise UpdateRefused("The announcement of new versions is not signed by the makers of this program.")
    try:
        release = parsed(payload)
    except ValueError as fault:
        raise UpdateRefused("The announcement of new versions is signed and not well formed.") from fault
    if now >= release.expires:
        raise UpdateRefused(
            f"The announcement of new versions was good until {release.expires:%Y-%m-%d}.",
            remedy="Check this computer's clock; if it is right, tell whoever publishes the versions.",
        )
    return release


def _signed(signature: bytes, payload: bytes, key: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(key).verify(base64.b64decode(signature, validate=True), CONTEXT + payload)
    except (binascii.Error, InvalidSignature):
        return False
    return True


def parsed(payload: bytes) -> Release:
    """The release that a payload names, signed or not. Raises ValueError."""
    from packaging.version import Version

    told: Any = json.loads(payload)
    if not isinstance(told, dict) or told.keys() != _KEYS or not all(isinstance(text, str) for text in told.values()):
        raise ValueError(f"it is not an object of the texts {', '.join(sorted(_KEYS))}")
    page, expires = urlsplit(told["page"]), datetime.fromisoformat(told["expires"])
    if page.scheme != "https" or not page.hostname or page.username:
        raise ValueError("the page is no https address")
    if expires.tzinfo is None:
        raise ValueError("the moment of its end has no time zone")
    return Release(str(Version(told["version"])), told["page"], expires.astimezone(UTC))
