"""Questions to the journal; each runs on one connection inside one read transaction."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from app.journal import jobs, rows
from app.journal.driver import Connection
from app.journal.link import Link
from app.journal.moments import maybe_text, text_of
from app.journal.records import Entry, Query
from app.provisioning.fields import FIELDS
from app.provisioning.submission import Settlement, State

OPEN = "state IN ('queued', 'waiting', 'unknown')"
"""Not final, not held, not under way; worded as the index on it is."""

LOOKUPS = ("imei", "username", "user_external_id", "number", "generic_id", "iccid", "imsi")
"""Fields that find what the gate last confirmed, the surest first; each has a column with an index."""

_SHORTEST = 3
"""Letters of a word that the search index can find; shorter ones are looked for row by row."""

_ROW_BY_ROW = 20_000
"""How many of the newest are looked at so: a quarter of a second's worth."""


def link(connection: Connection) -> Link:
    row = connection.execute("SELECT * FROM link").fetchone()
    return rows.link_of(row) if row else Link()


_SHOWN = ", ".join(f"s.{name}" for name in rows.SHOWN)
_ATTEMPTED = ", ".join(rows.ATTEMPTED)


def entries(connection: Connection, seqs: list[int]) -> list[Entry]:
    """The submissions of these numbers, newest first."""
    marks = ",".join("?" * len(seqs))
    found = connection.execute(
        f"SELECT {_SHOWN}, (SELECT r.id FROM submissions AS r WHERE r.replaces = s.id ORDER BY r.seq DESC LIMIT 1)"  # noqa: S608 - question marks
        f" AS replaced_by, {jobs.DONE} FROM submissions AS s WHERE s.seq IN ({marks}) ORDER BY s.seq DESC",
        seqs,
    ).fetchall()
    tried = connection.execute(
        f"SELECT {_ATTEMPTED} FROM attempts WHERE seq IN ({marks}) ORDER BY seq, number",  # noqa: S608 - question marks
        seqs,
    )
    attempts = rows.attempts_of(tried)
    return [rows.entry_of(row, attempts.get(row["seq"], ())) for row in found]


PERSON = ("imei", "iccid", "imsi", "number", "username", "user_external_id", "generic_id")
"""Fields that name a person or what the person carries."""


def find_person(connection: Connection, text: str, keys: Sequence[str]) -> list[Entry]:
    """All in which one of `keys` is exactly `text`, sent or stored. Looks at each row: nothing may be missed."""
    places = ", ".join(f"fields ->> '$.{key}', answer ->> '$.{key}'" for key in keys)
    found = connection.execute(
        f"SELECT seq FROM submissions WHERE ? IN ({places}) ORDER BY seq DESC",  # noqa: S608 - names of ours
        (text,),
    ).fetchall()
    numbers = [row["seq"] for row in found]
    return [each for first in range(0, len(numbers), 500) for each in entries(connection, numbers[first : first + 500])]


def facts(connection: Connection) -> dict[str, object]:
    """The schema's version, how many submissions of each state, how many audit rows, and whether sending pauses."""
    version = connection.execute("PRAGMA user_version").fetchone()
    states = connection.execute("SELECT state, count(*) AS n FROM submissions GROUP BY state ORDER BY state").fetchall()
    rows = connection.execute("SELECT count(*) FROM audit").fetchone()
    now = link(connection)
    return {
        "schema": version[0] if version else 0,
        "submissions": {row["state"]: row["n"] for row in states},
        "audit_rows": rows[0] if rows else 0,
        "pause": now.pause.code if now.pause else "",
        "offline_since": maybe_text(now.offline_since),
    }


def job(connection: Connection, id: str) -> list[Entry]:
    """What counts of each step of a job, first step first; a corrected one is left out."""
    found = entries(connection, [row["seq"] for row in jobs.newest(connection, id)])
    return sorted(found, key=lambda entry: entry.part.step if entry.part else 0)


def entry(connection: Connection, id: str) -> Entry | None:
    row = connection.execute("SELECT seq FROM submissions WHERE id = ?", (id,)).fetchone()
    return entries(connection, [row["seq"]])[0] if row else None


