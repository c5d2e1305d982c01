"""What is not sent, in every state, for pictures."""

from __future__ import annotations

from ui.journal.examples import EXAMPLES, HELD, LONG, OFFLINE, OPEN, Example
from ui.main_window import MainWindow
from ui.screens import LARGE, SMALL, USUAL, Scene, settle
from ui.theme import CONTRAST, DARK, LIGHT


def scenes() -> list[Scene]:
    """All scenes of the page, and the notice at closing that leads to it."""
    offline = (*OPEN, Example("register-device", "Telit", "LE910", "s.moreno", (OFFLINE,)))
    held = (*OPEN, Example(LONG.workflow, LONG.manufacturer, LONG.model, LONG.username, (HELD,)))
    return [
        Scene(
            "unsent",
            (*offline, *EXAMPLES),
            act=_show,
            sizes=(SMALL, USUAL, LARGE),
            schemes=(LIGHT, DARK, CONTRAST),
        ),
        Scene("unsent-held", (*held, *EXAMPLES), act=_show, sizes=(SMALL, USUAL)),
        Scene("unsent-nothing", act=_show, sizes=(USUAL,)),
        Scene("closing", (*offline, *EXAMPLES), act=_close, sizes=(USUAL,)),
    ]


def _show(window: MainWindow) -> None:
    window.show_page("unsent")
    settle()


def _close(window: MainWindow) -> None:
    window.close()
