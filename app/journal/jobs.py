"""Jobs that are sent in several: a send waits until the one before it was accepted, and stops when that was refused.

Each send is a submission of its own with its frozen bytes. Of a step that was entered more than once the newest
counts. One that stopped goes no more: with the correction of the refused step those behind it are entered anew, so
that whatever waits does so for an earlier one. A conflict that is settled as the same device is as good as accepted,
and what it stopped goes on. Each function runs inside one transaction of the caller's.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from app.journal import audit
from app.journal.driver import Connection, Row
from app.journal.moments import text_of
from app.journal.rows import loaded
from app.provisioning.submission import Part, Settlement, State, order_keys

STOPPED = "job.stopped"
"""The code of one that is held because an earlier step was not accepted. What lifts the queue's pause leaves it."""

IN_TURN = """(s.job IS NULL OR s.step = 1 OR (
    SELECT p.state = 'accepted' OR p.settled IS 'same-device'
    FROM submissions AS p WHERE p.job = s.job AND p.step = s.step - 1 ORDER BY p.seq DESC LIMIT 1))"""

DONE = (
    "(SELECT max(d.step) FROM submissions AS d WHERE d.job = s.job"
    " AND (d.state = 'accepted' OR d.settled IS 'same-device')) AS done"
)

ENTERED_ANEW = "Entered anew with the correction of an earlier step."

_REFUSED = frozenset({State.REJECTED, State.CONFLICT, State.CANCELLED})


def newest(connection: Connection, job: str) -> Iterator[Row]:
    """The submission that counts of each step, in order."""
    yield from connection.execute(
        "SELECT s.seq, s.id, s.step, s.steps, s.state, s.code, s.settled, s.fields FROM submissions AS s"
        " WHERE s.job = ? AND NOT EXISTS"
        " (SELECT 1 FROM submissions AS n WHERE n.job = s.job AND n.step = s.step AND n.seq > s.seq) ORDER BY s.step",
        (job,),
    ).fetchall()


def align(connection: Connection, key: audit.Key, job: str, now: datetime) -> None:
    """Stop what follows a refused step, or one that was lost with a damaged journal: nobody knows what became of it.
    Let go on what had stopped and follows none any more."""
    refused: int | None = None
    for place, row in enumerate(newest(connection, job), start=1):
        state = State(row["state"])
        if refused is None and row["step"] > place:
            refused = place
        if state in _REFUSED and row["settled"] != Settlement.SAME_DEVICE:
            refused = refused or int(row["step"])
        elif refused is not None and not state.final and row["code"] != STOPPED:
            _stop(connection, key, row, refused, now)
        elif refused is None and row["code"] == STOPPED and not state.final:
            _release(connection, key, row, now)


def align_all(connection: Connection, key: audit.Key, now: datetime) -> None:
    for row in connection.execute("SELECT DISTINCT job FROM submissions WHERE job IS NOT NULL").fetchall():
        align(connection, key, row["job"], now)


def _stop(connection: Connection, key: audit.Key, row: Row, refused: int, now: datetime) -> None:
    message = f"Step {refused} of {row['steps']} was not accepted. Correct that one, or cancel this."
    connection.execute(
        "UPDATE submissions SET state = 'held', next_attempt_at = NULL, updated_at = ?, code = ?, message = ?"
        " WHERE seq = ?",
        (text_of(now), STOPPED, message, row["seq"]),
    )
    # While it stands still, others about the same device or user need not wait: it may never go.
    connection.execute("DELETE FROM order_keys WHERE seq = ?", (row["seq"],))
    audit.append(connection, key, at=text_of(now), kind="stopped", submission=row["id"], detail={"refused": refused})


def _release(connection: Connection, key: audit.Key, row: Row, now: datetime) -> None:
    connection.execute(
        "UPDATE submissions SET state = 'queued', updated_at = ?, code = '', message = '' WHERE seq = ?",
        (text_of(now), row["seq"]),
    )
    connection.executemany(
        "INSERT INTO order_keys (seq, key) VALUES (?, ?)",
        [(row["seq"], order_key) for order_key in order_keys(loaded(row["fields"]))],
    )
    audit.append(connection, key, at=text_of(now), kind="released", submission=row["id"])


def stopped(connection: Connection, part: Part) -> list[Row]:
    """What stopped at this step of this job."""
    return connection.execute(
        "SELECT seq, id FROM submissions WHERE job = ? AND step = ? AND code = ? AND state = 'held'",
        (part.job, part.step, STOPPED),
    ).fetchall()


def behind(connection: Connection, seq: int) -> list[Row]:
    """What is not final of the steps that follow submission `seq`; empty where it is no part of a job."""
    own = connection.execute("SELECT job, step FROM submissions WHERE seq = ?", (seq,)).fetchone()
    if own is None or own["job"] is None:
        return []
    return [
        row for row in newest(connection, own["job"]) if row["step"] > own["step"] and not State(row["state"]).final
    ]
