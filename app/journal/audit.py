"""The audit trail: a row for everything that happened, each sealed with the code of the one before.

A row names the submission by its id and holds no identifier, no secret and none of the gate's words. What the
seals can and cannot show is told in decisions/005-audit.md.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from msgspec import Struct

from app.journal.driver import Connection
from app.masked import Secret

Key = Callable[[], Secret | None]
"""Gives the key of the seals, None where there is none; may raise KeyWanted."""

HEAD = "audit_head"
"""The meta entry that says where the trail ends."""

SHORT = 8
"""Letters of a code that are shown: 32 bits, enough to find the row again."""

# One encoder for all rows: `json.dumps` makes a new one at each call where it is told separators.
_text = json.JSONEncoder(separators=(",", ":"), default=repr).encode
_detail = json.JSONEncoder(separators=(",", ":"), sort_keys=True).encode

_DIGEST = 64
_MAC = 32
"""Letters of an HMAC-SHA-256 that are kept: 128 bits (RFC 2104, 5)."""


class KeyWanted(Exception):
    """A row is to be written and the key was not asked for yet. Asking may block, so no transaction waits for it."""


class AuditRow(Struct, frozen=True):
    """A row as it is found. `keyed` is the number of the key it was sealed with, 0 for none."""

    seq: int
    at: str
    kind: str
    submission: str | None
    detail: str
    keyed: int
    prev: str
    code: str

    @property
    def content(self) -> tuple[object, ...]:
        return (self.at, self.kind, self.submission, self.detail)


class Head(Struct, frozen=True):
    """Where the trail ends: the last row's number, its code and the number of its key, sealed like a row."""

    seq: int
    code: str
    keyed: int
    seal: str


BEFORE_ALL = Head(0, "", 0, "")


class Fact(NamedTuple):
    """What a row is to say."""

    kind: str
    submission: str | None = None
    detail: Mapping[str, object] = {}


def append(
    connection: Connection,
    key: Key,
    *,
    at: str,
    kind: str,
    submission: str | None = None,
    detail: Mapping[str, object] | None = None,
) -> str:
    """Add a row inside the caller's transaction and give its code."""
    return append_all(connection, key, at, [Fact(kind, submission, detail or {})])


def append_all(connection: Connection, key: Key, at: str, facts: Iterable[Fact]) -> str:
    """Add a row for each inside the caller's transaction and give the code of the last.

    They follow the row that the head names, not the one that stands last: what was put behind the head does not
    become part of the trail. A head that is gone or not ours makes the trail begin anew, which verifying tells.
    """
    secret = key()
    keyed, head = number_of(secret), read_head(connection)
    last = connection.execute("SELECT max(seq) FROM audit").fetchone()
    seq = max(head.seq if head else 0, last[0] if last and last[0] else 0)
    code = head.code if head and sound(connection, secret, head) else ""
    for kind, submission, detail in facts:
        seq, prev, text = seq + 1, code, _detail(dict(detail))
        code = _seal(secret, keyed, prev, seq, at, kind, submission, text)
        connection.execute(
            "INSERT INTO audit (seq, at, kind, submission, detail, keyed, prev, code) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (seq, at, kind, submission, text, keyed, prev, code),
        )
    end = json.dumps([seq, code, keyed, _seal(secret, keyed, code, "head", seq)])
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (HEAD, end))
    return code


def seal(key: Secret | None, prev: str, *values: object) -> str:
    """The code of a row: SHA-256 over the previous code and the values, with a key followed by an HMAC over that.

    The plain part shows careless tampering also where the key is not at hand; the other needs the key to forge.
    """
    return _seal(key, number_of(key), prev, *values)


def _seal(key: Secret | None, keyed: int, prev: str, *values: object) -> str:
    data = _text([prev, keyed, *values]).encode()
    digest = hashlib.sha256(data).hexdigest()
    return digest if key is None else digest + _mac(key, digest)


def sealed(key: Secret | None, keyed: int, code: str, prev: str, *values: object) -> bool:
    """Whether `code` seals these values. Of another key than the one at hand only the plain part can be checked."""
    data = _text([prev, keyed, *values]).encode()
    digest = hashlib.sha256(data).hexdigest()
    if keyed == 0:
        return code == digest
    if key is not None and keyed == number_of(key):
        return hmac.compare_digest(str(code).encode(), (digest + _mac(key, digest)).encode())
    return str(code)[:_DIGEST] == digest


def _mac(key: Secret, digest: str) -> str:
    return hmac.digest(key.reveal().encode(), digest.encode(), "sha256").hex()[:_MAC]


def number_of(key: Secret | None) -> int:
    """Tells keys apart without telling anything of them; 0 for no key."""
    if key is None:
        return 0
    return int.from_bytes(hmac.digest(key.reveal().encode(), b"number of the key", "sha256")[:4]) | 1


def short(code: str) -> str:
    """What of a code is shown and printed: its end, which with a key is a part that needs the key to forge."""
    return code[-SHORT:]


def read_head(connection: Connection) -> Head | None:
    """None where there is none, or where what stands there is none."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (HEAD,)).fetchone()
    if row is None:
        return None
    try:
        seq, code, keyed, end = json.loads(row["value"])
        return Head(int(seq), str(code), int(keyed), str(end))
    except (ValueError, TypeError):
        return None


def sound(connection: Connection, key: Secret | None, head: Head) -> bool:
    """Whether the head is ours and agrees with the row it names, where that is still there."""
    if not sealed(key, head.keyed, head.seal, head.code, "head", head.seq):
        return False
    row = connection.execute("SELECT keyed, code FROM audit WHERE seq = ?", (head.seq,)).fetchone()
    return row is None or row["keyed"] == head.keyed
