"""Style, icon, fonts and theme of the application, in the order they must be set."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication

from ui.fonts import load_fonts
from ui.icons import app_icon
from ui.theme import Theme

STYLE = ("-style", "Fusion")
"""The style is named to Qt as an argument: `QApplication.setStyle` makes PySide load all it knows of styles, 8 ms."""


def application() -> QApplication:
    """The application in the style that the program's own look is drawn over."""
    return QApplication([*sys.argv[:1], *STYLE])


def start_look(app: QApplication, appearance: str = "system") -> Theme:
    """Give the application its icon, fonts and theme; once, before the first widget."""
    app.setWindowIcon(app_icon())
    # What ties the window to its entry in the menus of Linux.
    app.setDesktopFileName("gate-station")
    load_fonts(app)
    return Theme(app, appearance)
