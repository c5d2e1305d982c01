"""`journal.key` beside the journal: its key sealed under the recovery code, and under a passphrase if there is one.

Nothing in it is secret by itself. It is never written in place: a crash leaves the old file or the new one.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

from msgspec import Struct

from app.credentials.envelopes import Envelope
from app.credentials.errors import KeyFileUnusable
from app.masked import Secret
from app.whole import whole

VERSION = 1


class Kept(Struct, frozen=True):
    """What the file holds. `key_id` tells which key, and nothing of it; `confirmed`: somebody has the code."""

    key_id: str = ""
    recovery: Envelope | None = None
    confirmed: bool = False
    passphrase: Envelope | None = None


def key_id(key: Secret) -> str:
    """A name for `key` that nobody can get the key from."""
    return hmac.new(bytes.fromhex(key.reveal()), b"gate-station journal", hashlib.sha256).hexdigest()[:16]


class KeyFile:
    """Reads and replaces the file at `path`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Kept:
        """What is there, an empty Kept where there is no file. Raises KeyFileUnusable."""
        try:
            return _kept_of(json.loads(self._path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return Kept()
        except (OSError, ValueError, KeyError, TypeError) as fault:
            raise KeyFileUnusable(
                f"{self._path} cannot be read.",
                remedy="Restore it from a backup. Where the keyring holds the key, move it away: a new one is made.",
                detail=type(fault).__name__,
            ) from fault

    def write(self, kept: Kept) -> None:
        """Put `kept` in place of what is there, durably; envelopes of another key stay beside it, since a journal of
        theirs may come back. Raises KeyFileUnusable."""
        former = self.read().key_id
        record = {
            "version": VERSION,
            "key_id": kept.key_id,
            "confirmed": kept.confirmed,
            "recovery": kept.recovery.record if kept.recovery else None,
            "passphrase": kept.passphrase.record if kept.passphrase else None,
        }
        try:
            if former not in {"", kept.key_id}:
                # Another name for it, not its only one: without this file nobody gets into the journal.
                beside = self._path.with_name(f"{self._path.name}.{former}")
                beside.unlink(missing_ok=True)
                beside.hardlink_to(self._path)
            with whole(self._path) as file:
                file.write(json.dumps(record, indent=2).encode())
        except OSError as fault:
            raise KeyFileUnusable(
                f"{self._path} cannot be written: {fault.strerror}.",
                remedy="Check that there is room and that the folder can be written, then repeat.",
            ) from fault


def _kept_of(record: dict[str, Any]) -> Kept:
    if record["version"] != VERSION:
        raise ValueError(record["version"])
    recovery, passphrase = (Envelope.of(record[name]) if record[name] else None for name in ("recovery", "passphrase"))
    return Kept(str(record["key_id"]), recovery, bool(record["confirmed"]), passphrase)
