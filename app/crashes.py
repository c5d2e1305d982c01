"""What nothing caught: kinds and places of the fault into the log, a word to whoever is there, never a value."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO

from app.logs import start_log, stop_log
from app.paths import Paths

log = logging.getLogger(__name__)

MAX_BYTES = 1_000_000

Tell = Callable[[str], None]
"""Says to people that there was a fault, given the name of its kind."""


@contextmanager
def recorded(where: Paths, level: int, tell: Tell) -> Iterator[None]:
    """Write the log, the faults that nothing catches and the places of a crash into the folder of `where`.

    A fault of the program that comes out of the block is logged, told, and ends the program with 1.
    """
    handler = start_log(where.log_file, level)
    watch_faults(tell)
    crashes = _crash_file(where.crash_file)
    if crashes is not None:
        faulthandler.enable(crashes, all_threads=True)
    try:
        yield
    except Exception as fault:  # noqa: BLE001 - the top of the program: Python would print the fault's own words
        sys.excepthook(type(fault), fault, fault.__traceback__)
        raise SystemExit(1) from None
    finally:
        if crashes is not None:
            faulthandler.disable()
            crashes.close()
        stop_log(handler)


def watch_faults(tell: Tell) -> None:
    """Have each fault that nothing caught, on whichever thread, logged and told.

    Python itself, and Qt, would print its words, in which values may stand.
    """

    def caught(kind: type[BaseException], fault: BaseException | None, trace: TracebackType | None) -> None:
        log.critical("a fault of the program", exc_info=(kind, fault or kind(), trace))
        tell(kind.__name__)

    sys.excepthook = caught
    threading.excepthook = lambda told: caught(told.exc_type, told.exc_value, told.exc_traceback)
    sys.unraisablehook = lambda told: caught(told.exc_type, told.exc_value, told.exc_traceback)


def tell_on_stderr(kind: str) -> None:
    """Where there is no window to say it; a windowed program has no stderr."""
    if sys.stderr is not None:
        sys.stderr.write(f"gate-station: something went wrong: {kind}. The log has details.\n")


def _crash_file(path: Path) -> IO[str] | None:
    """Where the system's own faults leave the places of every thread: frames only, no values."""
    try:
        too_large = path.exists() and path.stat().st_size > MAX_BYTES
        return path.open("w" if too_large else "a", encoding="utf-8")
    except OSError as fault:
        log.warning("crashes cannot be written down: %s", fault.strerror)
        return None
