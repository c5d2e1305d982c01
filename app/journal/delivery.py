"""The deliverer's side: lease, claim, finish, pause. Each function runs inside one transaction of the caller's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from msgspec.structs import asdict, replace

from app.journal import audit, jobs, rows
from app.journal.driver import Connection, Row
from app.journal.errors import LeaseLost
from app.journal.link import Backoff, Link, Route, after
from app.journal.moments import maybe_moment, text_of
from app.journal.moves import ALREADY, Move, at_rest, move
from app.journal.reading import OPEN, link, token_generation
from app.journal.records import Agenda, Claimed, Ended, Lease
from app.provisioning.outcome import Outcome, Result
from app.provisioning.submission import State

# Due: its time has come, or the clock was set back behind the moment the wait was noted.
# Free: no earlier unfinished one is about the same device or user.
_DUE = "(s.next_attempt_at IS NULL OR s.next_attempt_at <= :now OR s.updated_at > :now)"
_FREE = """NOT EXISTS (
    SELECT 1 FROM order_keys AS mine JOIN order_keys AS earlier ON earlier.key = mine.key AND earlier.seq < mine.seq
    WHERE mine.seq = s.seq)"""
_ENDED, ENDED = "station.ended", "The program ended before the answer came."
_NOT_TAKEN, NOT_TAKEN = "station.not-taken", "The program ended before the gate had taken this."

_CLOSE_ATTEMPT = (
    "UPDATE attempts SET outcome = ?, code = ?, status = ?, message = ?, duration_ms = ? WHERE seq = ? AND number = ?"
)
_CLOSE_SUBMISSION = """UPDATE submissions SET state = ?, ambiguous = ?, code = ?, message = ?, status = ?, answer = ?,
    problems = ?, differences = ?, expires_at = ?, updated_at = ?, next_attempt_at = ? WHERE seq = ?"""

_STORED = ", ".join(f"s.{name}" for name in rows.STORED)

_ELIGIBLE = f"FROM submissions AS s INDEXED BY submissions_open WHERE s.{OPEN} AND {_FREE} AND {jobs.IN_TURN}"


def acquire_lease(connection: Connection, holder: str, now: datetime) -> Lease:
    """Take delivery over; every lease given before is void from here on."""
    row = connection.execute("SELECT fence FROM lease").fetchone()
    lease = Lease(holder, (int(row["fence"]) if row else 0) + 1)
    connection.execute("INSERT OR REPLACE INTO lease VALUES (1, ?, ?, ?)", (holder, lease.fence, text_of(now)))
    return lease


def _check(connection: Connection, lease: Lease) -> None:
    row = connection.execute("SELECT fence FROM lease").fetchone()
    if row is None or row["fence"] != lease.fence:
        raise LeaseLost("Another process delivers now.", remedy="Nothing to do: it sends what is queued.")


Taken = Callable[[str, int], bool]
"""Whether the gate may have taken an attempt, by its submission's id and its number."""


def always(_id: str, _attempt: int) -> bool:
    """For who cannot know: each may have arrived."""
    return True


def recover(
    connection: Connection, key: audit.Key, lease: Lease, now: datetime, backoff: Backoff, *, taken: Taken = always
) -> int:
    """Turn what a process left in `sending` when it ended into `unknown`, to be sent again under the same id; what the
    gate cannot have taken goes as if for the first time.

    Each waits its own back-off, so that one that ends the program cannot do so again and again at once.
    """
    _check(connection, lease)
    left = connection.execute("SELECT seq, id, attempts, ambiguous FROM submissions WHERE state = 'sending'").fetchall()
    for row in left:
        sent = taken(row["id"], row["attempts"])
        ambiguous = sent or bool(row["ambiguous"])
        result, code, message = (Result.UNKNOWN, _ENDED, ENDED) if sent else (Result.UNREACHABLE, _NOT_TAKEN, NOT_TAKEN)
        state = State.UNKNOWN if ambiguous else State.WAITING
        connection.execute(
            "UPDATE attempts SET outcome = ?, code = ?, message = ? WHERE seq = ? AND outcome IS NULL",
            (result.value, code, message, row["seq"]),
        )
        due = now + timedelta(seconds=backoff.delay_s(row["attempts"]))
        connection.execute(
            "UPDATE submissions SET state = ?, ambiguous = ?, next_attempt_at = ?, updated_at = ?,"
            " code = ?, message = ?, status = NULL WHERE seq = ?",
            (state.value, int(ambiguous), text_of(due), text_of(now), code, message, row["seq"]),
        )
        detail = {"attempt": row["attempts"], "code": code}
        audit.append(connection, key, at=text_of(now), kind=state.value, submission=row["id"], detail=detail)
    return len(left)


