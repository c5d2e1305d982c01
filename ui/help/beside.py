"""The pages with the help beside them, or over their end where there is too little room."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from ui.kit.style import row


class Beside(QWidget):
    """Holds `pages` and, once it was taken in, the help, which is in the layout only while it stands beside them."""

    def __init__(self, pages: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages = pages
        self._help: QWidget | None = None
        self._over = False
        self._row = row(pages, gap=0)
        self.setLayout(self._row)
        pages.installEventFilter(self)

    def take(self, help_: QWidget) -> None:
        """Take the help in, hidden as it is."""
        self._help = help_
        if self._over:
            help_.setParent(self)
        else:
            self._row.addWidget(help_)

    def show_help(self, *, shown: bool) -> None:
        if self._help is not None:
            self._help.setVisible(shown)
            self._lay_over(self._help)

    def place(self, *, over: bool) -> None:
        """Beside the page; where that would leave the page too little, over its end."""
        if over == self._over:
            return
        self._over = over
        if self._help is not None and over:
            self._row.removeWidget(self._help)
        elif self._help is not None:
            self._row.addWidget(self._help)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The page has its size within the layout's own work, when nothing may be put in or taken out.
        if watched is self._pages and event.type() == QEvent.Type.Resize and self._help is not None:
            self._lay_over(self._help)
        return False

    def _lay_over(self, help_: QWidget) -> None:
        if self._over:
            place = self._pages.geometry()
            help_.setGeometry(place.right() + 1 - help_.width(), place.top(), help_.width(), place.height())
            help_.raise_()
