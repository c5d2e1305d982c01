"""Erasing a person in every state, for pictures."""

from __future__ import annotations

from collections.abc import Callable

from ui.erasing.page import ErasePage
from ui.journal.examples import EXAMPLES, LONG, OFFLINE, Example
from ui.main_window import MainWindow
from ui.screens import LARGE, SMALL, USUAL, Act, Scene, settle

WHO = "maria.lopez"


def scenes() -> list[Scene]:
    """All scenes of the page."""
    waiting = Example("register-device", "Telit", "LE910", WHO, (OFFLINE,))
    return [
        Scene("erase", EXAMPLES, act=_shown(""), sizes=(SMALL, USUAL)),
        Scene("erase-found", (LONG, *EXAMPLES * 3), act=_shown(WHO), sizes=(SMALL, USUAL, LARGE)),
        Scene("erase-asked", EXAMPLES, act=_shown(WHO, lambda page: page.erase.click()), sizes=(USUAL,)),
        Scene("erase-open", (waiting, *EXAMPLES), act=_shown(WHO), sizes=(USUAL,)),
        Scene("erase-nothing", EXAMPLES, act=_shown("nobody"), sizes=(USUAL,)),
        Scene("erase-done", EXAMPLES, act=_shown(WHO, _erase), sizes=(USUAL,)),
    ]


def _erase(page: ErasePage) -> None:
    page.erase.click()
    page.yes.click()
    settle()


def _shown(text: str, then: Callable[[ErasePage], None] | None = None) -> Act:
    def act(window: MainWindow) -> None:
        window.show_page("erase")
        (page,) = window.findChildren(ErasePage)
        page.line.setText(text)
        page.look_for()
        settle()
        if then:
            then(page)

    return act
