"""The last results of the day in a table, and the day in numbers with the worst first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.journal.records import Entry
from ui.kit.card import Card
from ui.kit.late import Late
from ui.kit.parts import Parts
from ui.kit.text import Text
from ui.snapshot import LAST, Snapshot, today_headline

if TYPE_CHECKING:
    from ui.bench.today_table import TodayTable

ROW = 34


class Today(Card):
    """The card at the foot of the bench. Emits `opened(id)`, and `first` when its table came, which nothing has put in
    its place for the Tab key yet."""

    opened = Signal(str)
    first = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._numbers = Parts()
        super().__init__("", "list", self._numbers, parent=parent)
        self.heading.setText(self.tr("Today"))
        self._table = Late(self._make_table, self.first.emit)
        self._nothing = Text(self.tr("The journal is being opened."), tone="muted", wrap=True, parent=self)
        self.body.addLayout(self._table)
        self.body.addWidget(self._nothing)
        self._entries: tuple[Entry, ...] = ()
        self._most = LAST

    def _make_table(self) -> TodayTable:
        from ui.bench.today_table import TodayTable

        made = TodayTable(self)
        made.opened.connect(self.opened)
        return made

    @property
    def table(self) -> TodayTable:
        return self._table.get()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The submissions listed, newest first."""
        return self._table.made.entries if self._table.made else ()

    def stops(self) -> list[QWidget]:
        """What the Tab key can reach."""
        return [self._table.made] if self._table.made else []

    def show_rows(self, most: int) -> None:
        """List at most so many."""
        self._most = most
        if self._table.made:
            self._table.made.show_entries(self._entries, most)

    def say(self, snapshot: Snapshot) -> None:
        self._entries = snapshot.entries
        if self._entries or self._table.made:
            self.table.show_entries(self._entries, self._most)
        self._table.show(bool(self._entries))
        self._nothing.setText(self.tr("Nothing was sent today. Each submission appears here the moment it is kept."))
        self._nothing.setVisible(not snapshot.entries)
        self._numbers.say(today_headline(snapshot) if snapshot.entries else [])
