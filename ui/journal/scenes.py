"""The log in every state, for pictures."""

from __future__ import annotations

from collections.abc import Callable

from app.journal.errors import JournalUnusable
from ui.journal.examples import EXAMPLES, HELD, LONG, OFFLINE, OPEN, Example
from ui.journal.filters import Filter
from ui.journal.page import JournalPage
from ui.main_window import MainWindow
from ui.screens import LARGE, SMALL, USUAL, Act, Scene, settle
from ui.theme import CONTRAST, DARK, LIGHT

REFUSED, CHANGED = "ana.gil", "maria.lopez"
"""Users of the examples that were refused, and stored differently."""


def scenes() -> list[Scene]:
    """All scenes of the log."""
    waiting = Example("register-device", "Telit", "LE910", "s.moreno", (OFFLINE,))
    held = Example("register-device", "Telit", "LE910", "s.moreno", (HELD,))
    busy = (*OPEN, *EXAMPLES, *EXAMPLES)
    return [
        Scene("log-empty", act=_shown(), sizes=(SMALL, USUAL, LARGE)),
        Scene("log-busy", busy, act=_shown(), sizes=(SMALL, USUAL, LARGE), schemes=(LIGHT, DARK, CONTRAST)),
        Scene("log-people", busy, act=_shown(then=_staffed), sizes=(SMALL, USUAL)),
        Scene("log-full", (LONG, *EXAMPLES * 30), act=_shown(LONG.username), minutes=240),
        Scene("log-rejected", busy, act=_shown(REFUSED), sizes=(SMALL, USUAL, LARGE)),
        Scene("log-differences", busy, act=_shown(CHANGED, lambda page: page.detail.reveal())),
        Scene("log-masked", busy, act=_shown(CHANGED), sizes=(USUAL,)),
        Scene("log-cancel", busy, act=_shown(OPEN[0].username, lambda page: page.detail.ask_cancel()), sizes=(USUAL,)),
        Scene("log-conflict", busy, act=_shown("p.romero")),
        Scene("log-offline", (*OPEN[:2], waiting, *EXAMPLES), act=_shown("s.moreno")),
        Scene("log-held", (*OPEN[:2], held, *EXAMPLES), act=_shown("s.moreno")),
        Scene("log-nothing-fits", busy, act=_shown(then=_search_in_vain), sizes=(USUAL,)),
        Scene("log-failed", act=_shown(then=_unreadable), sizes=(USUAL,)),
    ]


def _shown(username: str = "", then: Callable[[JournalPage], None] | None = None) -> Act:
    """Open the log, choose the newest submission of `username`, and do `then`."""

    def act(window: MainWindow) -> None:
        window.show_page("log")
        (page,) = window.findChildren(JournalPage)
        settle()
        rows = range(page.model.rowCount())
        entries = [entry for entry in map(page.model.entry, rows) if entry and entry.fields.get("username") == username]
        if entries:
            page.show_entry(entries[0].id)
            settle()
            page.table.setFocus()
        if then:
            then(page)

    return act


def _staffed(page: JournalPage) -> None:
    page.bar.show_people(["Ana P.", "Luis Gil", "María Fernanda Gutiérrez Hernández"])
    page.show_filter(Filter(operator="Ana P."))


def _search_in_vain(page: JournalPage) -> None:
    page.show_filter(Filter(search="no.such.user"))


def _unreadable(page: JournalPage) -> None:
    # Said by the journal when its file was overwritten; damaging a real one would show the path of this machine.
    page.model.failed.emit(
        JournalUnusable(
            "The journal is damaged.", remedy="Move it away or restore a copy, then open the program again."
        )
    )
