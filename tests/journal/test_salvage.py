"""Damage anywhere in the file: what can be read is saved, the damaged file is kept, and the numbers are told."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.journal.driver import connect
from app.journal.errors import JournalUnusable
from app.journal.outbox import Journal
from app.journal.records import Entry, Query
from app.journal.salvage import Damage, Salvaged, is_sound, salvage, survey
from app.masked import Secret
from app.provisioning.outcome import Outcome, Result
from tests.journal.conftest import BACKOFF, ROUTE
from tests.peers.attempts import claim, finish
from tests.peers.submissions import submission

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PAGE = 4096
COUNT = 120


@pytest.fixture
def lived(path: Path) -> dict[str, Entry]:
    """A third accepted, the rest queued; one large enough for pages of its own."""
    journal = Journal.open(path)
    journal.add_all(submission(f"s-{number}") for number in range(COUNT - 1))
    journal.add(submission("large", imei="356938035643809", push_key="k" * 3 * PAGE))
    lease = journal.acquire_lease("test")
    for _ in range(COUNT // 3):
        claimed = claim(journal, lease)
        assert claimed is not None
        finish(journal, lease, claimed, Outcome(Result.ACCEPTED, "gate.accepted", ""), route=ROUTE, backoff=BACKOFF)
    entries = {entry.id: entry for entry in journal.page(Query(), 1000)}
    journal.close()
    return entries


def damage(path: Path, offset: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(data)


def saved(path: Path, lived: dict[str, Entry], told: Salvaged) -> set[str]:
    """The ids in the new journal, each as it was."""
    journal = Journal.open(path)
    try:
        entries = journal.page(Query(), 1000)
        assert len(entries) == told.recovered
        assert journal.pending_count() == told.unfinished
        for entry in entries:
            was = lived[entry.id]
            assert (entry.seq, entry.fields, entry.state, entry.origins) == (
                was.seq, was.fields, was.state, was.origins,
            )  # fmt: skip
        lease = journal.acquire_lease("next")
        if told.unfinished:
            assert claim(journal, lease) is not None
        codes = {found.code for found in journal.verify().findings}
        assert not {code for code in codes if code.startswith(("database", "search", "journal"))}
        journal.add(submission("new"))
        return {entry.id for entry in entries}
    finally:
        journal.close()


def test_a_sound_journal_is_told_from_a_damaged_one(path: Path, lived: dict[str, Entry]) -> None:
    assert is_sound(path)
    damage(path, path.stat().st_size // 2 // PAGE * PAGE, b"\xa5" * PAGE)
    assert not is_sound(path)


def test_a_survey_tells_what_would_be_saved_and_changes_nothing(path: Path, lived: dict[str, Entry]) -> None:
    assert survey(path) == Damage(COUNT, COUNT, COUNT - COUNT // 3)
    damage(path, path.stat().st_size // 2 // PAGE * PAGE, b"\xa5" * PAGE)
    before = {file.name: file.read_bytes() for file in path.parent.iterdir() if not file.name.endswith("-shm")}
    seen = survey(path)
    assert {file.name: file.read_bytes() for file in path.parent.iterdir() if not file.name.endswith("-shm")} == before
    told = salvage(path, NOW)
    assert seen == Damage(told.found, told.recovered, told.unfinished)


def test_a_page_anywhere_costs_no_more_than_what_stood_on_it(path: Path, lived: dict[str, Entry]) -> None:
    whole = path.read_bytes()
    lost = []
    for number, offset in enumerate(range(2 * PAGE, len(whole), 3 * PAGE)):
        place = path.with_name(f"{number}") / "journal.db"
        place.parent.mkdir()
        place.write_bytes(whole)
        damage(place, offset, (b"\xa5", b"\x00")[number % 2] * PAGE)
        if is_sound(place):
            continue
        before = place.read_bytes()
        try:
            told = salvage(place, NOW)
        except JournalUnusable:
            assert place.read_bytes()[offset : offset + PAGE] == before[offset : offset + PAGE]
            lost.append(COUNT)
            continue
        assert told.kept.name == "journal.db.damaged-20260302T090000Z"
        assert told.kept.read_bytes()[offset : offset + PAGE] == before[offset : offset + PAGE]
        assert {file.name for file in place.parent.iterdir()} == {"journal.db", told.kept.name}
        ids = saved(place, lived, told)
        lost.append(COUNT - len(ids))
    assert len(lost) > 5
    # Most pages hold indexes, the search, or some ten submissions; only the roots hold the way to many.
    assert sorted(lost)[len(lost) // 2] <= 12
    assert sum(count == 0 for count in lost) >= len(lost) // 3


@pytest.mark.parametrize("share", [0.6, 0.75, 0.9])
def test_a_file_cut_short_gives_what_is_left(path: Path, lived: dict[str, Entry], share: float) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(JournalUnusable, match="journal repair"):
        Journal.open(path)
    told = salvage(path, NOW)
    assert 0 < told.recovered < told.found <= COUNT
    saved(path, lived, told)


def test_a_write_ahead_log_that_is_gone_costs_what_stood_in_it_alone(path: Path) -> None:
    journal = Journal.open(path)
    journal.add(submission("early", imei="356938035643809", password="$2a$12$hash"))
    assert journal.cancel("early")
    journal.add(submission("late"))
    (place := path.with_name("copy")).mkdir()
    (place / path.name).write_bytes(path.read_bytes())
    journal.close()
    copied = Journal.open(place / path.name)
    assert copied.ids(Query()) == ["early"]
    copied.close()


def test_numbers_are_told(path: Path, lived: dict[str, Entry]) -> None:
    connection = connect(path)
    row = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'submissions_all'").fetchone()
    connection.close()
    assert row is not None
    damage(path, (row[0] - 1) * PAGE, b"\xff" * PAGE)
    told = salvage(path, NOW)
    assert str(told) == f"{COUNT} of {COUNT} submissions were recovered, {COUNT * 2 // 3} are yet to be sent."
    assert saved(path, lived, told) == set(lived)


def test_a_row_whose_texts_became_bytes_is_left_out(path: Path, lived: dict[str, Entry]) -> None:
    """One bit in a row's header tells them apart, and what reads JSON takes either."""
    connection = connect(path)
    connection.execute("UPDATE submissions SET origins = CAST(origins AS BLOB) WHERE id IN ('s-1', 's-118')")
    connection.close()
    told = salvage(path, NOW)
    assert (told.found, told.recovered) == (COUNT, COUNT - 2)
    assert saved(path, lived, told) == set(lived) - {"s-1", "s-118"}