_A_DAY = re.compile(r"\d{4}-", re.ASCII)
_LIKE = "s.search_text LIKE ? ESCAPE '!'"

_SEARCH = "search AS f CROSS JOIN submissions AS s ON s.seq = f.rowid"


def seqs(connection: Connection, query: Query, limit: int, before: int | None) -> list[int]:
    """Numbers of the `limit` newest that match, below `before`."""
    found: list[int] = []
    for source, where, values in _parts(query, before):
        number = "f.rowid" if source is _SEARCH else "s.seq"
        sql = f"SELECT s.seq FROM {source} WHERE {where} ORDER BY {number} DESC LIMIT ?"  # noqa: S608 - see _parts
        found += [row["seq"] for row in connection.execute(sql, [*values, limit])]
    return sorted(found, reverse=True)[:limit]


def count(connection: Connection, query: Query) -> int:
    total = 0
    for source, where, values in _parts(query, None):
        row = connection.execute(f"SELECT count(*) FROM {source} WHERE {where}", values).fetchone()  # noqa: S608 - see _parts
        total += int(row[0]) if row else 0
    return total


def ids(connection: Connection, query: Query) -> list[str]:
    """Ids of all that match, newest first."""
    found: list[tuple[int, str]] = []
    for source, where, values in _parts(query, None):
        sql = f"SELECT s.seq, s.id FROM {source} WHERE {where}"  # noqa: S608 - see _parts
        found += [(row["seq"], row["id"]) for row in connection.execute(sql, values)]
    return [id for _, id in sorted(found, reverse=True)]


def marks(connection: Connection, query: Query, step: int) -> list[int]:
    """The number of each `step`-th that matches, newest first: where the pages of a list end."""
    wheres, values = [], []
    for source, where, bound in _parts(query, None):
        wheres.append(f"SELECT s.seq FROM {source} WHERE {where}")  # noqa: S608 - see _parts
        values += bound
    sql = (
        "SELECT seq FROM (SELECT seq, row_number() OVER (ORDER BY seq DESC) AS place"  # noqa: S608 - see _parts
        f" FROM ({' UNION ALL '.join(wheres)})) WHERE place % ? = 0 ORDER BY seq DESC"
    )
    return [row["seq"] for row in connection.execute(sql, [*values, step])]


def _parts(query: Query, before: int | None) -> Iterator[tuple[str, str, list[object]]]:
    """(FROM, WHERE, values to bind): one a state, so that each is a range of one index in list order.

    A search goes through its own index, whose rows come in list order too, and looks the submissions up; a word that
    begins as a day does is the beginning of one until which a registration is good as well.
    """
    conditions = list(_conditions(query, before))
    words = [word for word in _words(query) if len(word) >= _SHORTEST]
    states = tuple(dict.fromkeys(query.states))
    if words:
        if states:
            conditions.append((f"s.state IN ({','.join('?' * len(states))})", states))
        yield _SEARCH, *_joined([("f.search MATCH ?", (_phrases(words),)), *conditions])
        if day := next(filter(_A_DAY.match, words), None):
            # The rest of the words one by one, as they are few that end on a day; and none that was found already.
            others = [(_LIKE, (f"%{_escaped(word)}%",)) for word in words if word != day]
            new = ("s.seq NOT IN (SELECT rowid FROM search WHERE search MATCH ?)", (_phrases(words),))
            within = ("s.expires_at >= ? AND s.expires_at < ?", (day, f"{day}~"))
            yield "submissions AS s INDEXED BY submissions_expires", *_joined([within, new, *others, *conditions])
    elif states:
        for state in states:
            yield "submissions AS s INDEXED BY submissions_state", *_joined([("s.state = ?", (state,)), *conditions])
    else:
        yield "submissions AS s INDEXED BY submissions_all", *_joined(conditions)


