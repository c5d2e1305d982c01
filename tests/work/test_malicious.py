"""Files made to do harm, each made here: refused as a whole with a reason, or at the cell; never a crash or a stall."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

import openpyxl
import pytest

from app.provisioning.workflows import ROWS as WORKFLOWS
from app.work.rows import read_rows
from app.work.workbooks import MAX_ROWS, FileUnreadable
from tests.work.test_rows import RECORDS, sheet, texts

NEW = WORKFLOWS["register-device"]
IMEI = "490154203237518"
SHEET = "xl/worksheets/sheet1.xml"


def rewritten(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one part changed."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info.filename, change(content) if info.filename == part else content)
    return kept.getvalue()


def plain() -> bytes:
    return sheet([["imei", "username"], [IMEI, "ana"]])


def bomb() -> bytes:
    kept = io.BytesIO(plain())
    with zipfile.ZipFile(kept, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/media/image1.xml", b"\0" * 30_000_000)
    return kept.getvalue()


def many_parts() -> bytes:
    kept = io.BytesIO(plain())
    with zipfile.ZipFile(kept, "a") as book:
        for number in range(2_100):
            book.writestr(f"xl/media/{number}", b"")
    return kept.getvalue()


def entities(part: str) -> bytes:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]>'

    def change(content: bytes) -> bytes:
        head, mark, rest = content.partition(b"?>")
        return head + mark + laughs + rest if mark else laughs + content

    return rewritten(plain(), part, change)


def sparse(cell: str) -> bytes:
    return rewritten(plain(), SHEET, lambda content: content.replace(b"</sheetData>", cell.encode() + b"</sheetData>"))


def hidden() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(plain()))
    book.create_sheet("seen")
    book.worksheets[0].sheet_state = "hidden"
    book.active = 1
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def merged() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(plain()))
    book.worksheets[0].merge_cells("B2:B4")
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def too_long() -> bytes:
    return b"imei\r\n" + b"1\r\n" * (MAX_ROWS + 1)


@pytest.mark.parametrize(
    ("name", "made", "words"),
    [
        ("a.xlsx", bomb, "unpacks to 30 MB"),
        ("a.xlsx", many_parts, "parts; that is no table"),
        ("a.xlsx", lambda: entities(SHEET), "not a readable XLSX"),
        ("a.xlsx", lambda: entities("xl/workbook.xml"), "not a readable XLSX"),
        ("a.xlsx", lambda: entities("[Content_Types].xml"), "not a readable XLSX"),
        ("a.xlsx", lambda: sparse('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'), "more than 100,000 rows"),
        ("a.xlsx", lambda: sparse('<row r="3"><c r="XFD3"><v>1</v></c></row>'), "more than 256 columns"),
        ("a.xlsx", lambda: sparse("<row r='3'><c"), "not a readable XLSX"),
        ("a.xlsx", hidden, "first sheet of a.xlsx is hidden"),
        ("a.xlsx", merged, "merged cells (B2:B4)"),
        ("a.csv", too_long, "more than 100,000 rows"),
        ("a.json", lambda: b"[" + b"{}," * MAX_ROWS + b"{}]", "more than 100,000 rows"),
        ("a.json", lambda: b'{"imei":' * 100_000, "not valid JSON"),
        ("a.csv", lambda: b'imei\r\n"' + b"1" * 200_000 + b'"', "not valid CSV"),
    ],
)
def test_a_file_made_to_harm_is_refused_as_a_whole(name: str, made: Callable[[], bytes], words: str) -> None:
    data = made()
    assert len(data) < 20_000_000
    with pytest.raises(FileUnreadable) as caught:
        read_rows(name, data, NEW)
    assert words in caught.value.summary
    assert caught.value.remedy


def test_a_sheet_that_lies_about_its_size_is_read_whole() -> None:
    data = rewritten(plain(), SHEET, lambda content: content.replace(b'ref="A1:B2"', b'ref="A1"'))
    assert b'ref="A1"' in zipfile.ZipFile(io.BytesIO(data)).read(SHEET)
    assert texts(read_rows("a.xlsx", data, NEW)) == [{"imei": IMEI, "username": "ana"}]


def test_a_formula_is_refused_at_its_cell_and_its_last_result_is_not_taken() -> None:
    rows = read_rows("a.xlsx", sheet([["imei", "username"], [IMEI, '=HYPERLINK("x")'], [IMEI, "ana"]]), NEW)
    assert [(problem.field, problem.code) for problem in rows[0].problems] == [("username", "spreadsheet.formula")]
    assert texts(rows) == [{"imei": IMEI}, {"imei": IMEI, "username": "ana"}]


@pytest.mark.parametrize("password", ["with\0nul", "half\ud800", "bell\a"])
def test_a_secret_with_what_is_no_text_is_refused_at_its_cell(password: str) -> None:
    (row,) = read_rows("a.json", json.dumps({"imei": IMEI, "password": password}).encode(), NEW)
    assert [(problem.field, problem.code) for problem in row.problems] == [("password", "field.control")]
    assert password not in repr(row)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_with_their_marks(encoding: str, delimiter: str) -> None:
    names = list(RECORDS[0])
    text = "".join(delimiter.join(line) + "\r\n" for line in [names, *([each[n] for n in names] for each in RECORDS)])
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    assert texts(read_rows("a.csv", mark + text.encode(encoding), NEW)) == RECORDS
