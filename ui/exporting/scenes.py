"""The export of the log, for pictures."""

from __future__ import annotations

from pathlib import Path

from app.work.export import Exported
from ui.exporting.page import ExportPage
from ui.journal.examples import EXAMPLES
from ui.journal.filters import Days, Filter
from ui.journal.meaning import Shown
from ui.main_window import MainWindow
from ui.screens import LARGE, SMALL, USUAL, Scene, settle


def scenes() -> list[Scene]:
    """All scenes of the page."""
    return [
        Scene("export", EXAMPLES, act=_shown, sizes=(SMALL, USUAL, LARGE)),
        Scene("export-done", EXAMPLES, act=_done, sizes=(USUAL,)),
    ]


def _shown(window: MainWindow) -> None:
    window.show_page("log")
    if window.log is not None:
        window.log.show_filter(Filter(Shown.DONE, Days.TODAY, "quectel"))
    window.show_page("export")
    settle()


def _done(window: MainWindow) -> None:
    _shown(window)
    (page,) = window.findChildren(ExportPage)
    page.show_written(Exported(Path("gate-station-log.xlsx"), 1, "7K3Q-9DXM"))
