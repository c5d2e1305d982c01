"""A file that appears whole or not at all, readable by its owner only."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, ClassVar

from app.errors import WorkstationError
from app.seams import blocking


class FileNotWritten(WorkstationError):
    """A file could not be written; nothing of it is left, and an older one is as it was."""

    code: ClassVar[str] = "file.not-written"


def refuse_existing(path: Path) -> None:
    """Raise FileNotWritten if something stands at `path`."""
    if os.path.lexists(path):
        raise FileNotWritten(f"{path} exists already.", remedy="Choose another name, or overwrite it with --force.")


@contextmanager
def fresh(path: Path, *, force: bool) -> Iterator[IO[bytes]]:
    """A file to write to, which takes the name `path` when the block ends well and is on the disk.

    Written beside it, since only within one file system is a rename one step. Without `force` an existing file is
    refused, at the start and again at the end. Raises FileNotWritten.
    """
    blocking("file write")
    if not force:
        refuse_existing(path)
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            if not force:
                refuse_existing(path)
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
        _keep_name(path.parent)
    except OSError as fault:
        raise FileNotWritten(
            f"{path} could not be written: {fault.strerror}.",
            remedy="Check that the folder exists, that you may write to it and that there is room.",
        ) from fault


def _keep_name(folder: Path) -> None:
    """Have the folder's own change on the disk; Windows does that by itself and cannot open folders."""
    if os.name == "nt":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
