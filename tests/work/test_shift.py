"""Who works at a station: signing in, what roles may do, and operators changed by another hand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.journal import operators as staff
from app.journal.driver import connect
from app.journal.outbox import Journal
from app.masked import Secret
from app.operators.people import Operator, Right, Role, wearing
from app.operators.pin import FREE_TRIES
from app.work.shift import NotAllowed, NotSignedIn, OperatorRefused, OperatorsTampered, PinRefused, Shift

PINS = {"Ana": Secret("2580"), "Luis": Secret("1470"), "Eva": Secret("3690")}
KEY = Secret("a key of the trail")


@dataclass
class Bench:
    """A journal in a file, a clock that is set by hand, and three operators of whom Ana leads."""

    path: Path
    journal: Journal
    now: datetime
    shift: Shift

    def named(self, name: str) -> Operator:
        return self.shift.by_name(name)

    def sign_in(self, name: str) -> Operator:
        return self.shift.sign_in(self.named(name).id, PINS[name])

    def by_hand(self, sql: str, *values: object) -> None:
        """Change the file as another program would."""
        connection = connect(self.path)
        connection.execute(sql, values)
        connection.close()

    @property
    def trail(self) -> list[str]:
        """The kinds of the audit rows."""
        rows = self.journal._database.read(lambda c: c.execute("SELECT kind FROM audit ORDER BY seq").fetchall())
        return [row["kind"] for row in rows]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    journal = Journal.open(tmp_path / "journal.db", audit_key=lambda: KEY)
    made = Bench(tmp_path / "journal.db", journal, datetime(2026, 11, 25, 9, tzinfo=UTC), None)  # type: ignore[arg-type] # made next
    made.shift = Shift(lambda: journal, lambda: made.now)
    made.shift.begin()
    for name, role in (("Ana", Role.SUPERVISOR), ("Luis", Role.OPERATOR), ("Eva", Role.TECHNICIAN)):
        made.shift.enter(name, role, PINS[name])
    made.shift.sign_out()
    yield made
    journal.close()


def test_a_station_without_operators_is_open(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "journal.db")
    shift = Shift(lambda: journal, lambda: datetime.now(UTC))
    shift.begin()
    assert not shift.staffed
    for right in Right:
        shift.require(right)
    with pytest.raises(OperatorRefused, match="first operator"):
        shift.enter("Luis", Role.OPERATOR, PINS["Luis"])
    ana = shift.enter("Ana", Role.SUPERVISOR, PINS["Ana"])
    assert shift.signed_in == ana
    journal.close()


def test_signing_in_gives_the_name_and_the_rights_of_the_role(bench: Bench) -> None:
    with pytest.raises(NotSignedIn):
        bench.shift.require(Right.PLACES)
    bench.sign_in("Eva")
    assert bench.shift.name == "Eva"
    bench.shift.require(Right.PLACES)
    with pytest.raises(NotAllowed, match="supervisor"):
        bench.shift.require(Right.SETTINGS)
    bench.sign_in("Ana")
    bench.shift.require(Right.SETTINGS)
    bench.shift.sign_out()
    assert bench.shift.name == ""


def test_a_supervisor_lends_rights_for_a_moment_and_the_record_stays_the_operators(bench: Bench) -> None:
    bench.sign_in("Luis")
    with pytest.raises(NotAllowed):
        bench.shift.lend(bench.named("Eva").id, PINS["Eva"], Right.TOKEN)
    bench.shift.lend(bench.named("Ana").id, PINS["Ana"], Right.TOKEN)
    bench.shift.require(Right.TOKEN)
    assert bench.shift.name == "Luis"
    bench.shift.give_back()
    with pytest.raises(NotAllowed):
        bench.shift.require(Right.TOKEN)
    bench.shift.sign_out()
    assert bench.trail[-3:] == ["signed-in", "lent", "signed-out"]


def test_lent_rights_end_when_somebody_else_signs_in(bench: Bench) -> None:
    bench.sign_in("Luis")
    bench.shift.lend(bench.named("Ana").id, PINS["Ana"], Right.TOKEN)
    bench.sign_in("Eva")
    assert not bench.shift.may(Right.TOKEN)


def test_wrong_pins_make_one_wait_also_after_a_restart(bench: Bench) -> None:
    luis = bench.named("Luis")
    for _ in range(FREE_TRIES):
        with pytest.raises(PinRefused, match="wrong") as caught:
            bench.shift.sign_in(luis.id, Secret("0000"))
        assert caught.value.wait_s == 0
    with pytest.raises(PinRefused, match="wrong"):
        bench.shift.sign_in(luis.id, Secret("0000"))
    again = Shift(lambda: bench.journal, lambda: bench.now)
    bench.now = datetime.now(UTC) + timedelta(seconds=1)
    with pytest.raises(PinRefused, match="Too many"):
        again.sign_in(luis.id, PINS["Luis"])
    bench.now += timedelta(seconds=30)
    assert again.sign_in(luis.id, PINS["Luis"]) == luis
    assert all(kept.failures == 0 for kept in bench.journal.operators())


def test_changing_people_takes_a_supervisor(bench: Bench) -> None:
    bench.sign_in("Luis")
    with pytest.raises(NotAllowed):
        bench.shift.enter("Rosa", Role.SUPERVISOR, Secret("7410"))
    with pytest.raises(NotAllowed):
        bench.shift.change(replace(bench.named("Luis"), role=Role.SUPERVISOR))


def test_a_name_is_taken_once_and_who_comes_back_is_the_same(bench: Bench) -> None:
    bench.sign_in("Ana")
    with pytest.raises(OperatorRefused, match="name"):
        bench.shift.enter("LUIS", Role.OPERATOR, Secret("7410"))
    luis = bench.named("Luis")
    bench.shift.change(replace(luis, active=False))
    with pytest.raises(PinRefused, match="not work here"):
        bench.shift.sign_in(luis.id, PINS["Luis"])
    assert bench.shift.enter("Luis", Role.TECHNICIAN, Secret("7410")).id == luis.id


def test_the_last_supervisor_stays(bench: Bench) -> None:
    ana = bench.sign_in("Ana")
    for changed in (replace(ana, active=False), replace(ana, role=Role.OPERATOR)):
        with pytest.raises(OperatorRefused, match="last supervisor"):
            bench.shift.change(changed)
    bench.shift.change(replace(bench.named("Eva"), role=Role.SUPERVISOR))
    bench.shift.change(replace(ana, role=Role.OPERATOR))
    assert not bench.shift.may(Right.SETTINGS)


def test_a_badge_is_found_until_there_is_a_new_one(bench: Bench) -> None:
    bench.sign_in("Ana")
    first = bench.shift.new_badge(bench.named("Luis"))
    assert wearing(bench.shift.people(), first.badge.lower() + " ") == first
    second = bench.shift.new_badge(first)
    assert wearing(bench.shift.people(), first.badge) is None
    assert wearing(bench.shift.people(), second.badge) == second


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE operators SET role = 'supervisor' WHERE name = 'Luis'",
        "UPDATE operators SET pin = (SELECT pin FROM operators WHERE name = 'Ana') WHERE name = 'Luis'",
        "UPDATE operators SET name = 'Luisa' WHERE name = 'Luis'",
        "UPDATE operators SET badge = 'GSOP-0123456789AB' WHERE name = 'Luis'",
        "UPDATE operators SET active = 0 WHERE name = 'Luis'",
        "DELETE FROM operators WHERE name = 'Luis'",
    ],
)
def test_an_operator_changed_by_another_hand_cannot_sign_in_and_verifying_tells(bench: Bench, sql: str) -> None:
    luis = bench.named("Luis")
    bench.by_hand(sql)
    for pin in PINS.values():
        with pytest.raises(OperatorsTampered):
            bench.shift.sign_in(luis.id, pin)
    assert "operator.changed" in {finding.code for finding in bench.journal.verify().findings}


def test_a_demoted_operator_is_not_made_supervisor_by_removing_the_change(bench: Bench) -> None:
    bench.sign_in("Ana")
    bench.shift.change(replace(bench.named("Eva"), role=Role.SUPERVISOR))
    bench.shift.change(replace(bench.named("Eva"), role=Role.OPERATOR))
    bench.by_hand("UPDATE operators SET role = 'supervisor' WHERE name = 'Eva'")
    with pytest.raises(OperatorsTampered):
        bench.shift.sign_in(
            next(kept.operator.id for kept in bench.journal.operators() if kept.operator.name == "Eva"), PINS["Eva"]
        )


def test_one_let_go_is_not_put_back_by_another_hand(bench: Bench) -> None:
    bench.sign_in("Ana")
    luis = bench.named("Luis")
    bench.shift.change(replace(luis, active=False))
    bench.by_hand("UPDATE operators SET active = 1 WHERE name = 'Luis'")
    with pytest.raises(OperatorsTampered):
        bench.shift.sign_in(luis.id, PINS["Luis"])


@pytest.mark.parametrize("sealed", [False, True])
def test_a_change_put_into_the_trail_by_another_hand_is_not_believed(bench: Bench, sealed: bool) -> None:
    (luis,) = (kept for kept in bench.journal.operators() if kept.operator.name == "Luis")
    mark = staff._mark(replace(luis, operator=replace(luis.operator, role=Role.SUPERVISOR)))
    select = "SELECT prev, keyed, seq, at, kind, submission, detail FROM audit WHERE detail ->> '$.operator' = ?"
    bench.by_hand("UPDATE operators SET role = 'supervisor' WHERE name = 'Luis'")
    row = bench.journal._database.read(lambda c: c.execute(select, (luis.operator.id,)).fetchone())
    assert row is not None
    changed = json.dumps(json.loads(row["detail"]) | {"mark": mark}, sort_keys=True, separators=(",", ":"))
    bench.by_hand("UPDATE audit SET detail = ? WHERE seq = ?", changed, row["seq"])
    if sealed:
        # As far as it goes without the key.
        values = json.dumps([*(row[place] for place in range(6)), changed], separators=(",", ":"))
        code = hashlib.sha256(values.encode()).hexdigest() + "0" * 32
        bench.by_hand("UPDATE audit SET code = ? WHERE seq = ?", code, row["seq"])
    with pytest.raises(OperatorsTampered):
        bench.shift.sign_in(luis.operator.id, PINS["Luis"])


def test_removing_everybody_by_hand_does_not_open_the_station(bench: Bench) -> None:
    bench.by_hand("DELETE FROM operators")
    again = Shift(lambda: bench.journal, lambda: bench.now)
    again.begin()
    assert again.staffed
    with pytest.raises(NotSignedIn):
        again.require(Right.SETTINGS)
    assert again.reset() == len(PINS)
    assert not again.staffed
    assert again.enter("Ana", Role.SUPERVISOR, PINS["Ana"]).name == "Ana"
    assert bench.journal.verify().whole
