"""Starts the window over one station. Heavy libraries are loaded on the bridge's thread, after the first paint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from app.crashes import watch_faults
from app.paths import Paths
from app.seams import refuse_here
from app.settings import Settings
from app.work.events import LoopFailed, Publish
from ui.bridge import Bridge, Make
from ui.front import Front
from ui.look import start_look
from ui.main_window import MainWindow
from ui.theme import Theme

if TYPE_CHECKING:
    from app.assembly import Workstation


def build(app: QApplication, where: Paths, settings: Settings, make: Make | None = None) -> MainWindow:
    """The window, whose station begins to open now. `make` builds another station than the one in `where`."""
    if app.findChild(Theme) is None:
        start_look(app, settings.text("appearance"))
    refuse_here()
    bridge = Bridge(make or _station(where, settings), app)
    geometry = QSettings(str(where.data / "window.ini"), QSettings.Format.IniFormat)
    front = Front(app, bridge, settings, lambda settings: MainWindow(bridge, settings, geometry))
    bridge.start()
    return front.window


def tell_faults(bridge: Bridge) -> None:
    """Have faults that nothing caught logged and told in the window; Qt would print them and go on."""

    def tell(kind: str) -> None:
        summary = f"Something went wrong: {kind}."
        bridge.publish(LoopFailed("window", summary, "Nothing is lost; the log has details."))

    watch_faults(tell)


def _station(where: Paths, settings: Settings) -> Make:
    def make(publish: Publish) -> Workstation:
        from app.assembly import Workstation

        return Workstation(where, settings, publish=publish)

    return make
