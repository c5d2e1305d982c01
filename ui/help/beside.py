"""The pages with the help beside them, or over their end where there is too little room."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from ui.kit.style import row


class Beside(QWidget):
    """Holds `pages` and `help`, which is in the layout only while it stands beside them."""

    def __init__(self, pages: QWidget, help_: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages, self._help = pages, help_
        self._row = row(pages, help_, gap=0)
        self.setLayout(self._row)
        pages.installEventFilter(self)

    def show_help(self, *, shown: bool) -> None:
        self._help.setVisible(shown)
        if self._over:
            self._lay_over()

    def place(self, *, over: bool) -> None:
        """Beside the page; where that would leave the page too little, over its end."""
        if over and not self._over:
            self._row.removeWidget(self._help)
        elif not over and self._over:
            self._row.addWidget(self._help)

    @property
    def _over(self) -> bool:
        return self._row.indexOf(self._help) < 0

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The page has its size within the layout's own work, when nothing may be put in or taken out.
        if watched is self._pages and event.type() == QEvent.Type.Resize and self._over:
            self._lay_over()
        return False

    def _lay_over(self) -> None:
        place = self._pages.geometry()
        self._help.setGeometry(place.right() + 1 - self._help.width(), place.top(), self._help.width(), place.height())
        self._help.raise_()
