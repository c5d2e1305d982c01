"""Style, fonts and theme of the application, in the order they must be set."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from ui.fonts import load_fonts
from ui.icons import app_icon
from ui.theme import Theme


def start_look(app: QApplication, appearance: str = "system") -> Theme:
    """Give the application its style, fonts and theme; once, before the first widget."""
    app.setStyle("Fusion")
    app.setWindowIcon(app_icon())
    # What ties the window to its entry in the menus of Linux.
    app.setDesktopFileName("gate-station")
    load_fonts(app)
    return Theme(app, appearance)
