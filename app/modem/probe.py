"""One port to one Identity; nothing that can be expected of cables and devices is raised."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from app.errors import Cancelled, WorkstationError
from app.identifiers.identity import Identity, ReadStatus
from app.modem.inquiry import TimeLeft, TimeUp
from app.modem.line import Line, open_line
from app.modem.port_errors import PortError
from app.modem.questions import Questions
from app.modem.reading import Reading
from app.modem.session import NoAnswer, NotAModem, Session
from app.modem.trace import Trace

SYNC_S = 3.0


def identify(
    port: str,
    *,
    opener: Callable[[str], Line] = open_line,
    deadline_s: float = 20.0,
    stop: threading.Event | None = None,
    progress: Callable[[Identity], None] | None = None,
    clock: Callable[[], float] = time.monotonic,
    trace: Trace | None = None,
) -> Identity:
    """Ask the device on one port for everything it says of itself and its SIM.

    Never raises for what can be expected of cables and devices: the status and a remark on the field "port"
    tell. `progress` gets a record after each value found, equipment first. `stop` ends the reading early.
    `trace` collects what is said on the line.
    """
    started = clock()
    reading = Reading(port)

    def elapsed_ms() -> int:
        return round((clock() - started) * 1000)

    def report() -> None:
        if progress is not None:
            progress(reading.snapshot(elapsed_ms(), status=ReadStatus.PARTIAL))

    try:
        line = opener(port)
    except PortError as error:
        return reading.snapshot(elapsed_ms(), status=error.status, trouble=error)
    if trace is not None:
        line = trace.tap(line)
    session = Session(line, clock=clock, stop=stop, deadline_s=deadline_s)
    status: ReadStatus | None = None
    trouble: WorkstationError | None = None
    try:
        time_left = TimeLeft(port, clock, started, deadline_s)
        _run(session, Questions(session, reading, report, time_left), deadline_s)
    except PortError as error:
        status, trouble = error.status, error
    except NotAModem as error:
        status, trouble = ReadStatus.NOT_A_MODEM, error
    except NoAnswer as error:
        status, trouble = ReadStatus.PARTIAL if reading.texts else ReadStatus.NO_ANSWER, error
    except (Cancelled, TimeUp) as error:
        trouble = error
    finally:
        line.close()
    reading.derive()
    return reading.snapshot(elapsed_ms(), status=status, trouble=trouble)


def _run(session: Session, questions: Questions, deadline_s: float) -> None:
    session.sync(min(SYNC_S, deadline_s))
    try:
        questions.ask_all()
    finally:
        session.restore()
