"""The panels about the journal's key in every state, for pictures."""

from __future__ import annotations

from collections.abc import Callable

from app.credentials.errors import CodeMisspelt
from app.errors import WorkstationError
from app.masked import Secret
from ui.journal.examples import EXAMPLES
from ui.keeping.panels import AskPanel
from ui.main_window import MainWindow
from ui.screens import LARGE, SMALL, USUAL, Act, Scene, settle
from ui.theme import LIGHT

CODE = Secret("7K3R-0VQA-M2XD-9ZTC-4HJ9-B6NE-1PW7-YS5G")


def scenes() -> list[Scene]:
    """All scenes of the panels."""
    return [
        Scene("key-code", EXAMPLES, act=_shown(_code), sizes=(SMALL, USUAL, LARGE)),
        Scene("key-code-wrong", EXAMPLES, act=_shown(_mistyped), sizes=(USUAL,), schemes=(LIGHT,)),
        Scene("key-lost", opened=False, act=_shown(_lost), sizes=(SMALL, USUAL, LARGE)),
        Scene("key-lost-wrong", opened=False, act=_shown(_wrong), sizes=(USUAL,)),
        Scene("key-passphrase", opened=False, act=_shown(_passphrase), sizes=(USUAL,)),
        Scene("key-choice", act=_shown(_choice), sizes=(SMALL, USUAL)),
    ]


def _shown(show: Callable[[MainWindow], object]) -> Act:
    def act(window: MainWindow) -> None:
        show(window)
        settle()

    return act


def _code(window: MainWindow) -> None:
    window.keeper.show_code(CODE)


def _passphrase(window: MainWindow) -> None:
    window.keeper.ask_passphrase()


def _mistyped(window: MainWindow) -> None:
    panel = window.keeper.show_code(CODE)
    panel.line.setText("YS5C")
    panel.action.click()


def _lost(window: MainWindow) -> AskPanel:
    return window.keeper.ask_code(WorkstationError("The key of this journal is not in the keyring.", remedy=""))


def _wrong(window: MainWindow) -> None:
    panel = _lost(window)
    panel.lines[0].setText("7k3r 0vqa m2xd 9ztc 4hj8 b6ne 1pw7 ys5g")
    panel.tell_error(
        CodeMisspelt(
            "These groups of the code are not as written down: 5.",
            remedy="Compare with what was written down, then type it again.",
        )
    )


def _choice(window: MainWindow) -> None:
    window.keeper.ask_choice("No keyring can be reached.")
