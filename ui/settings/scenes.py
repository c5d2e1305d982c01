"""The settings page in every state, for pictures."""

from __future__ import annotations

from collections.abc import Callable

from app.errors import WorkstationError
from app.masked import Secret
from ui.main_window import MainWindow
from ui.screens import LARGE, SMALL, USUAL, Act, Scene, settle
from ui.settings.page import SettingsPage
from ui.settings.token import Tested
from ui.theme import CONTRAST, DARK, LIGHT


def scenes() -> list[Scene]:
    """All scenes of the settings."""
    return [
        Scene("settings", act=_shown(), sizes=(SMALL, USUAL, LARGE), schemes=(LIGHT, DARK, CONTRAST)),
        Scene("settings-edited", act=_shown(_edited)),
        Scene("settings-invalid", act=_shown(_invalid), sizes=(SMALL, USUAL)),
        Scene("settings-failed", act=_shown(_not_kept), sizes=(USUAL,)),
        Scene("settings-station", act=_shown(lambda page: page.go_to("language")), sizes=(USUAL,)),
        Scene("settings-administrator", act=_shown(_administrator), sizes=(USUAL, LARGE)),
        Scene("settings-token-yours", act=_shown(_whose), sizes=(USUAL,)),
        Scene("settings-token-clear", act=_shown(lambda page: page.token.ask_clear()), sizes=(USUAL,)),
    ]


def _shown(then: Callable[[SettingsPage], None] | None = None) -> Act:
    def act(window: MainWindow) -> None:
        window.show_page("settings")
        settle()
        (page,) = window.findChildren(SettingsPage)
        if then:
            then(page)

    return act


def _edited(page: SettingsPage) -> None:
    page.enter("gate.timeout_s", 30.0)
    page.enter("number_country", "MX")
    page.enter("ports.extra", ("/dev/ttyMODEM0", "socket://192.168.10.20:7000"))


def _administrator(page: SettingsPage) -> None:
    page.unfold()
    settle()
    page.go_to("log_level")


def _invalid(page: SettingsPage) -> None:
    _edited(page)
    page.enter("gate.timeout_s", 900.0)


def _not_kept(page: SettingsPage) -> None:
    _edited(page)
    page.show_refused(
        WorkstationError(
            "The settings could not be written: No space left on device.",
            remedy="Check that there is room and that the folder can be written, then save again.",
        )
    )


def _whose(page: SettingsPage) -> None:
    page.token.show_tested(Tested("Librería del Centro S.A. de C.V.", offered=Secret("a-token-for-pictures")))
