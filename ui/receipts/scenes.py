"""Receipts of what was confirmed and of what was not, for pictures."""

from __future__ import annotations

from collections.abc import Callable

from app.journal.records import Entry, Query
from app.provisioning.submission import State
from ui.background import run
from ui.journal.examples import EXAMPLES, OPEN
from ui.main_window import MainWindow
from ui.receipts.page import ReceiptPage
from ui.screens import LARGE, SMALL, USUAL, Act, Scene, settle
from ui.theme import CONTRAST, DARK, LIGHT

LAST = 100


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
        station, found = window.station, list[Entry]()
        assert station is not None  # noqa: S101 - a scene begins once it is open
        # Not of the window's snapshot, which is of today: just after midnight it holds hardly any.
        run(lambda: station.journal.page(Query(), LAST), found.extend, window.bench.notice.tell_error, window)
        settle(lambda: bool(found))
        window.show_receipt(next(filter(wanted, found)).id)
        (page,) = window.findChildren(ReceiptPage)
        settle(lambda: page.receipt is not None)

    return act
