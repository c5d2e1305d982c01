"""Files of submissions: the same rows from JSON, CSV and XLSX; what is wrong stands at its cell."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.provisioning.draft import Origin
from app.provisioning.workflows import ROWS as WORKFLOWS
from app.work.rows import Row, read_rows
from app.work.workbooks import FileUnreadable

NEW = WORKFLOWS["register-device"]
RECORDS = [
    {"imei": "490154203237518", "username": "josé", "number": "+525512345678"},
    {"imei": "356938035643809", "username": "007", "number": "+4915112345678"},
]
HEADER = ["imei", "username", "number"]


def sheet(lines: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for cells in lines:
        page.append(cells)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def texts(rows: list[Row]) -> list[dict[str, str]]:
    return [{key: entry.text.reveal() for key, entry in row.draft.entries.items()} for row in rows]


def lines() -> list[list[str]]:
    return [HEADER, *([record[name] for name in HEADER] for record in RECORDS)]


def as_csv(delimiter: str) -> str:
    return "".join(delimiter.join(cells) + "\r\n" for cells in lines())


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.json", json.dumps(RECORDS).encode()),
        ("a.json", b"\xef\xbb\xbf" + json.dumps(RECORDS).encode()),
        ("-", json.dumps(RECORDS).encode()),
        ("a.csv", as_csv(",").encode()),
        ("a.csv", as_csv(";").encode("utf-8-sig")),
        ("a.csv", as_csv("\t").encode("utf-16")),
        ("a.csv", as_csv(";").encode("cp1252")),
        ("-", as_csv(",").encode()),
        ("a.xlsx", sheet([[*cells] for cells in lines()])),
    ],
)
def test_every_form_of_a_file_gives_the_same_rows(name: str, data: bytes) -> None:
    rows = read_rows(name, data, NEW)
    assert texts(rows) == RECORDS
    assert [row.number for row in rows] == [1, 2]
    assert not any(row.problems for row in rows)
    assert {entry.origin for row in rows for entry in row.draft.entries.values()} == {Origin.FILE}


def test_one_object_is_one_row() -> None:
    assert texts(read_rows("a.json", b'{"imei": "490154203237518"}', NEW)) == [{"imei": "490154203237518"}]


def test_labels_serve_as_column_names_and_blank_lines_are_no_rows() -> None:
    data = b"IMEI,External id\r\n\r\n490154203237518,C1\r\n,\r\n"
    assert texts(read_rows("a.csv", data, NEW)) == [{"imei": "490154203237518", "user_external_id": "C1"}]


@pytest.mark.parametrize(
    ("record", "field", "code"),
    [
        ({"imeu": "1"}, "imeu", "field.unknown"),
        ({"imei": True}, "imei", "field.type"),
        ({"imei": ["490154203237518"]}, "imei", "field.type"),
        ({"imei": "3.5694E+14"}, "imei", "spreadsheet.rounded"),
        ({"iccid": "8,95E+18"}, "iccid", "spreadsheet.rounded"),
        ({"iccid": 8952020000123456784}, "iccid", "spreadsheet.rounded"),
        ({"imei": "3.5E+14"}, "imei", "spreadsheet.rounded"),
        ({"imei": 3.5e14}, "imei", "spreadsheet.rounded"),
        ({"imsi": 334020000000000}, "imsi", "spreadsheet.rounded"),
    ],
)
def test_a_cell_that_cannot_be_taken_is_told_at_its_field_and_stops_no_other(
    record: dict[str, object], field: str, code: str
) -> None:
    rows = read_rows("a.json", json.dumps([record, RECORDS[0]]).encode(), NEW)
    assert [(problem.field, problem.code) for problem in rows[0].problems] == [(field, code)]
    assert rows[1].problems == ()


def test_a_field_of_another_job_is_told_not_dropped() -> None:
    (row,) = read_rows("a.json", b'{"imei": "490154203237518", "username": "a"}', WORKFLOWS["push-enablement"])
    assert [(problem.field, problem.code) for problem in row.problems] == [("username", "field.not-here")]


def test_whole_numbers_of_a_sheet_are_texts_as_long_as_they_are_exact() -> None:
    rows = read_rows("a.xlsx", sheet([["imei", "username"], [490154203237518, 7.0], [490154203237518, 7.5]]), NEW)
    assert texts(rows) == [
        {"imei": "490154203237518", "username": "7"},
        {"imei": "490154203237518", "username": "7.5"},
    ]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.json", b"{"),
        ("a.json", b"[1]"),
        ("a.json", b"\xff\xfe\x00"),
        ("a.csv", b""),
        ("a.csv", b"imei,imei\r\n1,2\r\n"),
        ("a.csv", b'imei\r\n"unfinished'),
        ("a.xlsx", b"PK\x03\x04 no"),
        ("a.xlsx", b""),
        ("a.csv", b"x" * 20_000_001),
    ],
)
def test_a_file_that_is_none_is_refused_as_a_whole(name: str, data: bytes) -> None:
    with pytest.raises(FileUnreadable, match=name[-4:]):
        read_rows(name, data, NEW)


@settings(max_examples=150)
@given(st.sampled_from(["a.csv", "a.json", "a.xlsx", "-"]), st.binary(max_size=200))
def test_no_bytes_crash_the_reader(name: str, data: bytes) -> None:
    try:
        rows = read_rows(name, data, NEW)
    except FileUnreadable:
        return
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
