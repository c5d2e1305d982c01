"""The file that the program's log goes to: it is turned over, and says so once when it cannot be written."""

from __future__ import annotations

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from typing_extensions import override

MAX_BYTES, OLD = 1_000_000, 4


class LogFile(RotatingFileHandler):
    """A file of at most MAX_BYTES and OLD older ones. The work that a log tells of goes on where it cannot be
    written."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=MAX_BYTES, backupCount=OLD, encoding="utf-8", delay=True)
        self._told = False

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        if self._told or sys.stderr is None:
            return
        self._told = True
        fault = sys.exc_info()[1]
        why = fault.strerror if isinstance(fault, OSError) else f"a fault of the program: {type(fault).__name__}"
        sys.stderr.write(f"gate-station: the log cannot be written: {why}\n")
