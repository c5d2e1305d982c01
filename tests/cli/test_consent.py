"""The setting `consent` on the command line: where somebody is to be asked, it takes word that they were."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.journal.outbox import Journal
from app.journal.records import Query
from app.training.devices.hub import Hub
from app.training.devices.personalities import QUECTEL_EC25
from tests.peers.program import Program

IMEI = "490154203237518"


@pytest.mark.parametrize("ground", ["per-shift", "per-device"])
def test_no_device_is_asked_without_word_that_its_owner_agreed(tmp_path: Path, ground: str) -> None:
    program = Program(tmp_path / "home", {"consent": ground, "operator": "Ana"})
    with Hub([QUECTEL_EC25]) as hub:
        port = hub.addresses[QUECTEL_EC25.name]
        refused = program.run("read", "--port", port, "--json")
        assert (refused.code, refused.out) == (2, "")
        assert "--consent-given" in refused.err
        assert hub.slot(QUECTEL_EC25.name)._modem.asked == []
        ended = program.run("read", "--port", port, "--json", "--consent-given")
    assert ended.json[0]["status"] == "ok"
    (row,) = trail(program)
    assert row == ("consent", {"ground": ground, "text": "1", "operator": "Ana", "where": "read"})


def trail(program: Program) -> list[tuple[str, dict[str, object]]]:
    journal = Journal.open(program.home / "journal.db")
    try:
        found = journal._database.read(lambda c: c.execute("SELECT kind, detail FROM audit ORDER BY seq").fetchall())
        return [(row["kind"], json.loads(row["detail"])) for row in found if row["kind"] != "encryption"]
    finally:
        journal.close()


def test_where_the_devices_are_the_employers_nothing_is_asked_or_written(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    with Hub([QUECTEL_EC25]) as hub:
        port = hub.addresses[QUECTEL_EC25.name]
        assert program.run("read", "--port", port, "--json").json[0]["status"] == "ok"
    assert not (program.home / "journal.db").exists()


@pytest.mark.parametrize(
    ("ground", "flags", "kept"),
    [
        ("employer-owned", (), "employer-owned"),
        ("per-device", (), "per-device, nothing confirmed"),
        ("per-device", ("--consent-given",), "per-device, text 1, 20"),
        ("per-shift", ("--consent-given",), "per-shift, text 1, 20"),
    ],
)
def test_each_row_says_what_it_rests_on(tmp_path: Path, ground: str, flags: tuple[str, ...], kept: str) -> None:
    program = Program(tmp_path / "home", {"consent": ground})
    file = tmp_path / "rows.json"
    file.write_text(json.dumps([{"imei": IMEI}, {"imei": "356938035643809"}]))
    assert program.run("submit", "register", str(file), "--queue-only", *flags).code == 0
    journal = Journal.open(program.home / "journal.db")
    try:
        said = {entry.consent for entry in journal.page(Query(), 10)}
    finally:
        journal.close()
    assert len(said) == 1
    assert said.pop().startswith(kept)
    assert [kind for kind, _ in trail(program)] == [*(["consent"] if flags else []), "added", "added"]
