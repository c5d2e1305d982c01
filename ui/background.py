"""The one doorway for one-off blocking work: done on a thread, its result brought to the window's thread."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from shiboken6 import isValid

from app.errors import WorkstationError

log = logging.getLogger(__name__)
T = TypeVar("T")

THREADS = 4


class UnexpectedFault(WorkstationError):
    """A fault of the program during background work; the log has the traceback."""

    code = "window.fault"


class Background(QObject):
    """A few daemon threads and the way back. Lives as a child of the application.

    Daemon threads: a keyring's question or a dead network must never keep the program from closing.
    """

    _finished = Signal(object)

    def __init__(self, app: QCoreApplication) -> None:
        super().__init__(app)
        self.setObjectName("background")
        self._jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._threads = self._idle = 0
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def start(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[WorkstationError], None],
        owner: QObject,
    ) -> None:
        def job() -> None:
            answer: Callable[[], None]
            try:
                result = work()
            except WorkstationError as trouble:
                log.info("%s: %s", trouble.code, trouble.detail or trouble.summary)
                answer = _bound(failed, trouble)
            except Exception as fault:  # the one doorway: a fault of the program is told, and the window lives on
                log.exception("background work failed")
                name = type(fault).__name__
                answer = _bound(
                    failed, UnexpectedFault(f"Something went wrong: {name}.", remedy="Try again; the log has details.")
                )
            else:
                answer = _bound(done, result)
            self._finish((owner, answer))

        with self._lock:
            grow = self._idle == 0 and self._threads < THREADS
            self._threads += grow
        self._jobs.put(job)
        if grow:
            threading.Thread(target=self._run, name="background", daemon=True).start()

    def _run(self) -> None:
        while True:
            with self._lock:
                self._idle += 1
            job = self._jobs.get()
            with self._lock:
                self._idle -= 1
            job()

    def _finish(self, answer: tuple[QObject, Callable[[], None]]) -> None:
        # The application may be gone by the time a slow job ends; there is nobody left to tell.
        if isValid(self):
            self._finished.emit(answer)

    def _deliver(self, answer: tuple[QObject, Callable[[], None]]) -> None:
        owner, call = answer
        if isValid(owner):
            call()


def _bound(call: Callable[[Any], None], value: Any) -> Callable[[], None]:
    return lambda: call(value)


def run(
    work: Callable[[], T],
    done: Callable[[T], None],
    failed: Callable[[WorkstationError], None],
    owner: QObject,
) -> None:
    """Do `work` on a thread, then call `done` with its result, or `failed`, on the window's thread.

    Neither is called once `owner` has been deleted. Faults of the program arrive as UnexpectedFault.
    """
    app = QCoreApplication.instance()
    if app is None:
        raise LookupError("background work needs an application")
    found = app.findChild(Background, "background", Qt.FindChildOption.FindDirectChildrenOnly)
    (found or Background(app)).start(work, done, failed, owner)
