"""The lock, the gate and the list of operators, for pictures."""

from __future__ import annotations

from collections.abc import Callable

from app.masked import Secret
from app.operators.people import Role
from app.work.shift import PinRefused
from ui.main_window import MainWindow
from ui.sample_devices import MODEM, READING
from ui.screens import LARGE, SMALL, USUAL, Act, Scene, settle
from ui.settings.page import SettingsPage
from ui.theme import CONTRAST, DARK, LIGHT

PEOPLE = (
    ("Ana Pérez", Role.SUPERVISOR),
    ("Luis Hernández", Role.OPERATOR),
    ("Eva-María Fernández de la Cruz y Santillán", Role.TECHNICIAN),
)
PIN = Secret("2580")


def scenes() -> list[Scene]:
    """All scenes of the operators."""
    return [
        Scene("lock", act=_locked(), sizes=(SMALL, USUAL, LARGE), schemes=(LIGHT, DARK, CONTRAST)),
        Scene("lock-refused", act=_locked(_refused), sizes=(USUAL,)),
        Scene("gate", devices=(MODEM, READING), act=_gate, sizes=(USUAL,)),
        Scene("operators", act=_listed(), sizes=(USUAL, LARGE)),
        Scene("operators-editing", act=_listed(_editing), sizes=(USUAL,)),
        Scene("operators-none", act=_nobody, sizes=(USUAL,), schemes=(LIGHT,)),
    ]


def _staffed(window: MainWindow) -> None:
    station = window.station
    if station is None:
        raise LookupError("the scene begins with an open station")
    for name, role in PEOPLE:
        station.shift.enter(name, role, PIN)
    window.door.people_changed()
    settle()


def _locked(then: Callable[[MainWindow], None] | None = None) -> Act:
    def act(window: MainWindow) -> None:
        _staffed(window)
        window.door.lock()
        settle()
        if then:
            then(window)

    return act


def _refused(window: MainWindow) -> None:
    window.door.lock_page.fail(PinRefused("The PIN is wrong.", "Wait 30 s, then enter it again.", 30))


def _gate(window: MainWindow) -> None:
    _locked()(window)
    luis = next(who for who in window.door.people if who.role is Role.OPERATOR)
    window.door.lock_page.entered.emit(luis.id, PIN)
    settle(lambda: not window.door.locked)
    window.show_page("settings")


def _listed(then: Callable[[SettingsPage], None] | None = None) -> Act:
    def act(window: MainWindow) -> None:
        _staffed(window)
        window.show_page("settings")
        (page,) = window.findChildren(SettingsPage)
        settle(lambda: bool(page.operators.people))
        page.show_card(page.operators)
        if then:
            then(page)

    return act


def _editing(page: SettingsPage) -> None:
    page.operators.edit(page.operators.people[1])
    settle()
    page.show_card(page.operators)


def _nobody(window: MainWindow) -> None:
    window.show_page("settings")
    (page,) = window.findChildren(SettingsPage)
    settle()
    page.operators.add()
    settle()
    page.show_card(page.operators)
