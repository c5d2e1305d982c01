"""From a scan to the page that it is for: commands and badges to the window, the rest to the page in sight."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from app.scanning.meaning import Badge, Found, Meaning, Ordered, Unknown, Unsure
from app.settings import Settings
from ui.scanner import Scanner


@runtime_checkable
class Takes(Protocol):
    """A page that has a use for scans."""

    def take_scan(self, meaning: Meaning) -> bool:
        """Whether the scan was for the page; if not, its keys go to the line that has the focus."""
        ...


class Scans(QObject):
    """Listens to the scanner. `ordered(name)` is a command barcode (app/scanning/commands.py), `badge(code)` the badge
    of an operator, `unplaced(Meaning)` a scan on a page that has no use for it; `heard` follows every scan.

    `page` gives the page in sight, None while the window is locked: then only badges are taken.
    """

    ordered = Signal(str)
    badge = Signal(str)
    heard = Signal()
    unplaced = Signal(object)

    def __init__(self, window: QWidget, page: Callable[[], QWidget | None], settings: Settings) -> None:
        super().__init__(window)
        self._window, self._page = window, page
        self.scanner = Scanner(self.take, 0, self)
        self.show_settings(settings)

    def show_settings(self, settings: Settings) -> None:
        """Settings were changed: go by them from now on."""
        self._settings = settings
        self.scanner.set_gap(int(settings.number("scanner.gap_ms")))

    def _read(self, text: str) -> Meaning:
        from app.scanning.reading import Rules, read

        rules = Rules(
            strip=self._settings.texts("scanner.strip"),
            external_ids=self._settings.texts("scanner.external_ids"),
            region=self._settings.text("number_country").upper() or None,
        )
        return read(text, rules)

    def take(self, text: str) -> bool:
        """Do what a scan asks for; False where its keys belong to the line that has the focus."""
        focus = QApplication.focusWidget()
        taken = self._taken(text, focus)
        if not taken and isinstance(focus, QLineEdit):
            # A scan is a whole value: it goes in the place of what stands there.
            focus.selectAll()
        return taken

    def _taken(self, text: str, focus: QWidget | None) -> bool:
        meaning, page = self._read(text), self._page()
        self.heard.emit()
        if isinstance(meaning, Badge):
            self.badge.emit(meaning.code.reveal())
        elif page is None:
            return not _is_line(focus)
        elif isinstance(meaning, Ordered):
            # A dialog in front has to be answered first, as by hand.
            if QApplication.activeModalWidget() is None:
                self.ordered.emit(meaning.command.name)
        elif focus is not None and (_is_secret(focus) or focus.window() is not self._window):
            # A token or a PIN is nobody's business; another window minds its own.
            return False
        elif isinstance(page, Takes):
            return page.take_scan(meaning)
        elif isinstance(meaning, Unknown) or _is_line(focus):
            return not _is_line(focus)
        else:
            self.unplaced.emit(meaning)
        return True


def shown(meaning: Meaning) -> str:
    """The text to look for after a scan, "" where there is none."""
    if isinstance(meaning, Found):
        return meaning.values[0].text.reveal()
    return meaning.text.reveal() if isinstance(meaning, (Unsure, Unknown)) else ""


def _is_secret(widget: QWidget) -> bool:
    return isinstance(widget, QLineEdit) and widget.echoMode() is not QLineEdit.EchoMode.Normal


def _is_line(widget: QWidget | None) -> bool:
    from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

    return isinstance(widget, (QLineEdit, QTextEdit, QPlainTextEdit)) and not widget.isReadOnly()
