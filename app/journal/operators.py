"""Who may work at this station, kept in the journal. Each function runs inside one transaction of the caller's.

Each change is an audit row that carries a mark of what it left. A row that does not bear the mark of the last
change was edited by another hand and is not believed.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from msgspec import Struct

from app.journal import audit
from app.journal.driver import Connection, Row
from app.journal.moments import maybe_moment, maybe_text, text_of
from app.masked import Secret
from app.operators.people import Operator, Role

CHANGED = "operator"
"""The kind of the audit rows."""


class Kept(Struct, frozen=True):
    """An operator as the journal has it: with the hash of the PIN, and the wrong PINs since the last right one.

    `genuine` is False for one that was changed or put in by another hand.
    """

    operator: Operator
    pin: Secret
    failures: int = 0
    failed_at: datetime | None = None
    genuine: bool = True


def keep(connection: Connection, key: audit.Key, kept: Kept, by: str, now: datetime) -> None:
    """Enter an operator, or change one; `by` is the id of the operator who does it, "" where nobody is signed in."""
    who = kept.operator
    connection.execute(
        "INSERT INTO operators (id, name, role, pin, badge, active) VALUES (:id, :name, :role, :pin, :badge, :active)"
        " ON CONFLICT (id) DO UPDATE SET name = :name, role = :role, pin = :pin, badge = :badge, active = :active,"
        " failures = 0, failed_at = NULL",
        {
            "id": who.id,
            "name": who.name,
            "role": who.role.value,
            "pin": kept.pin.reveal(),
            "badge": who.badge or None,
            "active": int(who.active),
        },
    )
    detail = {"operator": who.id, "role": who.role.value, "active": who.active, "by": by, "mark": _mark(kept)}
    audit.append(connection, key, at=text_of(now), kind=CHANGED, detail=detail)


def count_failures(connection: Connection, id: str, failures: int, at: datetime | None) -> None:
    connection.execute("UPDATE operators SET failures = ?, failed_at = ? WHERE id = ?", (failures, maybe_text(at), id))


def everyone(connection: Connection, key: Secret | None) -> list[Kept]:
    """All operators that were ever entered, by name; those that another hand removed stand there as not genuine."""
    marks = _marks(connection, key)
    found = [_kept(row, marks) for row in connection.execute("SELECT * FROM operators ORDER BY name COLLATE NOCASE")]
    here = {each.operator.id for each in found}
    found += [Kept(Operator(id, "", Role.OPERATOR), Secret(""), genuine=False) for id in marks if id not in here]
    return found


def sealed_with_key(connection: Connection) -> bool:
    """Whether telling genuine rows takes the key of the trail."""
    row = connection.execute("SELECT 1 FROM audit WHERE kind = ? AND keyed <> 0 LIMIT 1", (CHANGED,)).fetchone()
    return row is not None


def _kept(row: Row, marks: dict[str, str]) -> Kept:
    who = Operator(row["id"], row["name"], Role(row["role"]), row["badge"] or "", bool(row["active"]))
    kept = Kept(who, Secret(row["pin"]), row["failures"], maybe_moment(row["failed_at"]))
    return kept if marks.get(who.id) == _mark(kept) else Kept(who, kept.pin, genuine=False)


def _marks(connection: Connection, key: Secret | None) -> dict[str, str]:
    """The mark that each operator's last change left, of the audit rows that are sealed as they must be."""
    marks: dict[str, str] = {}
    for row in connection.execute(
        "SELECT seq, at, kind, submission, detail, keyed, prev, code FROM audit WHERE kind = ? ORDER BY seq", (CHANGED,)
    ):
        values = (row["seq"], row["at"], row["kind"], row["submission"], row["detail"])
        if audit.sealed(key, row["keyed"], row["code"], row["prev"], *values):
            detail = json.loads(row["detail"])
            marks[detail["operator"]] = detail["mark"]
    return marks


def _mark(kept: Kept) -> str:
    who = kept.operator
    data = json.dumps([who.id, who.name, who.role.value, kept.pin.reveal(), who.badge, who.active])
    return hashlib.sha256(data.encode()).hexdigest()[:32]
