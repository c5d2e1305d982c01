"""Exporting the journal: what stands in the file, how it gets its name, and what the audit trail keeps of it."""

from __future__ import annotations

import csv
import hashlib
import json
import stat
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.journal.link import Backoff, Route
from app.journal.outbox import Journal
from app.journal.records import Query
from app.provisioning.fields import Kind
from app.provisioning.outcome import Difference, Outcome, Result
from app.provisioning.submission import State
from app.provisioning.workflows import ROWS as WORKFLOWS
from app.work.columns import COLUMNS
from app.work.export import Exported, export
from app.work.fresh import FileNotWritten
from app.work.rows import read_rows
from tests.peers.attempts import claim, finish
from tests.peers.submissions import Clock, submission

IMEI, NUMBER = "490154203237518", "+525512345678"


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal.open(tmp_path / "journal.db", now=Clock().now)
    yield opened
    opened.close()


def exported(journal: Journal, path: Path, query: Query | None = None, **more: Any) -> Exported:
    options: dict[str, Any] = {"reveal": False, "force": False, "operator": "Ana", "now": Clock().now} | more
    return export(journal, query or Query(), path, **options)


def filled(journal: Journal) -> None:
    journal.add(submission("older", imei=IMEI, number=NUMBER, username="=1+1", password="$2a$12$hash"))
    lease = journal.acquire_lease("test")
    claimed = claim(journal, lease)
    assert claimed is not None
    outcome = Outcome(
        Result.ACCEPTED, "gate.accepted", f"Kept {IMEI}.", 201, answer={"imei": IMEI}, expires_at="2027-01-01",
        differences=(Difference("number", NUMBER, "+525512345679"), Difference("user_class", "basic", None)),
    )  # fmt: skip
    finish(journal, lease, claimed, outcome, route=Route("https://gate.example", 0), backoff=Backoff(1, 1, lambda: 0))
    journal.add(submission("newer", kind=Kind.UPDATE, username="=2+2", user_external_id="\t@SUM(1)"))


def table(path: Path) -> list[dict[str, str]]:
    """The rows as another program finds them: neither mark nor escape is taken away."""
    if path.suffix == ".csv":
        data = path.read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        return list(csv.DictReader(data.decode("utf-8-sig").splitlines(keepends=True)))
    lines = sheet(path, "Submissions")
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def sheet(path: Path, name: str) -> list[list[str]]:
    book = openpyxl.load_workbook(path)
    cells = list(book[name].iter_rows())
    assert all(cell.data_type == "s" for row in cells for cell in row if cell.value is not None)
    return [[str(cell.value or "") for cell in row] for row in cells]


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_row_a_submission_newest_first_and_masked(journal: Journal, tmp_path: Path, ending: str) -> None:
    filled(journal)
    path = tmp_path / f"out{ending}"
    done = exported(journal, path)
    newer, older = table(path)
    assert tuple(newer) == tuple(older) == COLUMNS
    assert done.rows == 2
    assert (newer["id"], older["id"]) == ("newer", "older")
    assert older["imei"] == "•" * 11 + "7518"
    assert older["message"] == f"Kept {'•' * 11}7518."
    assert older["differences"] == "number: •••••••••5678 -> •••••••••5679; user_class: basic -> nothing"
    assert (older["state"], older["attempts"], older["status"], older["expires_at"]) == (
        "accepted", "1", "201", "2027-01-01"
    )  # fmt: skip
    assert (newer["state"], newer["attempts"], newer["status"], newer["kind"]) == ("queued", "0", "", "update")
    assert older["operator"] == "Ana"
    assert older["slot"] == "B2"
    assert "password" not in COLUMNS
    assert "push_key" not in COLUMNS
    data = path.read_bytes() + b"".join(beside.read_bytes() for beside in tmp_path.glob("*.about.json"))
    assert IMEI.encode() not in data
    assert b"$2a$" not in data


def test_a_revealed_number_is_a_marked_text_in_csv_and_a_plain_one_in_a_sheet(journal: Journal, tmp_path: Path) -> None:
    filled(journal)
    exported(journal, tmp_path / "a.csv", reveal=True)
    exported(journal, tmp_path / "a.xlsx", reveal=True)
    assert [row["number"] for row in table(tmp_path / "a.csv")] == ["", f"'{NUMBER}"]
    assert [row["number"] for row in table(tmp_path / "a.xlsx")] == ["", NUMBER]
    assert [row["username"] for row in table(tmp_path / "a.csv")] == ["'=2+2", "'=1+1"]
    assert table(tmp_path / "a.csv")[0]["user_external_id"] == "'\t'@SUM(1)"


