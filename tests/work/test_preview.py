"""A file before it is entered: each cell with what is wrong with it, all at once, secrets masked, nothing kept."""

from __future__ import annotations

import io

import openpyxl

from app.masked import Secret
from app.provisioning.draft import Draft
from app.provisioning.validation import Rules, Validation, validate
from app.provisioning.workflows import ROWS as WORKFLOWS
from app.work.preview import Cell, Previewed, preview
from app.work.rows import read_rows

NEW = WORKFLOWS["register-device"]
IMEI = "490154203237518"


def judged(draft: Draft) -> Validation:
    return validate(draft, Rules())


def shown(name: str, data: bytes) -> list[Previewed]:
    return preview(read_rows(name, data, NEW), judged)


def codes(cell: Cell) -> list[str]:
    return [problem.code for problem in cell.problems]


def test_a_sound_row_is_ready_and_keeps_the_files_columns() -> None:
    (row,) = shown("a.csv", f"IMEI;username\r\n{IMEI};ana\r\n".encode())
    assert row == Previewed(1, (Cell("IMEI", IMEI), Cell("username", "ana")), ())
    assert row.ready


def test_every_problem_stands_at_its_cell_and_what_has_no_cell_at_the_row() -> None:
    data = f"imei,number,imeu\r\n{IMEI[:-1]}9,12,x\r\n,,\r\n3.5E+14,,\r\n{IMEI},,\r\n".encode()
    first, second, third = shown("a.csv", data)
    assert [cell.column for cell in first.cells] == ["imei", "number", "imeu"]
    assert [bool(cell.problems) for cell in first.cells] == [True, True, True]
    assert codes(first.cells[2]) == ["field.unknown"]
    assert not first.ready
    assert codes(second.cells[0]) == ["spreadsheet.rounded"]
    assert third.ready
    (empty,) = shown("a.csv", b"username\r\nana\r\n")
    assert not empty.ready
    assert empty.cells[0].problems == ()
    assert empty.problems


def test_secrets_are_masked_and_formulas_shown_as_they_are() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["imei", "password", "username"])
    sheet.append([IMEI, "canary-horse", '=HYPERLINK("x")'])
    kept = io.BytesIO()
    book.save(kept)
    (row,) = shown("a.xlsx", kept.getvalue())
    assert row.cells[1].text == Secret("canary-horse")
    assert "canary-horse" not in repr(row)
    assert row.cells[2].text == '=HYPERLINK("x")'
    assert codes(row.cells[2]) == ["spreadsheet.formula"]
