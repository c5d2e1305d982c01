"""Keeping what was said on a device's lines in a file for support."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from app.errors import WorkstationError
from app.seams import blocking


class TraceNotKept(WorkstationError):
    """A trace was asked for and there is none, or its file could not be written."""

    code: ClassVar[str] = "trace.not-kept"


def save_trace(text: str, file: Path) -> None:
    """Write a trace, whose identifiers are masked. Raises TraceNotKept, also where nothing was said."""
    if not text:
        raise TraceNotKept("Nothing was said to this device yet.", remedy="Read it again, then save its trace.")
    blocking("writing a trace")
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise TraceNotKept(
            f"The trace could not be written: {fault.strerror}.", remedy="Choose another folder.", detail=str(file)
        ) from fault
