"""Reading the first sheet of a workbook that anybody may have made: bounded, without entities, formulas named.

openpyxl parses through defusedxml where that is installed, as it is here: entities are refused. What it cannot know
is refused before or while it reads: bombs by the archive's own directory, sheets that are endless, hidden or merged.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any, ClassVar

from msgspec import Struct

from app.errors import WorkstationError
from app.work.cells import from_xml

MAX_UNPACKED = 100_000_000
"""Bytes of all parts together; 100,000 submissions need about half of it."""

MAX_RATIO = 200
"""Unpacked to packed. Tables pack to a tenth; a sheet of one value repeated to a hundredth."""

MAX_PARTS = 2_000
MAX_ROWS = 100_000
MAX_COLUMNS = 256

_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*ref=\"([A-Z0-9:]{1,40})\"")


class FileUnreadable(WorkstationError):
    """The file as a whole cannot be read; no row of it was queued."""

    code: ClassVar[str] = "file.unreadable"


class Formula(Struct, frozen=True):
    """A cell that holds a formula. Its last result may be stale or a stranger's, so it is not taken."""

    text: str


def too_many_rows(name: str) -> FileUnreadable:
    return FileUnreadable(f"{name} has more than {MAX_ROWS:,} rows.", remedy="Split it into smaller files.")


def first_sheet(name: str, data: bytes) -> list[list[Any]]:
    """The cells of the first sheet by row: texts, numbers, times, Formula, None. Raises FileUnreadable."""
    # Imported here: openpyxl costs a tenth of a second that most runs need not pay.
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_bomb(name, archive, len(data))
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
            try:
                sheet: Any = book.worksheets[0]
                if sheet.sheet_state != "visible":
                    raise FileUnreadable(
                        f"The first sheet of {name} is hidden.", remedy="Show it, look at it, save again."
                    )
                if merged := _MERGED.search(archive.read(sheet._worksheet_path)):
                    raise FileUnreadable(
                        f"{name} has merged cells ({merged[1].decode()}): it is not clear which row they belong to.",
                        remedy="Unmerge them and fill each cell.",
                    )
                return list(_rows(name, sheet))
            finally:
                book.close()
    except FileUnreadable:
        raise
    except Exception as fault:  # what a damaged or made-up workbook raises within openpyxl is not foreseeable
        raise FileUnreadable(
            f"{name} is not a readable XLSX file.",
            remedy="Save it again as .xlsx or .csv.",
            detail=type(fault).__name__,
        ) from fault


def _refuse_bomb(name: str, archive: zipfile.ZipFile, packed: int) -> None:
    """By the directory alone, which binds: no part can be read beyond the size that it states there."""
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * packed or len(parts) > MAX_PARTS:
        raise FileUnreadable(
            f"{name} unpacks to {unpacked / 1_000_000:,.0f} MB in {len(parts):,} parts; that is no table.",
            remedy="Copy the rows into a new workbook, or split it into smaller files.",
        )


def _rows(name: str, sheet: Any) -> Iterator[list[Any]]:
    # What a sheet says of its own size may be false, and openpyxl would believe it.
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(max_row=MAX_ROWS + 2)):
        if number > MAX_ROWS:
            raise too_many_rows(name)
        if len(cells) > MAX_COLUMNS:
            raise FileUnreadable(
                f"{name} has more than {MAX_COLUMNS} columns.", remedy="Delete the columns behind the last field."
            )
        yield [_value(cell) for cell in cells]


def _value(cell: Any) -> Any:
    if cell.data_type == "f":
        return Formula(str(cell.value))
    return from_xml(cell.value) if isinstance(cell.value, str) else cell.value
