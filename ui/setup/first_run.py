"""Opens the page of the first start over a station where nobody has worked yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.background import run
from ui.bridge import Bridge
from ui.main_window import MainWindow

if TYPE_CHECKING:
    from app.assembly import Workstation


class FirstRun(QObject):
    """Looks once, when the station has opened. `window` gives the one there is by then."""

    def __init__(self, bridge: Bridge, window: Callable[[], MainWindow]) -> None:
        super().__init__(bridge)
        self._window = window
        bridge.opened.connect(self._look)

    def _look(self, station: Workstation) -> None:
        run(station.is_first_run, self._begin, self._window().bench.notice.tell_error, self)

    def _begin(self, first: bool) -> None:
        if first:
            self._window().begin_setup()