def test_where_nothing_can_be_read_nothing_is_changed(path: Path) -> None:
    path.write_bytes(b"This is a letter, not a journal. " * 500)
    with pytest.raises(JournalUnusable):
        salvage(path, NOW)
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    assert path.read_bytes().startswith(b"This is a letter")


def test_a_broken_page_of_an_encrypted_journal_costs_no_more_than_of_a_plain_one(tmp_path: Path) -> None:
    def readable(key: Secret | None) -> list[int]:
        """What can be read with each page of the table broken in turn, fewest first."""
        path = tmp_path / f"{'plain' if key is None else 'encrypted'}.db"
        journal = Journal.open(path, key=key)
        journal.add_all(submission(f"s-{number}", imei=f"{number:015d}") for number in range(COUNT))
        journal.close()
        whole, counts = path.read_bytes(), []
        for offset in range(40 * PAGE, len(whole), PAGE):
            path.write_bytes(whole[:offset] + b"\xa5" * PAGE + whole[offset + PAGE :])
            counts.append(survey(path, key).readable)
        return sorted(counts)[:3]

    plain, encrypted = readable(None), readable(Secret("7f" * 32))
    # An encrypted page holds a little less, as its seal takes room: the same pages, no others.
    assert min(plain) > COUNT * 2 // 3
    assert min(encrypted) >= min(plain) - 10