def agenda(connection: Connection, now: datetime) -> Agenda:
    """What is to be done, without doing it: asked often, so that nothing is written while nothing is due."""
    current, generation = link(connection), token_generation(connection)
    is_open = connection.execute(f"SELECT 1 FROM submissions WHERE {OPEN} LIMIT 1").fetchone()  # noqa: S608 - a constant
    if is_open is None or current.pause:
        return Agenda(False, None, current, generation, open=is_open is not None)
    if not current.open_at(now):
        return Agenda(False, current.next_probe_at, current, generation)
    if connection.execute(f"SELECT 1 {_ELIGIBLE} AND {_DUE} LIMIT 1", {"now": text_of(now)}).fetchone():
        return Agenda(True, None, current, generation)
    row = connection.execute(f"SELECT min(s.next_attempt_at) {_ELIGIBLE}").fetchone()
    return Agenda(False, maybe_moment(row[0]) if row else None, current, generation)


def hold_open(connection: Connection, key: audit.Key, now: datetime) -> int:
    """While the queue is paused: everything open becomes `held`."""
    held = connection.execute(
        f"UPDATE submissions SET state = 'held', next_attempt_at = NULL, updated_at = ? WHERE {OPEN}",  # noqa: S608 - a constant
        (text_of(now),),
    ).rowcount
    if held:
        audit.append(connection, key, at=text_of(now), kind="held", detail={"count": held})
    return held


def claim(connection: Connection, lease: Lease, now: datetime, most: int) -> list[Claimed]:
    """Mark up to `most` due submissions `sending` and note their attempts; empty where nothing is due, or the queue is
    paused.

    The oldest go first. While the gate fails, the one with the fewest attempts probes, so that one the gate
    chokes on cannot keep the link closed for all, and it probes alone. Raises LeaseLost.
    """
    _check(connection, lease)
    current = link(connection)
    if not current.open_at(now):
        return []
    if current.failures and connection.execute("SELECT 1 FROM submissions WHERE state = 'sending' LIMIT 1").fetchone():
        return []
    order, most = ("s.attempts, s.seq", 1) if current.failures else ("s.seq", most)
    at = text_of(now)
    due = connection.execute(
        f"SELECT {_STORED} {_ELIGIBLE} AND {_DUE} ORDER BY {order} LIMIT :most",
        {"now": at, "most": most},
    ).fetchall()
    connection.executemany(
        "UPDATE submissions SET state = 'sending', attempts = attempts + 1, next_attempt_at = NULL, updated_at = ?"
        " WHERE seq = ?",
        [(at, row["seq"]) for row in due],
    )
    connection.executemany(
        "INSERT INTO attempts (seq, number, at) VALUES (?, ?, ?)",
        [(row["seq"], row["attempts"] + 1, at) for row in due],
    )
    return [rows.claimed_of(row, row["attempts"] + 1, at) for row in due]


def finish(
    connection: Connection,
    key: audit.Key,
    lease: Lease,
    ended: Sequence[Ended],
    *,
    now: datetime,
    backoff: Backoff,
) -> tuple[list[State], Link]:
    """Close the attempts, move their submissions and the link, and note it: all or nothing. Gives the new states and
    the link. Raises LeaseLost."""
    _check(connection, lease)
    before = current = link(connection)
    at = text_of(now)
    moves: list[Move] = []
    attempts: list[tuple[object, ...]] = []
    submissions: list[tuple[object, ...]] = []
    facts: list[audit.Fact] = []
    for claimed, outcome, route in ended:
        began = None if moves else claimed.at
        current = after(current, outcome, claimed.id, now, began=began, route=route, backoff=backoff)
        moved = move(outcome.result, claimed.kind, claimed.ambiguous)
        next_at = _next_attempt(moved.state, claimed, outcome, current, now=now, backoff=backoff)
        moves.append(moved)
        attempts.append(_attempt_end(claimed, outcome, now))
        submissions.append((*_submission_end(moved, outcome), at, next_at, claimed.seq))
        detail = {"attempt": claimed.attempt, "code": outcome.code, "status": outcome.status}
        facts.append(audit.Fact(moved.state.value, claimed.id, detail))
    # One call for all: beside a busy thread each call costs a turn.
    connection.executemany(_CLOSE_ATTEMPT, attempts)
    connection.executemany(_CLOSE_SUBMISSION, submissions)
    settle(connection, [each.claimed.seq for each, moved in zip(ended, moves, strict=True) if moved.state.final])
    audit.append_all(connection, key, at, facts)
    if current != before:
        save_link(connection, current)
    for each, moved in zip(ended, moves, strict=True):
        if moved.state.final and each.claimed.job is not None:
            jobs.align(connection, key, each.claimed.job, now)
    states = [moved.state for moved in moves]
    if State.HELD in states:
        hold_open(connection, key, now)
    return states, current


