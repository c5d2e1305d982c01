"""Starts the window over one station. Heavy libraries are loaded on the bridge's thread, after the first paint."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSettings, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

from app.crashes import watch_faults
from app.paths import Paths
from app.seams import refuse_here
from app.settings import Settings
from app.work.events import LoopFailed, Publish
from ui.ahead import load_ahead
from ui.bridge import Bridge, Make
from ui.front import Front
from ui.lean_start import keep_loaded
from ui.look import start_look
from ui.main_window import MainWindow
from ui.theme import Theme

if TYPE_CHECKING:
    from app.assembly import Workstation
    from ui.single_instance import Place

PATIENCE_MS = 1000
TITLE = 24
"""Pixels of a window's title, as Fusion has it; asking the style for it loads all that PySide knows of styles: 6 ms."""


def build(
    app: QApplication, where: Paths, settings: Settings, make: Make | None = None, *, place: Place | None = None
) -> MainWindow:
    """The window, whose station begins to open once it has been drawn.

    `make` builds another station than the one in `where`; `place` is the one that this window has taken.
    """
    if Theme.made is None:
        start_look(app, settings.text("appearance"))
    refuse_here()
    bridge = Bridge(make or _station(where, settings), app)
    geometry = QSettings(str(where.data / "window.ini"), QSettings.Format.IniFormat)
    front = Front(app, bridge, settings, lambda settings: MainWindow(bridge, settings, geometry))

    def begin() -> None:
        from ui.setup.first_run import FirstRun

        # All that PySide knows of styles, which the first row that changes its look would wait for.
        app.style()
        FirstRun(bridge, lambda: front.window)
        keep_loaded()
        bridge.start()
        if place is not None:
            place.answer(lambda: front.window)
            app.aboutToQuit.connect(place.leave)

    AfterPaint(bridge, front.window, begin)
    bridge.opened.connect(lambda _: keep_loaded())
    bridge.opened.connect(lambda station: load_ahead(station, front))
    return front.window


def appear(window: QWidget) -> None:
    """Show it whole: maximized where its screen has no room for it and its title."""
    room = window.screen().availableSize()
    if room.width() < window.width() or room.height() < window.height() + TITLE:
        window.showMaximized()
    else:
        window.show()


class AfterPaint(QObject):
    """Calls once a window has been drawn: until then nothing competes with it for the processor and the disk.

    One that is not drawn, because it starts minimized, holds nobody up for longer than PATIENCE_MS.
    """

    def __init__(self, parent: QObject, window: QWidget, call: Callable[[], None]) -> None:
        super().__init__(parent)
        self._call = call
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.timeout.connect(self._begin)
        self._late.start(PATIENCE_MS)
        window.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            # Not at once: this event comes before the drawing.
            self._late.start(0)
        return False

    def _begin(self) -> None:
        self.deleteLater()
        self._call()


def tell_faults(bridge: Bridge) -> None:
    """Have faults that nothing caught logged and told in the window; Qt would print them and go on."""

    def tell(kind: str) -> None:
        summary = f"Something went wrong: {kind}."
        bridge.publish(LoopFailed("window", summary, "Nothing is lost; the log has details."))

    watch_faults(tell)


def _station(where: Paths, settings: Settings) -> Make:
    def make(publish: Publish) -> Workstation:
        from app.assembly import Workstation
        from ui.proxy import SystemProxy

        return Workstation(where, settings, publish=publish, find_proxy=SystemProxy())

    return make
