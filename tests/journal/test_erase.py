"""Finding and erasing a person: nothing of the values is left in any file, and all the rest still stands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.journal import backup
from app.journal.errors import NotErasable
from app.journal.outbox import Journal
from app.journal.records import Query
from app.provisioning.outcome import Difference, FieldMessage, Result
from app.provisioning.submission import State
from app.work import erasing
from tests.journal.conftest import Attempt
from tests.peers.submissions import submission

IMEI, STORED, USER = "356938035643809", "8952140061234567890", "maría.canary"
VALUES = [text.encode() for text in (IMEI, STORED, USER)] + [b"mar\\u00eda"]


@pytest.fixture
def known(journal: Journal, attempt: Attempt) -> Journal:
    """One person in an accepted and a rejected submission, another person in a third."""
    journal.add(submission("first", imei=IMEI, username=USER))
    attempt(
        Result.ACCEPTED,
        answer={"imei": IMEI, "iccid": STORED},
        differences=(Difference("iccid", "8952140061234567800", STORED),),
        expires_at="2027-01-01",
    )
    journal.add(submission("second", imei=IMEI, number="+525512345678"))
    attempt(Result.REJECTED, f"The IMEI {IMEI} is barred.", problems=(FieldMessage("imei", f"{IMEI} is barred."),))
    journal.add(submission("other", username="pedro"))
    attempt(Result.ACCEPTED)
    return journal


@pytest.mark.parametrize(
    ("text", "ids"),
    [(IMEI, ["second", "first"]), (STORED, ["first"]), (USER, ["first"]), (IMEI[:-1], []), ("pedro", ["other"])],
)
def test_a_person_is_found_by_any_whole_identifier_sent_or_stored(known: Journal, text: str, ids: list[str]) -> None:
    assert [entry.id for entry in known.find_person(text)] == ids


def test_only_the_fields_that_are_asked_for_are_looked_at(known: Journal) -> None:
    assert known.find_person(IMEI, ("number", "username")) == []


def test_what_was_erased_is_in_no_file_and_the_journal_is_whole(known: Journal, path: Path) -> None:
    def left() -> set[bytes]:
        return {value for file in path.parent.iterdir() for value in VALUES if value in file.read_bytes()}

    backup.make(path, 1)
    assert left()
    assert known.erase([entry.id for entry in known.find_person(IMEI)], by="Ana") == 2
    assert left() == set()
    assert known.find_person(IMEI) == []
    assert known.count(Query(search=IMEI)) == known.count(Query(search="canary")) == 0
    assert known.count(Query(search="pedro")) == 1
    first = known.entry("first")
    assert first is not None
    assert (first.state, first.fields, first.answer, first.message, len(first.attempts)) == (
        State.ACCEPTED, {}, {}, "", 1,
    )  # fmt: skip
    assert known.verify().whole
    known.close()
    assert left() == set()


def test_who_erased_how_many_is_in_the_trail_and_files_that_still_hold_values_are_named(
    known: Journal, path: Path
) -> None:
    damaged = path.with_name(f"{path.name}.damaged-20260302T090000Z")
    damaged.write_bytes(b"")
    ids = [entry.id for entry in erasing.find(known, IMEI)]
    assert erasing.erase(known, path, ids, operator="Ana") == erasing.Erased(2, (damaged,))
    last = "SELECT kind, detail FROM audit ORDER BY seq DESC LIMIT 1"
    row = known._database.read(lambda c: c.execute(last).fetchone())
    assert row is not None
    assert row["kind"] == "person-erased"
    assert json.loads(row["detail"]) == {"operator": "Ana", "submissions": 2}


def test_an_unfinished_one_is_named_and_nothing_is_erased(known: Journal) -> None:
    known.add(submission("open", imei=IMEI))
    with pytest.raises(NotErasable, match="open"):
        known.erase([entry.id for entry in known.find_person(IMEI)], by="Ana")
    assert len(known.find_person(IMEI)) == 3
    assert known.cancel("open")
    assert known.erase([entry.id for entry in known.find_person(IMEI)], by="Ana") == 3
    assert known.verify().whole


def test_none_is_none(known: Journal) -> None:
    assert known.erase([], by="Ana") == known.erase(["nobody"], by="Ana") == 0
