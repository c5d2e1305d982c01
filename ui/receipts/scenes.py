"""Receipts of what was confirmed and of what was not, for pictures."""

from __future__ import annotations

from collections.abc import Callable

from app.journal.records import Entry
from app.provisioning.submission import State
from ui.journal.examples import EXAMPLES, OPEN
from ui.main_window import MainWindow
from ui.receipts.page import ReceiptPage
from ui.screens import LARGE, SMALL, USUAL, Act, Scene, settle
from ui.theme import CONTRAST, DARK, LIGHT


def scenes() -> list[Scene]:
    """All scenes of the page."""

    def accepted(entry: Entry) -> bool:
        return entry.state is State.ACCEPTED

    def is_open(entry: Entry) -> bool:
        return not entry.state.final

    journal = (*OPEN, *EXAMPLES)
    return [
        Scene("receipt", journal, act=_of(accepted), sizes=(SMALL, USUAL, LARGE), schemes=(LIGHT, DARK, CONTRAST)),
        Scene("receipt-open", journal, act=_of(is_open), sizes=(SMALL, USUAL)),
    ]


def _of(wanted: Callable[[Entry], bool]) -> Act:
    def act(window: MainWindow) -> None:
        entry = next(filter(wanted, window.snapshot.entries))
        window.show_receipt(entry.id)
        (page,) = window.findChildren(ReceiptPage)
        settle(lambda: page.receipt is not None)

    return act
