"""Putting submissions in and taking them out. Each function runs inside one transaction of the caller's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from app.journal import audit, delivery, jobs, rows
from app.journal.driver import Connection
from app.journal.errors import NotErasable
from app.journal.moments import text_of
from app.journal.reading import TOKEN_GENERATION, token_generation
from app.provisioning.submission import Settlement, State, Submission

PURGED_AT_ONCE = 50
"""Submissions removed in one transaction, so that a large clean-up never holds up the bench."""


def add(connection: Connection, key: audit.Key, submissions: Iterable[Submission], now: datetime) -> None:
    for submission in submissions:
        row = rows.submission_row(submission)
        connection.execute(
            f"INSERT INTO submissions ({', '.join(row)}) VALUES ({', '.join(f':{name}' for name in row)})",  # noqa: S608 - our names
            row,
        )
        connection.executemany(
            "INSERT INTO order_keys (seq, key) SELECT seq, ? FROM submissions WHERE id = ?",
            [(order_key, submission.id) for order_key in dict.fromkeys(submission.order_keys)],
        )
        detail: dict[str, object] = {
            "kind": submission.kind.value,
            "workflow": submission.workflow,
            "operator": submission.operator,
        }
        detail |= {"consent": submission.consent, "replaces": submission.replaces or ""}
        if submission.matched:
            detail["matched"] = list(submission.matched)
        if submission.overrides:
            detail["overrides"] = {
                key: {"reason": override.reason, "by": override.by} for key, override in submission.overrides.items()
            }
        if part := submission.part:
            detail |= {"job": part.job, "step": part.step}
            for former in jobs.stopped(connection, part):
                delivery.withdraw(connection, key, former["seq"], former["id"], now, message=jobs.ENTERED_ANEW)
        audit.append(connection, key, at=text_of(now), kind="added", submission=submission.id, detail=detail)


def purge(connection: Connection, key: audit.Key, before: datetime, now: datetime) -> int:
    removed = connection.execute(
        "DELETE FROM submissions WHERE seq IN"
        " (SELECT seq FROM submissions AS s WHERE state = 'accepted' AND updated_at < ?"
        # A step stays while its job is not done.
        " AND (job IS NULL OR NOT EXISTS (SELECT 1 FROM submissions AS o WHERE o.job = s.job"
        " AND o.state NOT IN ('accepted', 'rejected', 'conflict', 'cancelled'))) LIMIT ?) RETURNING id",
        (text_of(before), PURGED_AT_ONCE),
    ).fetchall()
    for row in removed:
        audit.append(connection, key, at=text_of(now), kind="purged", submission=row["id"])
    return len(removed)


def erase(connection: Connection, key: audit.Key, ids: Sequence[str], now: datetime, *, by: str) -> int:
    """Take every personal value out of these and note who had it done; that they were and what became of them stays.

    Raises NotErasable.
    """
    found = [
        row
        for id in ids
        for row in connection.execute("SELECT seq, id, state FROM submissions WHERE id = ?", (id,)).fetchall()
    ]
    if unfinished := [row["id"] for row in found if not State(row["state"]).final]:
        raise NotErasable(
            f"Not final yet, so nothing was erased: {', '.join(unfinished)}.",
            remedy="Let them be delivered, or cancel them, then repeat.",
        )
    for row in found:
        connection.execute(
            "UPDATE submissions SET fields = '{}', origins = '{}', device = '{}', answer = '{}', problems = '[]',"
            " differences = '[]', secret_fields = '[]', message = '', expires_at = NULL WHERE seq = ?",
            (row["seq"],),
        )
        connection.execute("UPDATE attempts SET message = '' WHERE seq = ?", (row["seq"],))
        audit.append(connection, key, at=text_of(now), kind="erased", submission=row["id"])
    if found:
        detail = {"operator": by, "submissions": len(found)}
        audit.append(connection, key, at=text_of(now), kind="person-erased", detail=detail)
    return len(found)


def settle(connection: Connection, key: audit.Key, id: str, how: Settlement, now: datetime, *, by: str) -> bool:
    """Note what was decided about a conflict, and let go on what waits for it; False where it is none."""
    settled = connection.execute(
        "UPDATE submissions SET settled = ? WHERE id = ? AND state = 'conflict' RETURNING job", (how.value, id)
    ).fetchall()
    for row in settled:
        detail = {"how": how.value, "operator": by}
        audit.append(connection, key, at=text_of(now), kind="settled", submission=id, detail=detail)
        if how is Settlement.SAME_DEVICE and row["job"] is not None:
            jobs.align(connection, key, row["job"], now)
    return bool(settled)


def set_meta(connection: Connection, key: str, value: str) -> None:
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))


def bump_token_generation(connection: Connection) -> int:
    generation = token_generation(connection) + 1
    set_meta(connection, TOKEN_GENERATION, str(generation))
    return generation
