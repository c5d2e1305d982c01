"""The sheet at the end of the window that F1 opens and closes; the work beside it goes on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget
from typing_extensions import override

from ui.fonts import Type
from ui.help.texts import PAGES, Help, key_lines, said
from ui.icons import MEDIUM, Icon
from ui.kit.buttons import Button
from ui.kit.card import line
from ui.kit.style import REST, column, row
from ui.kit.text import Text
from ui.theme import Role

WIDTH = 320


class HelpPanel(QFrame):
    """Says what a page is for. Emits `closed`."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "help")
        self.setFixedWidth(WIDTH)
        self.page = ""
        self._title = Text("", Type.HEADING, wrap=True)
        self.close_button = Button("", "quiet", "x")
        self.close_button.setAccessibleName(self.tr("Close the help"))
        self.close_button.setToolTip(self.tr("Close  F1"))
        self.close_button.clicked.connect(self.closed)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head = row(self._title, self.close_button, gap=8, edge=(16, 12, 8, 0))
        head.setStretch(0, 1)
        self.setLayout(column(head, self._scroll, gap=4))
        self.hide()

    def show_page(self, name: str) -> None:
        """Say what there is to say of a page; a page without words of its own keeps the ones before."""
        if name not in PAGES:
            return
        self.page = name
        if not self.isHidden():
            self._say(said(PAGES[name]))

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Said when somebody looks: at the start nobody does.
        if self.page and not event.spontaneous():
            self._say(said(PAGES[self.page]))

    def _say(self, text: Help) -> None:
        self._title.setText(text.title)
        self.setAccessibleName(self.tr("Help: {page}").format(page=text.title))
        self._scroll.setWidget(self._sheet(text))

    def _sheet(self, text: Help) -> QWidget:
        lines: list[QWidget] = []
        for icon, sentence in text.lines:
            held = QWidget()
            mark = Icon(icon, Role.MUTED, MEDIUM)
            box = row(mark, Text(sentence, Type.BODY, wrap=True), gap=10)
            box.setStretch(1, 1)
            box.setAlignment(mark, Qt.AlignmentFlag.AlignTop)
            held.setLayout(box)
            lines.append(held)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for place, (keys, what) in enumerate(key_lines()):
            grid.addWidget(Text(keys, Type.SMALL_STRONG), place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Text(what, Type.SMALL, "muted", wrap=True), place, 1)
        table = QWidget()
        table.setLayout(grid)
        sheet = QWidget()
        sheet.setProperty("ground", "none")
        sheet.setLayout(column(*lines, line(), table, REST, gap=12, edge=(16, 8, 16, 16)))
        return sheet
