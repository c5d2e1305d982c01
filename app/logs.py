"""Levels and files of the program's own log. No identifier and no secret belongs in it.

Values are masked by type before they get here; the filter is the second line, for texts of other libraries.
"""

from __future__ import annotations

import logging
import logging.handlers
import re
import sys
from pathlib import Path

from app.masked import mask

TRAFFIC = 5
"""Level of raw AT traffic. Off unless the operator asks for it, and announced when it is on."""

_LONG_NUMBER = re.compile(r"(?<![0-9A-Fa-f])\+?[0-9][0-9A-Fa-f]{7,}(?![0-9A-Fa-f])")
_BEARER = re.compile(r"(?i)(bearer\s+)\S+")


class MaskingFormatter(logging.Formatter):
    """Masks any run of eight or more digits, and whatever follows "Bearer"."""

    def format(self, record: logging.LogRecord) -> str:
        text = _BEARER.sub(r"\1•••", super().format(record))
        return _LONG_NUMBER.sub(lambda found: mask(found.group()), text)


class _File(logging.handlers.RotatingFileHandler):
    """A log that cannot be written says so once, in a sentence; the work it tells of goes on."""

    told = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        fault = sys.exc_info()[1]
        if not isinstance(fault, OSError):
            super().handleError(record)
        elif not self.told and sys.stderr is not None:
            self.told = True
            sys.stderr.write(f"gate-station: the log cannot be written: {fault.strerror}\n")


def start_log(path: Path, level: int = logging.INFO) -> logging.Handler:
    """Write the program's log to `path`, five files of 1 MB. Returns the handler, for `stop_log`."""
    handler = _File(path, maxBytes=1_000_000, backupCount=4, encoding="utf-8", delay=True)
    handler.setFormatter(MaskingFormatter("%(asctime)s %(levelname)s %(name)s %(threadName)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
    # Both log whole URLs and headers below WARNING.
    for chatty in ("httpx", "httpcore"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    return handler


def stop_log(handler: logging.Handler) -> None:
    logging.getLogger().removeHandler(handler)
    handler.close()
