"""The station's folder for files: exports and results go there without a question, orders are found there by name."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from app.seams import blocking
from app.work.workbooks import FileUnreadable

ORDERS = (".csv", ".xlsx", ".json")
"""How the names of orders end."""


def filed(folder: Path, name: str, now: datetime) -> Path:
    """Where a file called `name` goes, under a name that tells the local time it was asked for.

    Two of one second would be the same file.
    """
    plain = Path(name)
    return folder / f"{plain.stem} {now.astimezone():%Y-%m-%d %H.%M.%S}{plain.suffix}"


def order_in(folder: Path, text: str) -> Path | None:
    """The order whose file name is `text`, with or without its ending, in large or small letters; the newest of
    several, None where there is none. Blocks. Raises FileUnreadable where the folder cannot be looked into.
    """
    blocking("folder")
    wanted = text.strip().casefold()
    try:
        found = [
            (file.stat().st_mtime, file)
            for file in folder.iterdir()
            if file.suffix.lower() in ORDERS and wanted in {file.name.casefold(), file.stem.casefold()}
        ]
    except OSError as fault:
        raise FileUnreadable(
            f"The folder for files cannot be looked into: {fault.strerror}.",
            remedy="Check that it is there and that you may open it, or choose another in Settings.",
            detail=str(folder),
        ) from fault
    return max(found)[1] if found else None
