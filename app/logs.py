"""The program's own log: JSON lines in rotating files. No identifier and no secret belongs in it.

Hedges, each for what the one before lets through: values mask themselves by type; of the arguments of a message only
plain ones are written, of all others the name of their type; long numbers and what follows "Bearer" are masked in
whatever text is left. Of an error only its kind and the places it passed are written, never its own words; of what
other libraries say only the place.
"""

from __future__ import annotations

import logging
import re
import traceback
import warnings
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, TextIO

from typing_extensions import override

from app.errors import WorkstationError
from app.masked import Masked, mask

if TYPE_CHECKING:
    from app.log_file import LogFile

log = logging.getLogger(__name__)

TRAFFIC = 5
"""Level of AT commands. Off unless the operator asks for it, and announced when it is on."""

LEVELS = {"info": logging.INFO, "debug": logging.DEBUG}
"""The choices of the setting `log_level`."""

OURS = ("app", "ui", "gate-station")
PLAIN = (str, int, float, bool, type(None), PurePath, Masked, datetime)
"""Types of arguments that are written. A header, a body, a record of a person is none of them."""

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
# Digits in one run, as hexadecimal, or in groups as people write them. A date and an hour are ten digits with dashes.
_DIGITS = r"[0-9A-Fa-f]{7,}|(?:[ ]?[0-9]){7,}|(?:[ -]?[0-9]){10,}"
_LONG_NUMBER = rf"{_UUID}|(?<![0-9A-Za-z])\+?[0-9](?:{_DIGITS})(?![0-9A-Fa-f])"
_BEARER = r"(?i)(bearer\s+)\S+"


def masked(text: str) -> str:
    """`text` with every number of eight or more digits masked, eleven where dashes part them, and whatever follows
    "Bearer". A UUID stays."""
    return re.sub(_LONG_NUMBER, _masked_number, re.sub(_BEARER, r"\1•••", text))


def _masked_number(found: re.Match[str]) -> str:
    return found[0] if re.fullmatch(_UUID, found[0]) else mask(found[0])


class JsonLines(logging.Formatter):
    """One JSON object a line: at, level, logger, thread, message; of an error its kinds and places."""

    def format(self, record: logging.LogRecord) -> str:
        # With the first line: until the window is drawn nothing else needs it.
        import json

        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "thread": masked(record.threadName or ""),
            "message": masked(_message(record)),
        }
        if record.exc_info and record.exc_info[1]:
            line["error"] = described(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    if not _ours(record):
        # What others put into their messages is not ours to judge: the place tells which one it was.
        return f"said at {_short(record.pathname)}:{record.lineno}"
    template = record.msg if isinstance(record.msg, str) else f"<{type(record.msg).__name__}>"
    if not record.args:
        return template
    values = record.args if isinstance(record.args, tuple) else (record.args,)
    return template % tuple(value if isinstance(value, PLAIN) else f"<{type(value).__name__}>" for value in values)


def described(fault: BaseException) -> list[str]:
    """Kinds and places of an error and of what led to it, outermost first. Never its words: they may quote values."""
    lines: list[str] = []
    seen: set[int] = set()
    link: BaseException | None = fault
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        code = f" {link.code}" if isinstance(link, WorkstationError) else ""
        lines.append(f"{type(link).__module__}.{type(link).__qualname__}{code}")
        lines += [f"  {_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in _frames(link)]
        link = link.__cause__ or link.__context__
    return lines


def _frames(fault: BaseException) -> traceback.StackSummary:
    # Without the lines themselves and without locals: both may hold values.
    return traceback.StackSummary.extract(traceback.walk_tb(fault.__traceback__), lookup_lines=False)


def _short(path: str) -> str:
    """The end of a path: the rest names the user."""
    return "/".join(PurePath(path).parts[-3:])


class _File(logging.Handler):
    """Writes to the file at `path`, which the first line opens: what it takes to turn files over is loaded then."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._file: LogFile | None = None

    @override
    def emit(self, record: logging.LogRecord) -> None:
        if self._file is None:
            from app.log_file import LogFile

            self._file = LogFile(self._path)
            self._file.setFormatter(self.formatter)
        self._file.handle(record)

    @override
    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        super().close()


_SILENCE = logging.NullHandler()


def _ours(record: logging.LogRecord) -> bool:
    return record.name.split(".")[0] in OURS


def _wanted(record: logging.LogRecord) -> bool:
    """Below a warning only our own say is wanted."""
    return record.levelno >= logging.WARNING or _ours(record)


def _warned(
    _message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    _file: TextIO | None = None,
    _line: str | None = None,
) -> None:
    """In the place of Python's own, which prints the words: openpyxl's hold the values of cells."""
    log.warning("%s at %s:%d", category.__name__, _short(filename), lineno)


def start_log(path: Path, level: int = logging.INFO) -> logging.Handler:
    """Write the program's log to `path`, five files of 1 MB at most. Returns the handler, for `stop_log`."""
    handler = _File(path)
    handler.setFormatter(JsonLines())
    handler.addFilter(_wanted)
    root = logging.getLogger()
    root.addHandler(handler)
    # With no handler left, at the very end, Python would print errors with their words.
    root.addHandler(_SILENCE)
    root.setLevel(level)
    warnings.showwarning = _warned  # type: ignore[assignment] # it is called by place
    # Both log whole URLs and headers below WARNING, for whichever handler asks.
    for chatty in ("httpx", "httpcore"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    return handler


def stop_log(handler: logging.Handler) -> None:
    logging.getLogger().removeHandler(handler)
    handler.close()
