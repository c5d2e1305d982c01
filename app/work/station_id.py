"""The station's id: made once, kept in a file, the same for every window and command."""

from __future__ import annotations

import json
import os
import tempfile
import uuid
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from app.journal.errors import JournalError


class StationNotKept(JournalError):
    """The station's id can be neither read nor written; the journal beside it is not opened."""

    code: ClassVar[str] = "station.not-kept"

    def __init__(self, path: Path, fault: OSError) -> None:
        super().__init__(
            f"The station's id could not be kept: {fault.strerror}.",
            remedy="Check that the folder can be written and that there is room on the disk.",
            detail=str(path),
        )


def station_id(path: Path) -> str:
    """The id in `path`, made at the first start. Two that start at once agree on one. Raises StationNotKept."""
    try:
        if not path.exists():
            _make(path)
        return str(json.loads(path.read_text(encoding="utf-8"))["id"])
    except OSError as fault:
        raise StationNotKept(path, fault) from fault


def _make(path: Path) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"id": str(uuid.uuid4())}, file)
        # Unlike a rename, a link never replaces what another process has made meanwhile.
        with suppress(FileExistsError):
            path.hardlink_to(name)
    finally:
        Path(name).unlink()
