"""The journal as a spreadsheet: CSV or XLSX, masked unless asked otherwise, itself a row of the audit trail.

Next to a CSV file stands `FILE.about.json`: a line of another kind within the table would be read as a submission.
A workbook has a sheet "About" instead. Both tell when, what was asked for, how many rows, and the short code of the
export's own audit row, by which `journal verify --code` later finds whether the trail is still the same one.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from app.journal.moments import text_of
from app.journal.outbox import Journal
from app.journal.records import Entry, Query
from app.masked import mask
from app.provisioning.fields import FIELDS
from app.work.cells import guarded, whole
from app.work.columns import COLUMNS
from app.work.fresh import FileNotWritten, fresh
from app.work.xlsx import MAX_ROWS, Workbook

PAGE = 500
"""Submissions in memory at a time."""

_KEYS = tuple(row.key for row in FIELDS if not row.secret)

Rows = Iterable[list[tuple[str, ...]]]
Close = Callable[[], Mapping[str, str]]
"""Called after the last row: writes the audit row and gives what the export says of itself."""


class Exported(Struct, frozen=True):
    """What was written. `code` is the short code of the export's audit row."""

    path: Path
    rows: int
    code: str


def export(
    journal: Journal,
    query: Query,
    path: Path,
    *,
    reveal: bool,
    force: bool,
    operator: str,
    now: Callable[[], datetime],
    limit: int | None = None,
) -> Exported:
    """Write all that match to `path` (.csv or .xlsx), newest first, at most `limit`.

    The audit row is durable before the file has its name. Submissions that change meanwhile are written as their
    page finds them. Raises FileNotWritten, JournalError.
    """
    write = WRITERS.get(path.suffix.lower())
    if write is None:
        raise FileNotWritten(f"{path.name} has no known ending.", remedy="Name it .csv or .xlsx.")
    rows, codes = 0, [""]

    def counted() -> Iterator[list[tuple[str, ...]]]:
        nonlocal rows
        for page in _pages(journal, query, limit):
            rows += len(page)
            yield [_cells(entry, reveal) for entry in page]

    def close() -> Mapping[str, str]:
        detail = {
            "format": path.suffix.lower()[1:], "rows": rows, "revealed": reveal, "operator": operator,
            "states": [state.value for state in query.states], "since": text_of(query.since) if query.since else "",
            "searched": bool(query.search), "entered_by": query.operator or "",
        }  # fmt: skip
        codes[0] = journal.note("exported", detail)
        return _about(query, reveal=reveal, rows=rows, at=now(), code=codes[0])

    if path.suffix.lower() == ".xlsx" and min(journal.count(query), limit or MAX_ROWS) >= MAX_ROWS:
        raise FileNotWritten(
            f"A sheet holds {MAX_ROWS - 1:,} submissions, and more match.", remedy="Narrow the filter, or write a .csv."
        )
    write(path, force, counted(), close)
    return Exported(path, rows, codes[0])


def _pages(journal: Journal, query: Query, limit: int | None) -> Iterator[list[Entry]]:
    left, before = limit, None
    while left is None or left > 0:
        page = journal.page(query, PAGE if left is None else min(PAGE, left), before)
        if not page:
            return
        yield page
        before, left = page[-1].seq, None if left is None else left - len(page)


def _cells(entry: Entry, reveal: bool) -> tuple[str, ...]:
    record = entry.to_json(reveal=reveal)
    fields = {key: record["fields"].get(key, "") for key in _KEYS}
    own = {
        **record,
        "attempts": len(entry.attempts),
        "status": entry.status,
        "slot": entry.device.get("slot", ""),
        "differences": "; ".join(
            f"{each['field']}: {each['sent'] or 'nothing'} -> {each['stored'] or 'nothing'}"
            for each in record["differences"]
        ),
    }
    return tuple(_text(fields[name] if name in fields else own[name]) for name in COLUMNS)


def _text(value: object) -> str:
    return "" if value is None else whole(str(value))


def _about(query: Query, *, reveal: bool, rows: int, at: datetime, code: str) -> dict[str, str]:
    return {
        "exported_at": text_of(at),
        "rows": str(rows),
        "state": ", ".join(query.states) or "all",
        "search": whole(query.search if reveal else mask(query.search)),
        "since": text_of(query.since) if query.since else "",
        "entered_by": whole(query.operator or "all"),
        "identifiers": "whole" if reveal else "masked",
        "audit_code": code,
    }


def _write_csv(path: Path, force: bool, pages: Rows, close: Close) -> None:
    """UTF-8 with a byte order mark, without which spreadsheets take it for another encoding; every cell quoted."""
    beside = path.with_name(f"{path.name}.about.json")
    with fresh(path, force=force) as file, fresh(beside, force=force) as note:
        digest = hashlib.sha256()

        def put(data: bytes) -> None:
            file.write(data)
            digest.update(data)

        put("\ufeff".encode())
        put(_lines([COLUMNS]))
        for page in pages:
            put(_lines(page))
        note.write(json.dumps({**close(), "sha256": digest.hexdigest()}, indent=2).encode())
        # On the disk before the note beside it gets its name: else a full disk could leave the note alone.
        file.flush()
        os.fsync(file.fileno())


def _lines(rows: Iterable[tuple[str, ...]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([guarded(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _write_xlsx(path: Path, force: bool, pages: Rows, close: Close) -> None:
    with fresh(path, force=force) as file, Workbook(file) as book:
        book.sheet("Submissions", COLUMNS)
        for page in pages:
            book.rows(page)
        book.sheet("About", ("about", "this export"))
        book.rows(close().items())


WRITERS = {".csv": _write_csv, ".xlsx": _write_xlsx}
