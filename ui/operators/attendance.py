"""Who is at the window: locks it after a while without keys or pointer, and lets people in. Draws nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QWindow
from typing_extensions import override

from app.errors import WorkstationError
from app.masked import Secret
from app.operators.people import Operator, Right
from ui.background import run

if TYPE_CHECKING:
    from app.work.shift import Shift

_ACTIVE = frozenset({QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel})
MINUTE_MS = 60_000


class Attendance(QObject):
    """Emits `locked`, `signed_in(Operator)`, `people_known(list)`, `refused(WorkstationError)`.

    `lock_after_min` 0 never locks. A station without operators is never locked.
    """

    locked = Signal()
    signed_in = Signal(object)
    people_known = Signal(object)
    refused = Signal(object)

    def __init__(self, shift: Shift, parent: QObject) -> None:
        super().__init__(parent)
        self._shift = shift
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self.lock)

    def watch(self, window: QWindow) -> None:
        """Take what is pressed and moved in `window` for work. Its own events only: a filter of the application
        would be asked about every event of every widget."""
        window.installEventFilter(self)

    def active(self) -> None:
        """Somebody is at work by another way than keys and pointer."""
        if self._idle.isActive():
            self._idle.start()

    def lock_after(self, minutes: float) -> None:
        """Lock after so many minutes in which nothing was pressed or moved."""
        self._idle.setInterval(int(minutes * MINUTE_MS))
        self._begin_idle()

    def begin(self) -> None:
        """The station is open: lock where there are operators and nobody is signed in."""
        if self._shift.staffed and self._shift.signed_in is None:
            self.locked.emit()
        self.look()

    def look(self) -> None:
        """Read who works here."""
        run(self._shift.people, self.people_known.emit, self.refused.emit, self)

    def lock(self) -> None:
        if self._shift.staffed:
            self._idle.stop()
            self.locked.emit()
            run(self._shift.sign_out, lambda _: self.look(), self.refused.emit, self)

    def sign_in(self, id: str, pin: Secret) -> None:
        run(lambda: self._shift.sign_in(id, pin), self._came, self.refused.emit, self)

    def lend(
        self, id: str, pin: Secret, right: Right, then: Callable[[], None], failed: Callable[[WorkstationError], None]
    ) -> None:
        """Have somebody stand by who has `right`, then go on."""
        run(lambda: self._shift.lend(id, pin, right), lambda _: then(), failed, self)

    def _came(self, who: Operator) -> None:
        self._begin_idle()
        self.signed_in.emit(who)

    def _begin_idle(self) -> None:
        if self._shift.signed_in is not None and self._idle.interval() > 0:
            self._idle.start()
        else:
            self._idle.stop()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _ACTIVE:
            self.active()
        return False
