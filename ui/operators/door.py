"""Between the work and whoever comes: the lock in front of the window, and the gate in front of a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from app.errors import WorkstationError
from app.masked import Secret
from app.operators.people import Operator, Right, wearing
from app.settings import Settings

if TYPE_CHECKING:
    from app.work.shift import Shift
    from ui.operators.attendance import Attendance
    from ui.operators.gate import GatePage
    from ui.operators.lock import LockPage


class Door(QStackedWidget):
    """Shows `work`, or the lock. Emits `came(name)` when somebody signs in, `named(name)` when the name of who is
    signed in became another."""

    came = Signal(str)
    named = Signal(str)

    def __init__(self, work: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self.addWidget(work)
        self._lock_page: LockPage | None = None
        self.attendance: Attendance | None = None
        """None until the station is open."""
        self._shift: Shift | None = None
        self._gates: dict[Right, GatePage] = {}
        self.people: list[Operator] = []
        """Who works here, as it was read last."""
        self._waiting = 0

    @property
    def locked(self) -> bool:
        return self.currentWidget() is not self._work

    def attach(self, shift: Shift, settings: Settings) -> None:
        """The station is open, or its settings were changed."""
        if self.attendance is None:
            from ui.operators.attendance import Attendance

            self._shift = shift
            self.attendance = attendance = Attendance(shift, self)
            attendance.locked.connect(self._lock)
            attendance.signed_in.connect(self._signed_in)
            attendance.people_known.connect(self._know)
            attendance.refused.connect(self._refused)
            self._watch_window()
            attendance.begin()
        self.attendance.lock_after(settings.number("lock_after_min"))

    def lock(self) -> None:
        """Lock now; does nothing at a station without operators."""
        if self.attendance is not None:
            self.attendance.lock()

    def active(self) -> None:
        """Somebody is at work, though no key and no pointer tell of it."""
        if self.attendance is not None:
            self.attendance.active()

    def badge(self, code: str) -> bool:
        """Somebody scanned a badge: the window is theirs once the PIN is entered; where a page asks for them, that page
        is opened, and who is signed in stays. False for nobody's badge."""
        who = wearing(self.people, code)
        if who is None:
            return False
        if gate := next((gate for gate in self._gates.values() if gate.isVisible() and who.may(gate.right)), None):
            gate.panel.choose(who.id)
            return True
        if not self.locked:
            self.lock()
        self.lock_page.panel.choose(who.id)
        return True

    def say_waiting(self, waiting: int) -> None:
        self._waiting = waiting
        if self._lock_page is not None:
            self._lock_page.say_waiting(waiting)

    def guard(self, right: Right | None, then: Callable[[], None]) -> QWidget | None:
        """The page that asks for somebody with `right`, before `then`; None where the way is free.

        With each page that needs none, what was lent is given back.
        """
        shift = self._shift
        if shift is None:
            return None
        if right is None:
            shift.give_back()
        if right is None or shift.may(right):
            return None
        gate = self._gates.get(right) or self._gate(right)
        gate.then = then
        gate.panel.forget()
        gate.show_people(self.people)
        return gate

    def _gate(self, right: Right) -> GatePage:
        from ui.operators.gate import GatePage

        gate = self._gates[right] = GatePage(right)
        gate.entered.connect(lambda id, pin: self._lend(gate, id, pin))
        gate.left.connect(lambda: self.came.emit(self._shift.name if self._shift else ""))
        return gate

    def _lend(self, gate: GatePage, id: str, pin: Secret) -> None:
        if self.attendance is not None:
            self.attendance.lend(id, pin, gate.right, gate.then, gate.panel.fail)

    @property
    def lock_page(self) -> LockPage:
        """Made when the window is locked for the first time."""
        if self._lock_page is None:
            from ui.operators.lock import LockPage

            self._lock_page = LockPage()
            if self.attendance is not None:
                self._lock_page.entered.connect(self.attendance.sign_in)
            self._lock_page.show_people(self.people)
            self._lock_page.say_waiting(self._waiting)
            self.addWidget(self._lock_page)
        return self._lock_page

    def _lock(self) -> None:
        page = self.lock_page
        self.setCurrentWidget(page)
        page.begin()

    def _refused(self, trouble: WorkstationError) -> None:
        self.lock_page.fail(trouble)

    def _signed_in(self, who: Operator) -> None:
        if self._lock_page is not None:
            self._lock_page.panel.forget()
        self.setCurrentWidget(self._work)
        self.came.emit(who.name)

    def _know(self, people: list[Operator]) -> None:
        self.people = people
        if self._lock_page is not None:
            self._lock_page.show_people(people)
        for gate in self._gates.values():
            gate.show_people(people)

    def people_changed(self) -> None:
        """Operators were entered or changed in the settings."""
        if self.attendance is not None and self._shift is not None:
            self.attendance.look()
            self.named.emit(self._shift.name)
            if self._shift.signed_in is None:
                self.attendance.begin()

    def _watch_window(self) -> None:
        window = self.window().windowHandle()
        if window is not None and self.attendance is not None:
            self.attendance.watch(window)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._watch_window()