TEXTS = st.text(
    st.one_of(st.sampled_from("=+-@'\t\r\n;,\" \xa0_x0041"), st.characters(exclude_categories=["Cs"])),
    min_size=1,
    max_size=20,
)


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
@given(texts=st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=3))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_survives_export_and_import(
    journal: Journal, tmp_path: Path, ending: str, texts: list[tuple[str, str]]
) -> None:
    for user, external in texts:
        journal.add(submission(imei=IMEI, number=NUMBER, username=user, user_external_id=external))
    path = tmp_path / f"out{ending}"
    exported(journal, path, reveal=True, force=True, limit=len(texts))
    for row in table(path):
        assert row["username"].lstrip()[:1] not in {"=", "+", "-", "@"} or ending == ".xlsx"
    rows = read_rows(path.name, path.read_bytes(), WORKFLOWS["register-device"])
    assert not any(row.problems for row in rows)
    found = [(row.draft.text("username"), row.draft.text("user_external_id")) for row in reversed(rows)]
    assert found == texts
    assert {(row.draft.text("imei"), row.draft.text("number")) for row in rows} == {(IMEI, NUMBER)}


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_the_filters_are_the_lists(journal: Journal, tmp_path: Path, ending: str) -> None:
    filled(journal)
    for number, (query, limit, wanted) in enumerate(
        (
            (Query(states=(State.ACCEPTED,)), None, ["older"]),
            (Query(search="7518"), None, ["older"]),
            (Query(), 1, ["newer"]),
            (Query(search="nobody"), None, []),
        )
    ):
        path = tmp_path / f"{number}{ending}"
        assert exported(journal, path, query, limit=limit).rows == len(wanted)
        assert [row["id"] for row in table(path)] == wanted


def test_more_than_a_page_is_written_whole(journal: Journal, tmp_path: Path) -> None:
    journal.add_all(submission(f"s{number}") for number in range(1234))
    assert exported(journal, tmp_path / "a.csv").rows == 1234
    assert [row["id"] for row in table(tmp_path / "a.csv")] == [f"s{number}" for number in reversed(range(1234))]
    assert exported(journal, tmp_path / "b.csv", limit=501).rows == 501


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_an_export_is_an_audit_row_and_tells_its_code(journal: Journal, tmp_path: Path, ending: str) -> None:
    filled(journal)
    path = tmp_path / f"out{ending}"
    done = exported(journal, path, Query(states=(State.ACCEPTED,), search=IMEI, operator="Ana"))
    report = journal.verify(done.code)
    assert report.whole
    assert report.head == done.code
    row = journal._database.read(lambda c: c.execute("SELECT * FROM audit ORDER BY seq DESC").fetchone())
    assert row is not None
    assert row["kind"] == "exported"
    assert IMEI not in row["detail"]
    assert json.loads(row["detail"]) == {
        "format": ending[1:], "rows": 1, "revealed": False, "operator": "Ana", "states": ["accepted"], "since": "",
        "searched": True, "entered_by": "Ana",
    }  # fmt: skip
    if ending == ".csv":
        about = json.loads(Path(f"{path}.about.json").read_text())
        assert about.pop("sha256") == hashlib.sha256(path.read_bytes()).hexdigest()
    else:
        about = dict(sheet(path, "About")[1:])
    assert about == {
        "exported_at": "2026-03-02T09:00:00.000000Z", "rows": "1", "state": "accepted", "search": "•" * 11 + "7518",
        "since": "", "entered_by": "Ana", "identifiers": "masked", "audit_code": done.code,
    }  # fmt: skip


def test_a_workbook_has_a_bold_and_frozen_header_and_text_cells(journal: Journal, tmp_path: Path) -> None:
    filled(journal)
    exported(journal, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    page = book["Submissions"]
    assert book.sheetnames == ["Submissions", "About"]
    assert page.freeze_panes == "A2"
    assert all(cell.font.b for cell in page[1])
    assert not any(cell.font.b for cell in page[2])
    assert {cell.number_format for row in page.iter_rows() for cell in row if cell.value} == {"@"}


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_file_is_never_overwritten_unasked(journal: Journal, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out{ending}"
    path.write_text("mine")
    with pytest.raises(FileNotWritten, match="exists"):
        exported(journal, path)
    assert path.read_text() == "mine"
    assert journal.verify().rows == 0
    exported(journal, path, force=True)
    assert table(path) == []


def test_the_note_beside_a_csv_is_not_overwritten_unasked_either(journal: Journal, tmp_path: Path) -> None:
    (tmp_path / "a.csv.about.json").write_text("mine")
    with pytest.raises(FileNotWritten, match="exists"):
        exported(journal, tmp_path / "a.csv")
    assert sorted(path.name for path in tmp_path.glob("*a.csv*")) == ["a.csv.about.json"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes; the user's folder has its own rights")
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_only_its_owner_reads_the_file(journal: Journal, tmp_path: Path, ending: str) -> None:
    exported(journal, tmp_path / f"out{ending}")
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("out*")} == {0o600}


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_failure_after_the_rows_leaves_no_file(journal: Journal, tmp_path: Path, ending: str) -> None:
    def clock() -> datetime:
        raise OSError(28, "No space left on device")

    journal.add_all(submission() for _ in range(600))
    folder = tmp_path / "exports"
    folder.mkdir()
    with pytest.raises(FileNotWritten, match="No space left"):
        exported(journal, folder / f"out{ending}", now=clock)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["out.txt", "out", "nowhere/out.csv", "nowhere/out.xlsx"])
def test_what_cannot_be_written_is_told(journal: Journal, tmp_path: Path, name: str) -> None:
    with pytest.raises(FileNotWritten):
        exported(journal, tmp_path / name)
    assert journal.verify().rows == 0
