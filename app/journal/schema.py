"""The schema as numbered steps; `PRAGMA user_version` tells how many a file has seen.

A step that has been released is never edited: a change is a new step.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.journal import backup
from app.journal.driver import Connection, Fault
from app.journal.errors import NewerJournal, StepFailed
from app.masked import Secret

Step = tuple[str, ...]

# The search index follows what comes and goes.
_ADDED_AND_REMOVED: Step = (
    """
    CREATE TRIGGER search_added AFTER INSERT ON submissions BEGIN
        INSERT INTO search (rowid, search_text) VALUES (new.seq, new.search_text);
    END
    """,
    """
    CREATE TRIGGER search_removed AFTER DELETE ON submissions BEGIN
        INSERT INTO search (search, rowid, search_text) VALUES ('delete', old.seq, old.search_text);
    END
    """,
)

_FIRST: Step = (
    # `body` holds the frozen request, secrets included, until the state is final; nothing else holds a secret.
    # The columns computed from JSON serve look-ups: what the gate stored goes before what was sent.
    """
    CREATE TABLE submissions (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        workflow TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN
            ('queued', 'sending', 'waiting', 'unknown', 'held', 'accepted', 'rejected', 'conflict', 'cancelled')),
        ambiguous INTEGER NOT NULL DEFAULT 0,
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        operator TEXT NOT NULL,
        consent TEXT NOT NULL,
        body BLOB,
        fields TEXT NOT NULL,
        origins TEXT NOT NULL,
        secret_fields TEXT NOT NULL,
        device TEXT NOT NULL,
        replaces TEXT,
        attempts INTEGER NOT NULL DEFAULT 0,
        next_attempt_at TEXT,
        code TEXT NOT NULL DEFAULT '',
        message TEXT NOT NULL DEFAULT '',
        status INTEGER,
        answer TEXT NOT NULL DEFAULT '{}',
        problems TEXT NOT NULL DEFAULT '[]',
        differences TEXT NOT NULL DEFAULT '[]',
        expires_at TEXT,
        imei TEXT AS (coalesce(answer ->> '$.imei', fields ->> '$.imei')),
        iccid TEXT AS (coalesce(answer ->> '$.iccid', fields ->> '$.iccid')),
        imsi TEXT AS (coalesce(answer ->> '$.imsi', fields ->> '$.imsi')),
        number TEXT AS (coalesce(answer ->> '$.number', fields ->> '$.number')),
        username TEXT AS (coalesce(answer ->> '$.username', fields ->> '$.username')),
        user_external_id TEXT AS (coalesce(answer ->> '$.user_external_id', fields ->> '$.user_external_id')),
        generic_id TEXT AS (coalesce(answer ->> '$.generic_id', fields ->> '$.generic_id')),
        search_text TEXT AS (concat_ws(char(10),
            fields ->> '$.imei', fields ->> '$.iccid', fields ->> '$.imsi', fields ->> '$.number',
            fields ->> '$.username', fields ->> '$.user_external_id', fields ->> '$.generic_id',
            fields ->> '$.mac_addr', fields ->> '$.device_brand', fields ->> '$.device_model',
            nullif(imei, fields ->> '$.imei'), nullif(iccid, fields ->> '$.iccid'),
            nullif(imsi, fields ->> '$.imsi'), nullif(number, fields ->> '$.number'),
            nullif(username, fields ->> '$.username'),
            nullif(user_external_id, fields ->> '$.user_external_id'),
            nullif(generic_id, fields ->> '$.generic_id'), expires_at))
    )
    """,
    # Delivery walks the open ones in the order they came.
    "CREATE INDEX submissions_open ON submissions (seq) WHERE state IN ('queued', 'waiting', 'unknown')",
    # Narrow copies in list order: a page of a million rows is found without touching the wide ones.
    "CREATE INDEX submissions_all ON submissions (seq, created_at, workflow, kind)",
    "CREATE INDEX submissions_state ON submissions (state, seq, created_at, workflow, kind)",
    "CREATE INDEX submissions_created ON submissions (created_at, state)",
    "CREATE INDEX submissions_settled ON submissions (updated_at) WHERE state = 'accepted'",
    "CREATE INDEX submissions_replaces ON submissions (replaces) WHERE replaces IS NOT NULL",
    "CREATE INDEX submissions_imei ON submissions (imei) WHERE imei IS NOT NULL",
    "CREATE INDEX submissions_iccid ON submissions (iccid) WHERE iccid IS NOT NULL",
    "CREATE INDEX submissions_imsi ON submissions (imsi) WHERE imsi IS NOT NULL",
    "CREATE INDEX submissions_number ON submissions (number) WHERE number IS NOT NULL",
    "CREATE INDEX submissions_username ON submissions (username) WHERE username IS NOT NULL",
    "CREATE INDEX submissions_external ON submissions (user_external_id) WHERE user_external_id IS NOT NULL",
    "CREATE INDEX submissions_generic ON submissions (generic_id) WHERE generic_id IS NOT NULL",
    # Three letters in a row are the unit of search: any part of a number or a name is found by index.
    """
    CREATE VIRTUAL TABLE search USING fts5 (
        search_text, content = 'submissions', content_rowid = 'seq', tokenize = 'trigram remove_diacritics 1')
    """,
    # Without it, removed words would stay in the index until a merge.
    "INSERT INTO search (search, rank) VALUES ('secure-delete', 1)",
    *_ADDED_AND_REMOVED,
    """
    CREATE TRIGGER search_changed AFTER UPDATE OF fields, answer, expires_at ON submissions
    WHEN new.search_text IS NOT old.search_text BEGIN
        INSERT INTO search (search, rowid, search_text) VALUES ('delete', old.seq, old.search_text);
        INSERT INTO search (rowid, search_text) VALUES (new.seq, new.search_text);
    END
    """,
    # Rows of unfinished submissions only: the table stays as small as the queue.
    """
    CREATE TABLE order_keys (
        seq INTEGER NOT NULL REFERENCES submissions (seq) ON DELETE CASCADE,
        key TEXT NOT NULL,
        PRIMARY KEY (seq, key)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX order_keys_key ON order_keys (key, seq)",
    # `outcome` is NULL while the attempt is under way.
    """
    CREATE TABLE attempts (
        seq INTEGER NOT NULL REFERENCES submissions (seq) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        at TEXT NOT NULL,
        outcome TEXT,
        code TEXT NOT NULL DEFAULT '',
        status INTEGER,
        message TEXT NOT NULL DEFAULT '',
        duration_ms INTEGER,
        PRIMARY KEY (seq, number)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE link (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        failures INTEGER NOT NULL DEFAULT 0,
        failed_id TEXT,
        offline_since TEXT,
        next_probe_at TEXT,
        changed_at TEXT,
        code TEXT NOT NULL DEFAULT '',
        message TEXT NOT NULL DEFAULT '',
        pause_code TEXT,
        pause_message TEXT,
        pause_base_url TEXT,
        pause_token_generation INTEGER,
        paused_at TEXT
    )
    """,
    "INSERT INTO link (one) VALUES (1)",
    """
    CREATE TABLE lease (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        holder TEXT NOT NULL,
        fence INTEGER NOT NULL,
        since TEXT NOT NULL
    )
    """,
    # AUTOINCREMENT remembers the highest number ever given, so that a cut-off end can be told.
    """
    CREATE TABLE audit (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL,
        kind TEXT NOT NULL,
        submission TEXT,
        detail TEXT NOT NULL,
        keyed INTEGER NOT NULL,
        prev TEXT NOT NULL,
        code TEXT NOT NULL
    )
    """,
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "INSERT INTO meta (key, value) VALUES ('token_generation', '0')",
)