def _conditions(query: Query, before: int | None) -> Iterator[tuple[str, tuple[object, ...]]]:
    if before is not None:
        yield "s.seq < ?", (before,)
    if query.since:
        yield "s.created_at >= ?", (text_of(query.since),)
    if query.until:
        yield "s.created_at < ?", (text_of(query.until),)
    if query.workflow is not None:
        yield "s.workflow = ?", (query.workflow,)
    if query.kind is not None:
        yield "s.kind = ?", (query.kind,)
    if query.operator is not None:
        yield "s.operator = ?", (query.operator,)
    if query.uncorrected:
        yield "NOT EXISTS (SELECT 1 FROM submissions AS r WHERE r.replaces = s.id)", ()
        yield "s.settled IS NOT ?", (Settlement.SAME_DEVICE,)
    for word in _words(query):
        if len(word) < _SHORTEST:
            yield "s.seq > (SELECT max(seq) FROM submissions) - ?", (_ROW_BY_ROW,)
            yield _LIKE, (f"%{_escaped(word)}%",)


def _joined(conditions: Sequence[tuple[str, tuple[object, ...]]]) -> tuple[str, list[object]]:
    where = " AND ".join(text for text, _ in conditions) or "1"
    return where, [str(value) if isinstance(value, StrEnum) else value for _, values in conditions for value in values]


def _phrases(words: Sequence[str]) -> str:
    """Texts to find wherever they stand, as the search index takes them."""
    return " ".join('"' + word.replace('"', '""') + '"' for word in words)


def _words(query: Query) -> list[str]:
    # A NUL ends a text for the search's own parser.
    return query.search.replace("\0", " ").split()


def _escaped(word: str) -> str:
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def counts(connection: Connection, since: datetime | None) -> Mapping[State, int]:
    """How many there are of each state; a refused one that was corrected, or settled for good, counts no more."""
    start = text_of(since) if since else ""
    # Either index holds all that is asked: one is in order of time, the other of state.
    index = "submissions_created" if since else "submissions_state"
    of_each = connection.execute(
        f"SELECT state, count(*) AS n FROM submissions INDEXED BY {index} WHERE created_at >= ? GROUP BY state",  # noqa: S608 - ours
        (start,),
    )
    found = {State(row["state"]): int(row["n"]) for row in of_each}
    corrected = connection.execute(
        "SELECT s.state, count(*) AS n FROM submissions AS s WHERE"
        " (s.id IN (SELECT replaces FROM submissions WHERE replaces IS NOT NULL) OR s.settled = ?)"
        " AND s.state IN ('rejected', 'conflict') AND s.created_at >= ? GROUP BY s.state",
        (Settlement.SAME_DEVICE.value, start),
    )
    for row in corrected:
        found[State(row["state"])] -= int(row["n"])
    return {state: found.get(state, 0) for state in State}


def pending_count(connection: Connection) -> int:
    """How many are not final."""
    states = [state.value for state in State if not state.final]
    row = connection.execute(
        f"SELECT count(*) FROM submissions WHERE state IN ({','.join('?' * len(states))})",  # noqa: S608 - question marks
        states,
    ).fetchone()
    return int(row[0]) if row else 0


def last_known(connection: Connection, fields: Mapping[str, str]) -> dict[str, str]:
    """What the gate last confirmed of the record that the first matching field in `LOOKUPS` finds.

    Accepted submissions are laid over each other in the order they were accepted; what the gate stored goes
    before what was sent.
    """
    for key in LOOKUPS:
        if not fields.get(key):
            continue
        found = connection.execute(
            f"SELECT fields, answer FROM submissions WHERE {key} = ? AND state = 'accepted' ORDER BY updated_at, seq",  # noqa: S608 - a name of ours
            (fields[key],),
        ).fetchall()
        known: dict[str, str] = {}
        for row in found:
            known |= rows.loaded(row["fields"])
            stored = rows.loaded(row["answer"])
            known |= {row.key: str(stored[row.key]) for row in FIELDS if stored.get(row.key) not in (None, "")}
        if known:
            return known
    return {}


def meta(connection: Connection, key: str) -> str | None:
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return str(row["value"]) if row else None


TOKEN_GENERATION = "token_generation"  # noqa: S105 - the name of a count


def token_generation(connection: Connection) -> int:
    """The place of the station's token in the row of those it has had."""
    return int(meta(connection, TOKEN_GENERATION) or 0)
