"""Rows of a file of submissions: JSON, CSV or XLSX into texts by field, with what is wrong at each cell."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from app.masked import Record
from app.provisioning.draft import Draft, Origin
from app.provisioning.fields import FIELDS, ROWS
from app.provisioning.validation import Problem
from app.provisioning.workflows import Workflow
from app.work.cells import unguarded
from app.work.columns import OWN, VERDICT
from app.work.workbooks import MAX_ROWS, FileUnreadable, Formula, first_sheet, too_many_rows

MAX_BYTES = 20_000_000
EXACT_DIGITS = 15
"""A spreadsheet keeps numbers as binary fractions: digits beyond the fifteenth are lost."""

LONG_DIGITS, ZEROS = 14, "00000"
"""A long number that ends so was rounded to a few digits: of 100,000 identifiers one does by chance."""

_NO_TEXT = frozenset({"Cc", "Cs"})
"""Unicode categories that no secret holds; in other fields validation finds them, where spaces around are no fault."""

_ROUNDED = re.compile(r"[+-]?\d+([.,]\d+)?[eE]\+?\d+")


class Row(Record, frozen=True):
    """One data row: `number` counts from 1. The draft holds every cell that could be taken over.

    `cells` is the row as the file has it, by column, secrets included.
    """

    number: int
    draft: Draft
    problems: tuple[Problem, ...]
    cells: Mapping[str, Any]


def read_file(file: Path, workflow: Workflow) -> list[Row]:
    """As `read_rows`. Blocks. Raises FileUnreadable, also for a file that cannot be opened."""
    try:
        data = file.read_bytes()
    except OSError as fault:
        raise FileUnreadable(
            f"{file.name} cannot be opened: {fault.strerror}.", remedy="Choose another file."
        ) from fault
    return read_rows(file.name, data, workflow)


def read_rows(name: str, data: bytes, workflow: Workflow) -> list[Row]:
    """The rows of a `.json`, `.csv` or `.xlsx` file; any other name is taken as JSON or CSV by its first character.

    A CSV cell's apostrophe before a formula's mark is taken away (cells.py), and the columns of an exported journal
    that are no fields are left out. Raises FileUnreadable for a file that is none of them.
    """
    if len(data) > MAX_BYTES:
        raise FileUnreadable(
            f"{name} is larger than {MAX_BYTES // 1_000_000} MB.", remedy="Split it into smaller files."
        )
    if name.lower().endswith(".xlsx"):
        records = _from_xlsx(name, data)
    elif name.lower().endswith(".csv"):
        records = _from_csv(name, data)
    elif name.lower().endswith(".json") or data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"[", b"{"}:
        records = _from_json(name, data)
    else:
        records = _from_csv(name, data)
    rows = []
    for number, record in enumerate(records, start=1):
        if number > MAX_ROWS:
            raise too_many_rows(name)
        rows.append(_row(number, record, workflow))
    return rows


def _from_json(name: str, data: bytes) -> Iterable[Mapping[str, Any]]:
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as fault:
        raise FileUnreadable(
            f"{name} is not valid JSON.", remedy="Correct the file.", detail=type(fault).__name__
        ) from fault
    records = content if isinstance(content, list) else [content]
    if not all(isinstance(record, dict) for record in records):
        raise FileUnreadable(
            f"{name} holds something other than objects.", remedy="Write one object, or a list of objects."
        )
    return records


def _text(data: bytes) -> str:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What spreadsheets write by default on Windows in western Europe and the Americas.
        return data.decode("cp1252", errors="replace")


def _from_csv(name: str, data: bytes) -> Iterable[Mapping[str, Any]]:
    text = _text(data)
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as fault:
        raise FileUnreadable(f"{name} is not valid CSV.", remedy="Correct the file.", detail=str(fault)) from fault
    return _with_header(name, [[unguarded(cell) for cell in line] for line in lines])


def _from_xlsx(name: str, data: bytes) -> Iterable[Mapping[str, Any]]:
    return _with_header(name, first_sheet(name, data))


def _with_header(name: str, lines: Iterable[list[Any]]) -> Iterator[Mapping[str, Any]]:
    filled = (line for line in lines if any(str(cell or "").strip() for cell in line))
    header = next(filled, None)
    if header is None:
        raise FileUnreadable(f"{name} is empty.", remedy="The first row names the fields.")
    names = [str(cell or "").strip() for cell in header]
    if len(set(names) - {""}) != len([text for text in names if text]):
        raise FileUnreadable(f"{name} names a field twice in its first row.", remedy="Keep one column for each field.")
    # What an export says of a submission is no field of it.
    left_out = (
        OWN if set(names) >= OWN else frozenset(VERDICT) if tuple(names[-len(VERDICT) :]) == VERDICT else frozenset()
    )
    return (
        {
            names[index] if index < len(names) and names[index] else f"column {index + 1}": cell
            for index, cell in enumerate(line)
            if (names[index] not in left_out if index < len(names) and names[index] else str(cell or "").strip())
        }
        for line in filled
    )


_KEYS = {row.key: row.key for row in FIELDS} | {row.label.lower(): row.key for row in FIELDS}


def key_of(name: str) -> str | None:
    """The field that a column is for: its key or its label, in any case."""
    return _KEYS.get(name.strip().lower())


def _row(number: int, record: Mapping[str, Any], workflow: Workflow) -> Row:
    draft, problems = Draft(workflow), []
    for name, cell in record.items():
        key = key_of(str(name))
        if cell is None or cell == "":
            continue
        if key is None:
            problems.append(Problem(str(name), "field.unknown", "There is no field of this name."))
        elif key not in workflow.fields:
            problems.append(
                Problem(key, "field.not-here", f"{ROWS[key].label} is not part of this job ({workflow.name}).")
            )
        elif harm := _harm(key, cell):
            problems.append(harm)
        elif isinstance(text := _cell(key, cell), Problem):
            problems.append(text)
        else:
            draft = draft.with_text(key, text, Origin.FILE)
    return Row(number, draft, tuple(problems), record)


def _harm(key: str, cell: object) -> Problem | None:
    """What keeps a cell from being looked at further."""
    label = ROWS[key].label
    if isinstance(cell, Formula):
        return Problem(key, "spreadsheet.formula", f"{label} holds a formula. Enter its value as text.")
    if isinstance(cell, str) and ROWS[key].secret and any(unicodedata.category(letter) in _NO_TEXT for letter in cell):
        return Problem(key, "field.control", f"{label} holds a control character.")
    if isinstance(cell, bool) or not isinstance(cell, (str, int, float)):
        return Problem(key, "field.type", f"{label} is not a text.")
    return None


def _cell(key: str, cell: str | float) -> str | Problem:
    label = ROWS[key].label
    if isinstance(cell, str) and not (ROWS[key].check and _ROUNDED.fullmatch(cell.strip())):
        return cell
    if isinstance(cell, str) or _inexact(cell, checked=bool(ROWS[key].check)):
        return Problem(
            key,
            "spreadsheet.rounded",
            f"{label} was shortened by a spreadsheet; its last digits are lost. Enter it as text.",
        )
    if isinstance(cell, float) and not cell.is_integer():
        return str(cell)
    return str(int(cell))


def _inexact(number: float, *, checked: bool) -> bool:
    """Whether a number has lost digits: it has more than can be kept, or, of an identifier, the last became zeros when
    `3.5E+14` was read back as a number."""
    digits = str(abs(int(number)))
    return len(digits) > EXACT_DIGITS or (checked and len(digits) >= LONG_DIGITS and digits.endswith(ZEROS))
