"""The station's threads and the way from their events to the window: opens it, runs its two loops, ends them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from app.errors import WorkstationError
from app.work.events import (
    ConsentChanged,
    DeviceChanged,
    DeviceGone,
    Event,
    JournalChanged,
    LinkChanged,
    LoopFailed,
    Publish,
)
from ui.arrivals import Arrivals
from ui.background import UnexpectedFault

if TYPE_CHECKING:
    from app.assembly import Workstation

log = logging.getLogger(__name__)

COALESCE_MS = 50
"""A burst of journal events becomes one; well below what the eye calls late."""
TURN_S = 0.002
"""For so long events are handed out before the window gets its turn to draw and to take keys."""
CLOSE_S = 2.0

Make = Callable[[Publish], "Workstation"]


class Bridge(QObject):
    """Made on the window's thread and never moved, so that its signals arrive there.

    `opened(Workstation)`, `failed(WorkstationError)`: how opening ended. `device_changed(DeviceCard)`,
    `device_gone(str)`, `journal_changed()`, `consent_changed()`, `loop_failed(LoopFailed)`: what the loops tell.
    """

    opened = Signal(object)
    failed = Signal(object)
    device_changed = Signal(object)
    device_gone = Signal(str)
    journal_changed = Signal()
    consent_changed = Signal()
    loop_failed = Signal(object)

    _came = Signal()
    _journal = Signal()

    def __init__(self, make: Make, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._make = make
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._station: Workstation | None = None
        self._made: Workstation | None = None
        self._lock = threading.Lock()
        self._journal_told = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(COALESCE_MS)
        self._pause.timeout.connect(self._tell_journal)
        self._arrivals = Arrivals()
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._hand_out)
        self._came.connect(self._hand_out, Qt.ConnectionType.QueuedConnection)
        self._journal.connect(self._pause.start, Qt.ConnectionType.QueuedConnection)

    @property
    def made(self) -> Workstation | None:
        """The station, also one that could not be opened: the doctor may be asked why."""
        return self._made

    def start(self) -> None:
        """Make and open the station on a thread; after a failure, try again. Does nothing once stopped."""
        if self._stop.is_set():
            return
        thread = threading.Thread(target=self._open, name="open station", daemon=True)
        self._threads = [thread]
        thread.start()

    def stop(self, deadline_s: float = CLOSE_S) -> bool:
        """End the loops and close the station; False when that took longer than `deadline_s`.

        What is queued is on disk already, so a loop that is too late loses nothing.
        """
        self._stop.set()
        if self._station is not None:
            # The delivery may rest for a second.
            self._station.wake()
        closing = threading.Thread(target=self._close, args=(time.monotonic() + deadline_s,), name="close", daemon=True)
        closing.start()
        closing.join(deadline_s)
        return not any(thread.is_alive() for thread in (closing, *self._threads))

    def publish(self, event: Event) -> None:
        """Take an event from any thread."""
        if self._stop.is_set() or not isValid(self):
            return
        if isinstance(event, (JournalChanged, LinkChanged)):
            with self._lock:
                told, self._journal_told = self._journal_told, True
            if not told:
                self._journal.emit()
        else:
            self._put(event)

    def _put(self, event: object) -> None:
        if self._arrivals.put(event):
            self._came.emit()

    def _open(self) -> None:
        try:
            # The same one again: it may hold the journal's key meanwhile.
            self._made = station = self._made or self._make(self.publish)
            station.open()
        except WorkstationError as trouble:
            log.warning("opening the station: %s: %s", trouble.code, trouble.detail or trouble.summary)
            self._put(trouble)
        except Exception as fault:  # the top of this thread: the window tells it instead of waiting for ever
            log.exception("opening the station failed")
            self._put(
                UnexpectedFault(f"The station cannot start: {type(fault).__name__}.", remedy="The log has details.")
            )
        else:
            self._station = station
            if not self._stop.is_set():
                for name, loop in (("intake", station.intake.run), ("deliver", station.deliver)):
                    thread = threading.Thread(target=self._loop, args=(name, loop), name=name, daemon=True)
                    self._threads.append(thread)
                    thread.start()
                self._put(station)

    def _loop(self, name: str, loop: Callable[[threading.Event], None]) -> None:
        try:
            loop(self._stop)
        except Exception as fault:  # the top of a loop: an end that nobody asked for is told
            log.exception("the loop %s ended", name)
            summary = f"The part that runs {name} ended: {type(fault).__name__}."
            self.publish(LoopFailed(name, summary, "Close the program and open it again; nothing is lost."))

    def _close(self, deadline: float) -> None:
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        if self._station is not None and not any(thread.is_alive() for thread in self._threads):
            self._station.close()

    def _hand_out(self) -> None:
        """Tell what arrived, in its order; what takes longer than a turn waits for the next."""
        end = time.perf_counter() + TURN_S
        while not self._stop.is_set() and (event := self._arrivals.take()) is not None:
            self._tell(event)
            if time.perf_counter() >= end:
                self._turn.start()
                return

    def _tell(self, event: object) -> None:
        match event:
            case DeviceChanged(card):
                self.device_changed.emit(card)
            case DeviceGone(key):
                self.device_gone.emit(key)
            case ConsentChanged():
                self.consent_changed.emit()
            case LoopFailed():
                self.loop_failed.emit(event)
            case WorkstationError():
                self.failed.emit(event)
            case _:
                self.opened.emit(event)

    def _tell_journal(self) -> None:
        # Cleared first: what changes while the screens read is told again.
        with self._lock:
            self._journal_told = False
        self.journal_changed.emit()
