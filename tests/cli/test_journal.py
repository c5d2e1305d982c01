"""`journal list`, `export` and `verify` as real processes: with a keyring, without, and after somebody tampered."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2  # type: ignore[import-untyped] # the driver ships no types

from tests.peers.keyring import unlocked_keyring
from tests.peers.program import Program

IMEI, NUMBER = "490154203237518", "+525512345678"
RECORDS = [
    {"imei": IMEI, "number": NUMBER, "username": "=1+1", "password": "canary horse battery"},
    {"imei": "356938035643809", "username": "ana"},
]


@pytest.fixture(scope="module")
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with unlocked_keyring(tmp_path_factory.mktemp("keyring")) as address:
        yield address


def queued(home: Path, bus: str) -> Program:
    # In clear: these tests put their own hands into the file.
    program = Program(home, {"gate.base_url": "http://127.0.0.1:9/api/v1", "journal.encryption": "plain"}, bus)
    ended = program.run("submit", "register", "-", "--queue-only", stdin=json.dumps(RECORDS))
    assert ended.code == 0
    return program


@pytest.fixture
def keyed(tmp_path: Path, bus: str) -> Program:
    return queued(tmp_path / "home", bus)


@pytest.fixture
def keyless(tmp_path: Path) -> Program:
    return queued(tmp_path / "home", "")


def tamper(program: Program, statement: str) -> None:
    connection = dbapi2.connect(str(program.home / "journal.db"))
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_filters_may_stand_before_or_after_the_action(keyed: Program) -> None:
    assert [each["fields"]["username"] for each in keyed.run("journal", "--json").json] == ["ana", "=1+1"]
    for arguments in (
        ("--json", "--search", "7518", "list"),
        ("--json", "list", "--search", "7518"),
        ("--search", "7518", "list", "--json"),
    ):
        (found,) = keyed.run("journal", *arguments).json
        assert found["fields"]["username"] == "=1+1"


def test_a_keyed_journal_is_whole_and_says_its_code(keyed: Program) -> None:
    ended = keyed.run("journal", "verify")
    assert (ended.code, ended.err) == (0, "")
    report = keyed.run("journal", "verify", "--json").json
    assert ended.out == f"The journal is whole: 3 audit rows, 2 submissions, head {report['head']}\n"
    assert report == {
        "whole": True, "head": report["head"], "rows": 3, "submissions": 2, "findings": [], "notes": [],
    }  # fmt: skip
    assert len(report["head"]) == 8
    # The same file where the keyring is gone: what can be checked is, and the rest is said.
    elsewhere = Program(keyed.home, keyed.settings, "").run("journal", "verify")
    assert elsewhere.code == 0
    assert elsewhere.err.startswith("audit.key-missing: 3 audit rows")


def test_without_a_keyring_work_goes_on_and_it_is_said(keyless: Program, bus: str) -> None:
    ended = keyless.run("journal", "verify")
    assert ended.code == 0
    assert ended.err.startswith("audit.unkeyed: 3 audit rows")
    again = queued(keyless.home, bus).run("journal", "verify", "--json").json
    assert again["whole"]
    assert [note["code"] for note in again["notes"]] == ["audit.unkeyed"]


@pytest.mark.parametrize(
    ("statement", "line"),
    [
        ("UPDATE audit SET at = '' WHERE seq = 1", "audit.edited: Audit row 1 was edited."),
        ("DELETE FROM audit WHERE seq = 1", "audit.deleted: Audit row 1 was deleted."),
        ("DELETE FROM audit WHERE seq = 3", "audit.truncated: Audit row 3 was cut off from the end."),
    ],
)
def test_a_journal_that_was_tampered_with_ends_with_8(keyed: Program, statement: str, line: str) -> None:
    tamper(keyed, statement)
    ended = keyed.run("journal", "verify")
    assert ended.code == 8
    assert line in ended.out.splitlines()
    report = keyed.run("journal", "verify", "--json")
    assert (report.code, report.json["whole"]) == (8, False)


def test_an_export_is_masked_refuses_to_overwrite_and_can_be_entered_again(keyed: Program, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    ended = keyed.run("journal", "export", str(path))
    assert ended.code == 0
    code = ended.out.split()[-1]
    assert ended.out == f"2 submissions written to {path}; audit code {code}\n"
    assert keyed.run("journal", "verify", "--code", code).code == 0
    assert keyed.run("journal", "verify", "--code", "00000000").code == 8
    text = path.read_text("utf-8-sig")
    assert [row["username"] for row in csv.DictReader(text.splitlines())] == ["ana", "'=1+1"]
    assert IMEI not in text
    refused = keyed.run("journal", "export", str(path))
    assert refused.code == 2
    assert "exists already" in refused.err
    assert keyed.run("journal", "--search", "7518", "export", str(path), "--force", "--reveal").out.startswith("1 ")
    other = Program(tmp_path / "other", keyed.settings, keyed.bus)
    assert [line["state"] for line in other.run("submit", "register", str(path), "--queue-only").lines] == ["queued"]
    (entry,) = other.run("journal", "--json", "--reveal").json
    assert entry["fields"] == {"imei": IMEI, "number": NUMBER, "username": "=1+1"}


def test_a_name_that_is_no_spreadsheets_is_refused(keyed: Program, tmp_path: Path) -> None:
    ended = keyed.run("journal", "export", str(tmp_path / "out.txt"))
    assert ended.code == 2
    assert ".csv or .xlsx" in ended.err


def test_a_damaged_journal_is_repaired_at_the_operators_word(keyed: Program) -> None:
    assert keyed.run("journal", "repair").out == "The journal is sound; nothing was changed.\n"
    connection = dbapi2.connect(str(keyed.home / "journal.db"))
    (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'submissions_all'").fetchone()
    connection.close()
    with (keyed.home / "journal.db").open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    refused = keyed.run("journal")
    assert refused.code == 8
    assert "gate-station journal repair" in refused.err
    ended = keyed.run("journal", "repair")
    assert ended.code == 0
    assert ended.out.startswith("2 of 2 submissions were recovered, 2 are yet to be sent. The damaged file is kept as ")
    assert Path(ended.out.split(" as ")[1].strip()).exists()
    assert keyed.run("journal", "verify").code == 0
    assert len(keyed.run("journal", "--json").json) == 2


def test_a_person_is_erased_only_with_yes_and_when_nothing_is_open(keyed: Program) -> None:
    listed = keyed.run("journal", "erase", "--imei", IMEI)
    assert listed.code == 0
    assert listed.out.endswith("1 submissions would be erased. Repeat with --yes to do it.\n")
    assert IMEI not in listed.out
    refused = keyed.run("journal", "erase", "--imei", IMEI, "--yes")
    assert refused.code == 2
    assert "Not final yet" in refused.err
    assert keyed.run("journal", "erase", "--user", "nobody", "--yes").out.endswith("0 submissions were erased.\n")
    assert keyed.run("journal", "erase").code == 2
    entries = keyed.run("journal", "--json").json
    assert len(entries) == 2
    (id,) = (entry["id"] for entry in entries if entry["fields"]["username"] == "=1+1")
    assert keyed.run("journal", "cancel", id).code == 0
    (damaged := keyed.home / "journal.db.damaged-20260302T090000Z").write_bytes(b"")
    erased = keyed.run("journal", "erase", "--imei", IMEI, "--yes")
    assert (erased.code, erased.out.splitlines()[-1]) == (0, "1 submissions were erased.")
    assert str(damaged) in erased.err
    assert "=1+1" not in keyed.run("journal", "--json").out
