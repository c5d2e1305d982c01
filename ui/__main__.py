"""The entry point: the window, or with a sub-command the command line, which loads no Qt."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from app.cli.options import WINDOW, parse

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from app.paths import Paths
    from app.settings import Settings
    from ui.bridge import Make
    from ui.main_window import MainWindow

log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit code."""
    arguments = parse(argv)
    if arguments.command not in WINDOW:
        from app.cli.main import run

        return run(arguments)
    return _window(arguments.home, arguments.overrides)


def _window(home: str | None, overrides: Sequence[str]) -> int:
    from PySide6.QtWidgets import QApplication

    app = QApplication(sys.argv[:1])
    app.setApplicationName("gate-station")
    from app.errors import WorkstationError
    from app.logs import start_log, stop_log
    from app.paths import paths
    from app.settings import load_settings

    where = paths(home)
    try:
        settings = load_settings(where.settings, overrides)
        where.prepare()
    except WorkstationError as trouble:
        sys.stderr.write(f"gate-station: {trouble}\n")
        return 2
    except OSError as fault:
        sys.stderr.write(f"gate-station: {where.data} cannot be used: {fault.strerror}\n")
        return 8
    handler = start_log(where.log_file)
    try:
        window = build(app, where, settings)
        window.show()
        return app.exec()
    finally:
        stop_log(handler)


def build(app: QApplication, where: Paths, settings: Settings, make: Make | None = None, *, training: bool = False) -> MainWindow:
    """The window over the station in `where`, which begins to open. `make` builds another station."""
    from PySide6.QtCore import QSettings

    from app.seams import refuse_here
    from ui.bridge import Bridge
    from ui.look import start_look
    from ui.main_window import MainWindow

    start_look(app, settings.text("appearance"))
    refuse_here()
    bridge = Bridge(make or _station(where, settings), app)
    geometry = QSettings(str(where.data / "window.ini"), QSettings.Format.IniFormat)
    window = MainWindow(bridge, settings, geometry, training=training)
    _tell_faults(window)
    bridge.start()
    return window


def _station(where: Paths, settings: Settings) -> Make:
    def make(publish: Publish) -> Workstation:
        # Imported on the bridge's thread: the window is painted meanwhile.
        from app.assembly import Workstation

        return Workstation(where, settings, publish=publish)

    return make


def _tell_faults(window: MainWindow) -> None:
    """Have faults that nothing caught logged and told in the window; Qt would print them and go on."""
    from app.work.events import LoopFailed

    def caught(kind: type[BaseException], fault: BaseException | None, trace: TracebackType | None) -> None:
        if fault is not None:
            log.critical("a fault of the program", exc_info=(kind, fault, trace))
        window.tell_fault(kind.__name__)

    sys.excepthook = caught
    threading.excepthook = lambda args: window.tell_fault_later(args.exc_type.__name__)


if __name__ == "__main__":
    raise SystemExit(main())
