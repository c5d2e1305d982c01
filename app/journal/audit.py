"""The audit trail: a row for everything that happened, each sealed with the code of the one before.

A row names the submission by its id and holds no identifier, no secret and none of the gate's words.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping

from app.journal.driver import Connection
from app.masked import Secret


def append(
    connection: Connection,
    key: Secret | None,
    *,
    at: str,
    kind: str,
    submission: str | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Add a row inside the caller's transaction. With a key the code is an HMAC, without one a plain hash."""
    last = connection.execute("SELECT seq, code FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    seq, prev = (int(last["seq"]) + 1, str(last["code"])) if last else (1, "")
    text = json.dumps(dict(detail or {}), sort_keys=True, separators=(",", ":"))
    code = seal(key, prev, seq, at, kind, submission, text)
    connection.execute(
        "INSERT INTO audit (seq, at, kind, submission, detail, keyed, prev, code) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (seq, at, kind, submission, text, int(key is not None), prev, code),
    )


def seal(key: Secret | None, prev: str, *row: object) -> str:
    """The code of a row: SHA-256, or HMAC-SHA-256 with `key`, over the previous code and the row's values."""
    data = json.dumps([prev, key is not None, *row], separators=(",", ":")).encode()
    if key is None:
        return hashlib.sha256(data).hexdigest()
    return hmac.new(key.reveal().encode(), data, hashlib.sha256).hexdigest()


def first_break(connection: Connection, key: Secret | None) -> int | None:
    """The number of the first row that does not follow from the one before, or None where all do.

    Rows written without a key are checked as such; keyed rows without the key at hand only for their link.
    """
    prev, expected = "", 1
    for row in connection.execute("SELECT * FROM audit ORDER BY seq"):
        keyed = bool(row["keyed"])
        values = (row["seq"], row["at"], row["kind"], row["submission"], row["detail"])
        if row["seq"] != expected or row["prev"] != prev:
            return expected
        if (key is not None or not keyed) and row["code"] != seal(key if keyed else None, prev, *values):
            return expected
        prev, expected = str(row["code"]), expected + 1
    last = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'audit'").fetchone()
    return expected if last and last["seq"] >= expected else None
