"""A file that the operator asked for: whole or not at all, and in place of no other one unless that is wanted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, ClassVar

from app.errors import WorkstationError
from app.seams import blocking
from app.whole import whole


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

    Without `force` an existing file is
    refused, at the start and again at the end. Raises FileNotWritten.
    """
    blocking("file write")
    if not force:
        refuse_existing(path)
    try:
        with whole(path) as file:
            yield file
            if not force:
                refuse_existing(path)
    except OSError as fault:
        raise FileNotWritten(
            f"{path} could not be written: {fault.strerror}.",
            remedy="Check that the folder exists, that you may write to it and that there is room.",
        ) from fault