def _attempt_end(claimed: Claimed, outcome: Outcome, now: datetime) -> tuple[object, ...]:
    """The values of _CLOSE_ATTEMPT."""
    duration_ms = max(0, round((now - claimed.at) / timedelta(milliseconds=1)))
    result = outcome.result.value
    return result, outcome.code, outcome.status, outcome.message, duration_ms, claimed.seq, claimed.attempt


def _submission_end(moved: Move, outcome: Outcome) -> tuple[object, ...]:
    """The first values of _CLOSE_SUBMISSION."""
    return (
        moved.state.value,
        int(moved.ambiguous),
        outcome.code,
        ALREADY if moved.already else outcome.message,
        outcome.status,
        rows.dumps(dict(outcome.answer)),
        rows.dumps([asdict(item) for item in outcome.problems]),
        rows.dumps([asdict(item) for item in outcome.differences]),
        outcome.expires_at,
    )


def _next_attempt(
    state: State, claimed: Claimed, outcome: Outcome, current: Link, *, now: datetime, backoff: Backoff
) -> str | None:
    """When this one may go again: with the link where only the link failed, else after its own back-off too."""
    if state.final or state is State.HELD:
        return None
    due = current.next_probe_at or now
    if outcome.result in {Result.FAILED, Result.UNKNOWN}:
        due = max(due, now + timedelta(seconds=backoff.delay_s(claimed.attempt, outcome.retry_after_s)))
    return text_of(due)


def settle(connection: Connection, seqs: Iterable[int]) -> None:
    """Final ones need their requests no more, and with those go their secrets; nobody waits for them either."""
    final = [(seq,) for seq in seqs]
    connection.executemany("UPDATE submissions SET body = NULL WHERE seq = ?", final)
    connection.executemany("DELETE FROM order_keys WHERE seq = ?", final)


def resume(connection: Connection, key: audit.Key, route: Route | None, now: datetime) -> bool:
    """End the pause if `route` is another than the one that was refused; None ends it whatever the route."""
    current = link(connection)
    if current.pause is None or current.pause.route == route:
        return False
    save_link(connection, replace(current, pause=None))
    for ambiguous in (False, True):
        connection.execute(
            "UPDATE submissions SET state = ?, updated_at = ? WHERE state = 'held' AND ambiguous = ? AND code <> ?",
            (at_rest(ambiguous).value, text_of(now), int(ambiguous), jobs.STOPPED),
        )
    audit.append(connection, key, at=text_of(now), kind="resumed")
    return True


def cancel(connection: Connection, key: audit.Key, id: str, now: datetime) -> bool:
    """Take back one that cannot have arrived, and the steps of its job that follow; False for one that may have, is
    under way, or is final."""
    row: Row | None = connection.execute(
        "SELECT seq FROM submissions WHERE id = ? AND state IN ('queued', 'waiting', 'held') AND NOT ambiguous", (id,)
    ).fetchone()
    if row is None:
        return False
    following = [(later["seq"], later["id"]) for later in jobs.behind(connection, row["seq"])]
    for seq, each in [(row["seq"], id), *following]:
        withdraw(connection, key, seq, each, now)
    return True


def withdraw(connection: Connection, key: audit.Key, seq: int, id: str, now: datetime, *, message: str = "") -> None:
    """Make one `cancelled` that nobody is sending."""
    connection.execute(
        "UPDATE submissions SET state = 'cancelled', next_attempt_at = NULL, updated_at = ?,"
        " message = coalesce(nullif(?, ''), message) WHERE seq = ?",
        (text_of(now), message, seq),
    )
    settle(connection, [seq])
    audit.append(connection, key, at=text_of(now), kind="cancelled", submission=id)


def save_link(connection: Connection, current: Link) -> None:
    values = rows.link_row(current)
    connection.execute(
        f"UPDATE link SET {', '.join(f'{name} = :{name}' for name in values)} WHERE one = 1",  # noqa: S608 - names of our columns
        values,
    )
