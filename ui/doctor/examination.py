"""One examination after the other, run in the background; its lines come to the window as the checks end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from app.errors import WorkstationError
from ui.background import run

if TYPE_CHECKING:
    from app.assembly import Workstation
    from app.work.doctor.line import Line


class Begun(Struct, frozen=True):
    """The checks that are running, by name, and their lines as they end."""

    names: tuple[str, ...]
    lines: Iterator[Line]


def examine_station(station: Workstation) -> Begun:
    """Begin all checks that have a meaning on this system; blocks. The station need not be open."""
    # They bring http, ssl and more along.
    from app.work.doctor import CHECKS
    from app.work.doctor.examine import examine

    surroundings = station.surroundings()
    checks = [check for check in CHECKS if not check.systems or surroundings.platform in check.systems]
    return Begun(tuple(check.name for check in checks), examine(checks, surroundings))


class Examination(QObject):
    """`begun(names)`, then `found(Line)` for each, then `ended()`; or `failed(WorkstationError)`."""

    begun = Signal(object)
    found = Signal(object)
    ended = Signal()
    failed = Signal(object)

    _told = Signal(object)

    def __init__(self, begin: Callable[[], Begun], parent: QObject) -> None:
        super().__init__(parent)
        self._begin = begin
        self._running = False
        self._told.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    @property
    def running(self) -> bool:
        return self._running

    def start(self) -> None:
        """Examine, unless that is being done."""
        if not self._running:
            self._running = True
            run(self._examine, lambda _: self._end(), self._fail, self)

    def _examine(self) -> None:
        begun = self._begin()
        self._hand_on(begun.names)
        for line in begun.lines:
            self._hand_on(line)

    def _hand_on(self, news: object) -> None:
        # The window may have closed while a check ran.
        if isValid(self):
            self._told.emit(news)

    def _tell(self, news: object) -> None:
        if isinstance(news, tuple):
            self.begun.emit(news)
        else:
            self.found.emit(news)

    def _end(self) -> None:
        self._running = False
        self.ended.emit()

    def _fail(self, trouble: WorkstationError) -> None:
        self._running = False
        self.failed.emit(trouble)