# A job that is sent in several: its id, which send this is, and how many there are.
_JOBS: Step = (
    "ALTER TABLE submissions ADD COLUMN job TEXT",
    "ALTER TABLE submissions ADD COLUMN step INTEGER",
    "ALTER TABLE submissions ADD COLUMN steps INTEGER",
    "CREATE INDEX submissions_job ON submissions (job, step, seq) WHERE job IS NOT NULL",
)

_OPERATORS: Step = (
    # Nobody is ever deleted: records carry their names.
    """
    CREATE TABLE operators (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE COLLATE NOCASE,
        role TEXT NOT NULL CHECK (role IN ('operator', 'technician', 'supervisor')),
        pin TEXT NOT NULL,
        badge TEXT UNIQUE,
        active INTEGER NOT NULL,
        failures INTEGER NOT NULL DEFAULT 0,
        failed_at TEXT
    ) WITHOUT ROWID
    """,
    "CREATE INDEX audit_operators ON audit (seq) WHERE kind = 'operator'",
)

# What somebody decided about a conflict.
_SETTLED: Step = ("ALTER TABLE submissions ADD COLUMN settled TEXT",)

# The day until which a registration is good comes with the answer. It is found by an index of its own: in the search
# index it would make nearly every answer rewrite the letters of what was sent, the dearest part of keeping it.
_EXPIRY: Step = (
    *(f"DROP TRIGGER {name}" for name in ("search_added", "search_removed", "search_changed")),
    "ALTER TABLE submissions DROP COLUMN search_text",
    """
    ALTER TABLE submissions ADD COLUMN search_text TEXT AS (concat_ws(char(10),
        fields ->> '$.imei', fields ->> '$.iccid', fields ->> '$.imsi', fields ->> '$.number',
        fields ->> '$.username', fields ->> '$.user_external_id', fields ->> '$.generic_id',
        fields ->> '$.mac_addr', fields ->> '$.device_brand', fields ->> '$.device_model',
        nullif(imei, fields ->> '$.imei'), nullif(iccid, fields ->> '$.iccid'),
        nullif(imsi, fields ->> '$.imsi'), nullif(number, fields ->> '$.number'),
        nullif(username, fields ->> '$.username'),
        nullif(user_external_id, fields ->> '$.user_external_id'),
        nullif(generic_id, fields ->> '$.generic_id')))
    """,
    "INSERT INTO search (search) VALUES ('rebuild')",
    *_ADDED_AND_REMOVED,
    """
    CREATE TRIGGER search_changed AFTER UPDATE OF fields, answer ON submissions
    WHEN new.search_text IS NOT old.search_text BEGIN
        INSERT INTO search (search, rowid, search_text) VALUES ('delete', old.seq, old.search_text);
        INSERT INTO search (rowid, search_text) VALUES (new.seq, new.search_text);
    END
    """,
    "CREATE INDEX submissions_expires ON submissions (expires_at, seq, created_at, workflow, kind)"
    " WHERE expires_at IS NOT NULL",
)

