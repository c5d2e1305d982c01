"""The rows of a file that failed, as a file to be corrected: the same columns, then `status` and `reason`."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from app.provisioning.fields import ROWS
from app.work.cells import guarded, whole
from app.work.columns import VERDICT
from app.work.fresh import FileNotWritten, fresh, refuse_existing
from app.work.rows import Row, key_of
from app.work.workbooks import Formula
from app.work.xlsx import Workbook


class Failed(Struct, frozen=True):
    """`status` is the submission's state, or "invalid"; `reason` a sentence for each problem."""

    row: Row
    status: str
    reason: str


def refuse_unwritable(path: Path) -> None:
    """Raise FileNotWritten for a file that exists or has no known ending: before any row is queued."""
    if path.suffix.lower() not in {".csv", ".xlsx"}:
        raise FileNotWritten(f"{path.name} has no known ending.", remedy="Name it .csv or .xlsx.")
    refuse_existing(path)


def write_failed(path: Path, failed: Sequence[Failed]) -> None:
    """Write `failed` to `path` (.csv or .xlsx), readable by its owner only. Secrets are left out and that is said.

    The file can be submitted again as it is: its two last columns are left out then. Raises FileNotWritten.
    """
    names = tuple(dict.fromkeys(name for each in failed for name in each.row.cells))
    lines = [[*(_text(each.row, name) for name in names), each.status, _reason(each)] for each in failed]
    header = [*(whole(name) for name in names), *VERDICT]
    with fresh(path, force=False) as file:
        if path.suffix.lower() == ".xlsx":
            with Workbook(file) as book:
                book.sheet("Failed rows", header)
                book.rows(lines)
        else:
            text = io.StringIO(newline="")
            csv.writer(text, quoting=csv.QUOTE_ALL).writerows(
                [guarded(cell) for cell in line] for line in [header, *lines]
            )
            file.write(b"\xef\xbb\xbf" + text.getvalue().encode())


def _secret(name: str) -> bool:
    key = key_of(name)
    return key is not None and ROWS[key].secret


def _text(row: Row, name: str) -> str:
    cell = row.cells.get(name)
    if cell is None or _secret(name):
        return ""
    return whole(cell.text if isinstance(cell, Formula) else str(cell))


def _reason(failed: Failed) -> str:
    left_out = [name for name, cell in failed.row.cells.items() if cell not in (None, "") and _secret(name)]
    return whole(" ".join([failed.reason, *(f"{name} is left out of this file: enter it again." for name in left_out)]))
