"""What the first device and the first submission need, loaded before they come, while nobody waits for anything.

One thread of Python works at a time: while another loads modules, as the first submission did, the window stands still.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from ui.background import run
from ui.front import Front
from ui.lean_start import keep_loaded

if TYPE_CHECKING:
    from app.assembly import Workstation

AFTER_MS = 200
"""From the opening of the station on; its window has been filled and drawn by then."""


def load_ahead(station: Workstation, front: Front) -> None:
    """Begin in a moment. What cannot be loaded is in the log; who needs it tells it."""

    def load() -> None:
        import ui.bench.today_table
        import ui.devices.card  # noqa: F401 - loaded, not used

        station.load_ahead()

    def loaded(_: None) -> None:
        keep_loaded()
        front.window.bench.today.table.ensurePolished()

    QTimer.singleShot(AFTER_MS, front, lambda: run(load, loaded, lambda _: None, front))
