"""Printing: data as JSON or as a table on stdout, messages on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from app.errors import WorkstationError


def line(record: Any) -> None:
    """One JSON value on one line, written out at once: whoever reads it may rely on what it says."""
    sys.stdout.write(json.dumps(record, ensure_ascii=True) + "\n")
    sys.stdout.flush()


def text(words: str) -> None:
    sys.stdout.write(words + "\n")


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    lines = [list(header), *(list(row) for row in rows)]
    widths = [max(len(row[column]) for row in lines) for column in range(len(header))]
    for row in lines:
        text("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def trouble(fault: WorkstationError) -> None:
    sys.stderr.write(f"gate-station: {fault}\n")
