"""Looking at everything: the database's own integrity, the audit trail, and the submissions against it.

Runs in one read transaction: nobody is kept from writing, however long it takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from msgspec import Struct

from app.journal import audit
from app.journal.audit import AuditRow
from app.journal.chain import MANY, Finding, examine
from app.journal.driver import Connection
from app.journal.operators import Kept
from app.masked import Secret
from app.provisioning.submission import State

_MOVING = frozenset({State.SENDING, State.HELD})

AGREES: Mapping[str, frozenset[State]] = {
    "added": _MOVING | {State.QUEUED},
    "waiting": _MOVING | {State.WAITING, State.QUEUED},
    "unknown": _MOVING | {State.UNKNOWN},
    "held": _MOVING | {State.QUEUED, State.UNKNOWN},
    "stopped": frozenset({State.HELD}),
    "released": _MOVING | {State.QUEUED},
    **{state.value: frozenset({state}) for state in State if state.final},
    "settled": frozenset({State.CONFLICT}),
    "purged": frozenset(),
    "erased": frozenset(state for state in State if state.final),
}
"""The states that a submission may have by the last audit row that names it: claiming writes none, and holding and
resuming the queue write one for all."""


class Report(Struct, frozen=True):
    """What verifying found. `head` is the short code of the last row, "" where there is none.

    `notes` say what could not be checked; they are no findings.
    """

    findings: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    head: str
    rows: int
    submissions: int

    @property
    def whole(self) -> bool:
        return not self.findings


def integrity(connection: Connection) -> list[Finding]:
    """Pages, indexes, constraints, and the structure of the search index (part of it from SQLite 3.44)."""
    return [
        Finding("database.damaged", f"The database is damaged: {' '.join(str(row[0]).split())}")
        for row in connection.execute(f"PRAGMA integrity_check({MANY})")
        if row[0] != "ok"
    ]


def references(connection: Connection) -> list[Finding]:
    """Rows that belong to a submission that is not there."""
    broken = islice(connection.execute("PRAGMA foreign_key_check"), MANY)
    return [Finding("database.reference", f"A row of {row[0]} belongs to no submission.") for row in broken]


def search(connection: Connection) -> list[Finding]:
    """Submissions that the search index lacks, and entries of it that belong to none."""
    row = connection.execute(
        "SELECT (SELECT count(*) FROM submissions WHERE seq NOT IN (SELECT id FROM search_docsize))"
        " + (SELECT count(*) FROM search_docsize WHERE id NOT IN (SELECT seq FROM submissions))"
    ).fetchone()
    wrong = row[0] if row else 0
    return [Finding("search.damaged", f"The search index is wrong about {wrong} submissions.")] if wrong else []


def trail(
    connection: Connection, ask: Callable[[], Secret | None], known_code: str | None
) -> tuple[list[Finding], list[Finding], str, int]:
    """Findings, notes, the head's short code and the number of rows. `ask` is called only where it helps.

    `known_code` is the code of an earlier receipt or export: the trail must hold a row that has it.
    """
    counts = {row["keyed"]: row["n"] for row in connection.execute(
        "SELECT keyed, count(*) AS n FROM audit GROUP BY keyed")}  # fmt: skip
    head = audit.read_head(connection)
    key = ask() if any(counts) or (head and head.keyed) else None
    last = connection.execute("SELECT seq, code FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    given = connection.execute("SELECT CAST(seq AS INTEGER) FROM sqlite_sequence WHERE name = 'audit'").fetchone()
    ours = head if head and audit.sound(connection, key, head) else None
    found = examine(_rows(connection), key, ours, last_row=last["seq"] if last else 0, highest=given[0] if given else 0)
    if known_code is not None and not _holds(connection, known_code):
        found.append(
            Finding("audit.code-unknown", f"No audit row has the code {known_code}: what stands here is another trail.")
        )
    code = ours.code if ours else str(last["code"]) if last else ""
    return found, list(_notes(counts, audit.number_of(key))), audit.short(code), sum(counts.values())


def _rows(connection: Connection) -> Iterator[AuditRow]:
    for row in connection.execute(
        "SELECT seq, at, kind, submission, detail, keyed, prev, code FROM audit ORDER BY seq"
    ):
        yield AuditRow(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7])


def _holds(connection: Connection, code: str) -> bool:
    row = connection.execute("SELECT 1 FROM audit WHERE substr(code, ?) = ? LIMIT 1", (-audit.SHORT, code)).fetchone()
    return row is not None


def _notes(counts: Mapping[int, int], ours: int) -> Iterator[Finding]:
    if plain := counts.get(0):
        yield Finding(
            "audit.unkeyed",
            f"{plain} audit rows were sealed without a key: a careful forger leaves no trace there.",
        )
    if other := sum(count for number, count in counts.items() if number not in {0, ours}):
        yield Finding(
            "audit.key-missing", f"{other} audit rows were sealed with a key that is not at hand: checked without it."
        )


def staff(everyone: Iterable[Kept]) -> list[Finding]:
    """Operators that are not as their last change left them."""
    return [
        Finding("operator.changed", f"The operator {kept.operator.id} was changed outside the program.")
        for kept in everyone
        if not kept.genuine
    ]


_LAST = """
    SELECT submission, kind, max(seq) AS seq FROM audit WHERE submission IS NOT NULL GROUP BY submission"""


def submissions(connection: Connection) -> list[Finding]:
    """Where a submission is not as the last audit row that names it says."""
    return list(islice(_disagreeing(connection), MANY))


def _disagreeing(connection: Connection) -> Iterable[Finding]:
    row = connection.execute(
        "SELECT kind FROM audit WHERE kind IN ('held', 'resumed') ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    paused = row is not None and row["kind"] == "held"
    for row in connection.execute(
        f"SELECT s.id, s.state, a.kind FROM submissions AS s LEFT JOIN ({_LAST}) AS a ON a.submission = s.id"  # noqa: S608 - ours
    ):
        if row["kind"] is None:
            yield Finding("submission.unaudited", f"Submission {row['id']} has no audit row.")
        elif row["state"] not in AGREES.get(row["kind"], frozenset()) or (
            row["state"] == State.HELD and row["kind"] != "stopped" and not paused
        ):
            yield Finding(
                "submission.state",
                f"Submission {row['id']} is {row['state']}, but its last audit row says {row['kind']}.",
            )
    for row in connection.execute(
        f"SELECT a.submission FROM ({_LAST}) AS a LEFT JOIN submissions AS s ON s.id = a.submission"  # noqa: S608 - ours
        " WHERE s.id IS NULL AND a.kind <> 'purged'"
    ):
        yield Finding("submission.removed", f"Submission {row['submission']} is gone, and no audit row says so.")
