"""A token that is refused in mid-shift, for pictures."""

from __future__ import annotations

from collections.abc import Callable

from app.masked import Secret
from ui.journal.examples import EXAMPLES, HELD, OPEN, Example
from ui.main_window import MainWindow
from ui.pause.page import PausePage
from ui.screens import LARGE, SMALL, USUAL, Act, Scene, settle
from ui.settings.token import Tested
from ui.theme import CONTRAST, DARK, LIGHT


def scenes() -> list[Scene]:
    """All scenes of the page."""
    journal = (*OPEN[:2], Example("register-device", "Telit", "LE910", "s.moreno", (HELD,)), *EXAMPLES)
    return [
        Scene("token", journal, act=_shown(), sizes=(SMALL, USUAL, LARGE), schemes=(LIGHT, DARK, CONTRAST)),
        Scene("token-yours", journal, act=_shown(_whose), sizes=(SMALL, USUAL)),
    ]


def _shown(then: Callable[[PausePage], None] | None = None) -> Act:
    def act(window: MainWindow) -> None:
        window.show_page("token")
        settle()
        (page,) = window.findChildren(PausePage)
        if then:
            then(page)

    return act


def _whose(page: PausePage) -> None:
    page.token.show_tested(
        Tested("Librería y Papelería del Centro Histórico S.A. de C.V.", offered=Secret("a-token-for-pictures"))
    )
