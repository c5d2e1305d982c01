"""What the journal answers: pages, filters, search, what is last known, and the object that is printed."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.journal.outbox import Journal
from app.journal.records import Query
from app.provisioning.fields import Kind
from app.provisioning.outcome import Difference, FieldMessage, Result
from app.provisioning.submission import State
from tests.journal.conftest import Attempt
from tests.peers.submissions import Clock, submission

IMEI = "356938035643809"
ICCID = "8952140061234567890"


def ids(journal: Journal, query: Query, limit: int = 100) -> list[str]:
    found = [entry.id for entry in journal.page(query, limit)]
    assert journal.ids(query)[:limit] == found
    assert journal.count(query) == len(journal.ids(query))
    return found


def test_pages_newest_first_without_gap_or_repetition(journal: Journal) -> None:
    made = [submission() for _ in range(25)]
    journal.add_all(made)
    pages, before = [], None
    while page := journal.page(Query(), 10, before):
        pages.append([entry.id for entry in page])
        before = page[-1].seq
        journal.add(submission())
    assert [len(page) for page in pages] == [10, 10, 5]
    assert [id for page in pages for id in page] == [each.id for each in reversed(made)]


def test_filters(journal: Journal, clock: Clock, attempt: Attempt) -> None:
    start = clock.now()
    journal.add(submission("old", created_at=start))
    attempt(Result.ACCEPTED)
    journal.add(submission("refused", created_at=start + timedelta(hours=1), kind=Kind.UPDATE, workflow="plan-change"))
    attempt(Result.REJECTED)
    journal.add(submission("new", created_at=start + timedelta(hours=2)))
    assert ids(journal, Query()) == ["new", "refused", "old"]
    assert ids(journal, Query(states=(State.ACCEPTED,))) == ["old"]
    assert ids(journal, Query(states=(State.QUEUED, State.ACCEPTED, State.QUEUED))) == ["new", "old"]
    assert ids(journal, Query(since=start + timedelta(hours=1))) == ["new", "refused"]
    assert ids(journal, Query(until=start + timedelta(hours=1))) == ["old"]
    assert ids(journal, Query(workflow="plan-change")) == ["refused"]
    assert ids(journal, Query(kind=Kind.REGISTER, states=(State.REJECTED,))) == []
    assert journal.counts(start + timedelta(hours=1))[State.ACCEPTED] == 0
    assert journal.counts()[State.ACCEPTED] == 1
    assert journal.pending_count() == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (IMEI, ["ana"]),
        ("3809", ["ana"]),
        ("567890", ["ana"]),
        ("LOPEZ", ["josé", "ana"]),
        ("jose", ["josé"]),
        ("crm-7 lopez", ["ana"]),
        ("3809 jose", []),
        ("an", ["ana"]),
        ("lopez a_", []),
        ("%", []),
        ('"', []),
        ('lopez" OR "', []),
        ("ec25", ["ana"]),
        ("  ", ["josé", "ana"]),
    ],
)
def test_search(journal: Journal, text: str, found: list[str]) -> None:
    journal.add(
        submission("ana", imei=IMEI, iccid=ICCID, username="ana.lopez", user_external_id="CRM-7", device_model="EC25")
    )
    journal.add(submission("josé", username="josé.lopez", number="+525512345678"))
    assert ids(journal, Query(search=text)) == found


def test_search_and_filters_together(journal: Journal, attempt: Attempt) -> None:
    journal.add_all([submission(id, username=f"ana.{id}") for id in ("one", "two", "three")])
    attempt(Result.ACCEPTED)
    assert ids(journal, Query(search="ana", states=(State.QUEUED,))) == ["three", "two"]
    before = journal.page(Query(search="ana"), 1)[0].seq
    assert [entry.id for entry in journal.page(Query(search="ana"), 1, before)] == ["two"]


def test_what_the_gate_stored_is_found_too(journal: Journal, attempt: Attempt) -> None:
    journal.add(submission("one", iccid="8952140061234567890"))
    attempt(Result.ACCEPTED, answer={"iccid": "8952149999934567890"}, expires_at="2027-03-01")
    for text in ("14006123", "499999"):
        assert ids(journal, Query(search=text)) == ["one"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2027-", ["one named so", "march", "april"]),
        ("2027-03", ["march"]),
        ("2027-03-01T00:00:00Z", ["march"]),
        ("2027-04 lopez", ["april"]),
        ("2027- ana", ["march"]),
        ("2027- eva", []),
        ("2027-05", ["one named so"]),
        ("2028-", []),
    ],
)
def test_the_day_until_which_one_is_good_is_searched(
    journal: Journal, attempt: Attempt, text: str, found: list[str]
) -> None:
    for id, name, day in (
        ("april", "lopez", "2027-04-30"),
        ("march", "ana.lopez", "2027-03-01T00:00:00Z"),
        ("one named so", "2027-05", "2027-05-01"),
    ):
        journal.add(submission(id, username=name))
        attempt(Result.ACCEPTED, expires_at=day)
    query = Query(search=text)
    assert ids(journal, query) == found
    assert journal.count(query) == len(found)
    assert ids(journal, Query(search=text, states=(State.QUEUED,))) == []
    assert [entry.id for entry in journal.page(query, 5, 1)] == []


@settings(max_examples=100)
@given(st.text(max_size=12))
def test_no_search_text_is_a_fault(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "searched.db"
    journal = Journal.open(path)
    try:
        if not journal.count(Query()):
            journal.add(submission(imei=IMEI, username="ana"))
        assert journal.count(Query(search=text)) == len(journal.page(Query(search=text), 5))
    finally:
        journal.close()


def test_last_known_is_what_the_gate_confirmed_last(journal: Journal, clock: Clock, attempt: Attempt) -> None:
    journal.add(submission(imei=IMEI, iccid=ICCID, username="ana", password="$2a$12$hash"))
    attempt(Result.ACCEPTED, answer={"imei": IMEI, "iccid": "8952140061234567", "user_class": None, "status": "active"})
    clock.pass_s(1)
    journal.add(submission(kind=Kind.UPDATE, username="ana", user_class="premium"))
    attempt(Result.ACCEPTED, answer={"imei": IMEI, "user_class": "premium"})
    clock.pass_s(1)
    journal.add(submission(imei=IMEI, iccid="8900000000000000000"))
    attempt(Result.REJECTED)
    expected = {"imei": IMEI, "iccid": "8952140061234567", "username": "ana", "user_class": "premium"}
    assert journal.last_known({"imei": IMEI}) == expected
    assert journal.last_known({"imei": "490154203237518", "username": "ana"}) == expected
    assert journal.last_known({"imei": "490154203237518"}) == {}
    assert journal.last_known({"user_class": "premium"}) == {}


def test_the_printed_object(journal: Journal, clock: Clock, attempt: Attempt) -> None:
    journal.add(submission("one", imei=IMEI, iccid=ICCID, username="ana", number="+525512345678", replaces="zero"))
    attempt(Result.FAILED, f"No room for {IMEI}.", status=503)
    clock.pass_s(1)
    attempt(
        Result.ACCEPTED,
        "Stored beside +4915112345678.",
        status=201,
        answer={
            "imei": IMEI,
            "iccid": "895214006123456789",
            "nested": [{"imsi": 334020123456789, "note": f"is {IMEI}"}],
        },
        differences=(Difference("iccid", ICCID, "895214006123456789"),),
        problems=(FieldMessage("imei", f"{IMEI} is known"),),
        expires_at="2027-03-01",
    )
    entry = journal.entry("one")
    assert entry is not None
    whole = entry.to_json(reveal=True)
    assert list(whole)[:13] == [
        "id",
        "kind",
        "workflow",
        "state",
        "created_at",
        "updated_at",
        "operator",
        "fields",
        "attempts",
        "answer",
        "differences",
        "replaces",
        "next_attempt_at",
    ]
    assert whole["created_at"] == "2026-03-02T08:00:00.000000Z"
    assert whole["fields"] == {"imei": IMEI, "iccid": ICCID, "username": "ana", "number": "+525512345678"}
    assert whole["differences"] == [{"field": "iccid", "sent": ICCID, "stored": "895214006123456789"}]
    assert [(each["outcome"], each["status"]) for each in whole["attempts"]] == [("failed", 503), ("accepted", 201)]
    assert (whole["state"], whole["replaces"], whole["expires_at"]) == ("accepted", "zero", "2027-03-01")

    masked = entry.to_json()
    assert list(masked) == list(whole)
    text = json.dumps(masked, ensure_ascii=False)
    for private in (IMEI, ICCID, "895214006123456789", "5512345678", "334020123456789", "4915112345678"):
        assert private not in text
    assert masked["fields"]["imei"] == "•••••••••••3809"
    assert masked["fields"]["username"] == "ana"
    assert masked["answer"]["nested"][0]["note"] == "is •••••••••••3809"
    assert masked["problems"] == [{"field": "imei", "message": "•••••••••••3809 is known"}]
    assert masked["origins"]["imei"] == "typed"
    assert masked["device"] == {"slot": "B2", "port": "COM7"}
    assert json.dumps(whole)
    assert IMEI not in repr(entry) + repr(entry.attempts) + repr(Query(search=IMEI))


def test_facts_about_the_station(journal: Journal) -> None:
    assert journal.meta("bench") is None
    journal.set_meta("bench", "7")
    assert journal.meta("bench") == "7"
    assert (journal.bump_token_generation(), journal.bump_token_generation()) == (1, 2)
    assert journal.token_generation() == 2


def test_half_a_character_in_one_does_not_hide_the_others(journal: Journal, attempt: Attempt) -> None:
    journal.add_all([submission("half", user_external_id="\ud800"), submission("whole")])
    assert [entry.id for entry in journal.page(Query(), 10)] == ["whole", "half"]
    assert attempt(Result.ACCEPTED) is State.ACCEPTED
