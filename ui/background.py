"""The one doorway for one-off blocking work: done on a thread, its result brought to the window's thread."""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct
from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from shiboken6 import isValid

from app.errors import WorkstationError

if TYPE_CHECKING:
    from queue import SimpleQueue

log = logging.getLogger(__name__)
T = TypeVar("T")
N = TypeVar("N")

THREADS = 4


class UnexpectedFault(WorkstationError):
    """A fault of the program during background work; the log has the traceback."""

    code = "window.fault"


class _Job(Struct, frozen=True):
    """What is to be done, and who is told what comes of it and how it ended."""

    work: Callable[[Callable[[Any], None]], Any]
    heard: Callable[[Any], None]
    done: Callable[[Any], None]
    failed: Callable[[WorkstationError], None]
    owner: QObject


class Background(QObject):
    """A few daemon threads and the way back. Lives as a child of the application.

    Daemon threads: a keyring's question or a dead network must never keep the program from closing.

    Jobs and what became of them are kept here, and a thread knows their numbers: a widget whose last reference were
    dropped on a thread would be destroyed there, and the next change of colours would meet what is left of it.
    """

    _told = Signal(int, object)
    _finished = Signal(int)

    def __init__(self, app: QCoreApplication) -> None:
        from queue import SimpleQueue

        super().__init__(app)
        self.setObjectName("background")
        self._numbers = itertools.count()
        self._jobs: dict[int, _Job] = {}
        self._ended: dict[int, tuple[Any, WorkstationError | None]] = {}
        self._waiting: SimpleQueue[int] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads = self._idle = 0
        self._told.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def start(self, job: _Job) -> None:
        number = next(self._numbers)
        self._jobs[number] = job
        with self._lock:
            grow = self._idle == 0 and self._threads < THREADS
            self._threads += grow
        self._waiting.put(number)
        if grow:
            threading.Thread(target=self._run, name="background", daemon=True).start()

    def _run(self) -> None:
        while True:
            with self._lock:
                self._idle += 1
            number = self._waiting.get()
            with self._lock:
                self._idle -= 1
            self._ended[number] = _end(partial(self._jobs[number].work, partial(self._tell, number)))
            # The application may be gone by the time a slow job ends; there is nobody left to tell.
            if isValid(self):
                self._finished.emit(number)

    def _tell(self, number: int, news: object) -> None:
        """From the thread of a job. Through this object and not its owner, which may be destroyed at any moment."""
        if isValid(self):
            self._told.emit(number, news)

    def _hear(self, number: int, news: object) -> None:
        job = self._jobs[number]
        if isValid(job.owner):
            job.heard(news)

    def _deliver(self, number: int) -> None:
        job, (result, trouble) = self._jobs.pop(number), self._ended.pop(number)
        if not isValid(job.owner):
            return
        if trouble is None:
            job.done(result)
        else:
            job.failed(trouble)


def _end(work: Callable[[], Any]) -> tuple[Any, WorkstationError | None]:
    """Do `work`: its result, or the trouble it ended in."""
    try:
        return work(), None
    except WorkstationError as trouble:
        log.info("%s: %s", trouble.code, trouble.detail or trouble.summary)
        return None, trouble
    except Exception as fault:  # the one doorway: a fault of the program is told, and the window lives on
        log.exception("background work failed")
        name = type(fault).__name__
        return None, UnexpectedFault(f"Something went wrong: {name}.", remedy="Try again; the log has details.")


def run(
    work: Callable[[], T],
    done: Callable[[T], None],
    failed: Callable[[WorkstationError], None],
    owner: QObject,
) -> None:
    """Do `work` on a thread, then call `done` with its result, or `failed`, on the window's thread.

    Neither is called once `owner` has been deleted. Faults of the program arrive as UnexpectedFault.
    """
    follow(lambda _: work(), lambda _: None, done, failed, owner)


def follow(
    work: Callable[[Callable[[N], None]], T],
    heard: Callable[[N], None],
    done: Callable[[T], None],
    failed: Callable[[WorkstationError], None],
    owner: QObject,
) -> None:
    """As `run`, for work with something to tell on the way: what it calls its argument with comes to `heard`, on the
    window's thread, in that order and before `done`."""
    app = QCoreApplication.instance()
    if app is None:
        raise LookupError("background work needs an application")
    found = app.findChild(Background, "background", Qt.FindChildOption.FindDirectChildrenOnly)
    (found or Background(app)).start(_Job(work, heard, done, failed, owner))
