"""One examination after the other, run in the background; its lines come to the window as the checks end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from app.errors import WorkstationError
from ui.background import follow

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

    def __init__(self, begin: Callable[[], Begun], parent: QObject) -> None:
        super().__init__(parent)
        self._begin = begin
        self._running = False

    @property
    def running(self) -> bool:
        return self._running

    def start(self) -> None:
        """Examine, unless that is being done."""
        if not self._running:
            self._running = True
            follow(partial(_examine, self._begin), self._hear, lambda _: self._end(), self._fail, self)

    def _hear(self, news: tuple[str, ...] | Line) -> None:
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


def _examine(begin: Callable[[], Begun], tell: Callable[[tuple[str, ...] | Line], None]) -> None:
    begun = begin()
    tell(begun.names)
    for line in begun.lines:
        tell(line)