STEPS: tuple[Step, ...] = (_FIRST, _JOBS, _OPERATORS, _SETTLED, _EXPIRY)


def bring_up_to_date(
    connection: Connection, path: Path, steps: Sequence[Step] = STEPS, key: Secret | None = None
) -> None:
    """Run the steps a file has not seen, each in one transaction, on a journal that lived already after a backup
    under the same key.

    Raises NewerJournal for a newer file, StepFailed where a step does not run: then the file is as it was.
    """
    empty = _version(connection) == 0
    while (version := _version(connection)) != len(steps):
        if version > len(steps):
            raise NewerJournal(
                "The journal was written by a newer version of this program.",
                remedy="Install the newest version; nothing in the journal was changed.",
                detail=f"version {version}, known {len(steps)}",
            )
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Asked again under the lock: another process may have run the step meanwhile.
            if _version(connection) == version:
                _run(connection, path, version, steps[version], key, keep=not empty)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        backup.forget(path, before=version)


def _run(connection: Connection, path: Path, version: int, step: Step, key: Secret | None, *, keep: bool) -> None:
    kept = backup.make(path, version, key) if keep else None
    try:
        for statement in step:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {version + 1}")
    except Fault as fault:
        raise StepFailed(
            f"The journal could not be brought from version {version} to {version + 1}.",
            remedy=f"It is as it was; a backup is {kept or 'not needed'}. Use the former version of this program.",
            detail=str(fault),
        ) from fault


def _version(connection: Connection) -> int:
    row = connection.execute("PRAGMA user_version").fetchone()
    return int(row[0]) if row else 0
