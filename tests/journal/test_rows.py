"""A column gives back what was put into it, also what is no JSON to others; a row's places are the record's."""

from __future__ import annotations

import json
import math
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict

from app.journal import rows
from app.journal.outbox import Journal
from app.journal.records import Entry, Query
from app.provisioning.fields import Kind
from app.provisioning.outcome import Difference, FieldMessage, Result
from app.provisioning.submission import Part, Settlement, State
from tests.journal.conftest import Attempt
from tests.peers.submissions import submission

HALF = "\ud800"
"""The first half of a character beyond U+FFFF: JSON can hold it escaped, no UTF-8 can."""

TEXTS = st.text(st.characters() | st.characters(categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from([math.nan, math.inf, 10**30]) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)


@given(VALUES)
def test_whatever_was_written_is_read_as_it_was(value: object) -> None:
    text = rows.dumps(value)
    # As texts: what is no number equals nothing.
    assert repr(rows.loaded(text)) == repr(json.loads(text)) == repr(value)


@pytest.mark.parametrize("text", ["NaN", "-Infinity", "1e999", "-1e999", '"\\ud800"', "9" * 4000, "-0", "-0.0"])
def test_what_other_programs_write_is_read_as_json_reads_it(text: str) -> None:
    assert repr(rows.loaded(text)) == repr(json.loads(text))


def test_odd_words_of_the_gate_never_keep_a_page_back(journal: Journal, path: Path, attempt: Attempt) -> None:
    answer = {HALF: HALF, "endless": math.inf, "long": 10**300, "none": math.nan, "imei": "1", "plain": "é"}
    problems = (FieldMessage("imei", f"{HALF} é"), FieldMessage("", "plain"))
    differences = (Difference("imei", HALF, None), Difference("number", "é", HALF))
    journal.add_all([submission("odd", imei="1"), submission("plain")])
    assert attempt(Result.ACCEPTED, answer=answer, problems=problems, differences=differences) is State.ACCEPTED
    plain, odd = journal.page(Query(), 10)
    assert (plain.id, plain.answer, plain.problems, plain.differences) == ("plain", {}, (), ())
    assert repr(odd.answer) == repr(answer)
    assert (odd.problems, odd.differences) == (problems, differences)
    assert journal.last_known({"imei": "1"}) == {"imei": "1"}
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("SELECT problems, differences FROM submissions WHERE id = 'odd'").fetchone() == (
            '[{"field":"imei","message":"\\ud800 \\u00e9"},{"field":"","message":"plain"}]',
            '[{"field":"imei","sent":"\\ud800","stored":null},{"field":"number","sent":"\\u00e9","stored":"\\ud800"}]',
        )


def test_each_column_goes_where_it_belongs() -> None:
    columns = {
        "seq": 1,
        "id": "id",
        "kind": "update",
        "workflow": "plan-change",
        "state": "conflict",
        "ambiguous": 1,
        "created_at": "2026-03-02T08:00:00.000001Z",
        "updated_at": "2026-03-02T08:00:00.000002Z",
        "operator": "Ana",
        "consent": "employer-owned",
        "fields": '{"a":"field"}',
        "origins": '{"a":"origin"}',
        "secret_fields": '["password"]',
        "device": '{"a":"device"}',
        "replaces": "former",
        "next_attempt_at": "2026-03-02T08:00:00.000003Z",
        "code": "code",
        "message": "message",
        "status": 409,
        "answer": '{"a":"answer"}',
        "problems": '[{"field":"a","message":"problem"}]',
        "differences": '[{"field":"a","sent":"b","stored":"c"}]',
        "expires_at": "2027-01-01",
        "job": "job",
        "step": 2,
        "steps": 3,
        "settled": "supervisor",
    }
    assert tuple(columns) == rows.SHOWN
    ((number, [tried]),) = rows.attempts_of([(1, "2026-03-02T08:00:00.000004Z", "failed", 503, "Broken.", 12)]).items()
    assert number == 1
    entry = rows.entry_of((*columns.values(), "later", 1), [tried])

    def moment(microsecond: int) -> datetime:
        return datetime(2026, 3, 2, 8, 0, 0, microsecond, UTC)

    assert asdict(tried) == {
        "at": moment(4), "outcome": "failed", "status": 503, "message": "Broken.", "duration_ms": 12,
    }  # fmt: skip
    assert entry == Entry(
        seq=1,
        id="id",
        kind=Kind.UPDATE,
        workflow="plan-change",
        state=State.CONFLICT,
        ambiguous=True,
        created_at=moment(1),
        updated_at=moment(2),
        operator="Ana",
        consent="employer-owned",
        fields={"a": "field"},
        origins={"a": "origin"},
        secret_fields=("password",),
        device={"a": "device"},
        replaces="former",
        replaced_by="later",
        next_attempt_at=moment(3),
        code="code",
        message="message",
        status=409,
        answer={"a": "answer"},
        problems=(FieldMessage("a", "problem"),),
        differences=(Difference("a", "b", "c"),),
        expires_at="2027-01-01",
        attempts=(tried,),
        part=Part("job", 2, 3),
        done=1,
        settled=Settlement.SUPERVISOR,
    )
