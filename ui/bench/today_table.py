"""The table of the last results of the day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget
from typing_extensions import override

from app.journal.records import Entry
from ui.bench.today import ROW
from ui.journal import columns as say
from ui.journal.times import moment
from ui.kit.small_table import SmallModel, set_up
from ui.results import Look, look

IDENTIFIER, USER, RESULT = 2, 4, 5
ROOMY = 700
"""From this width on there is room for the user's column."""


class TodayModel(SmallModel):
    """A few rows; the log has them all."""

    def __init__(self, parent: QWidget) -> None:
        titles = [
            self.tr("Time"),
            self.tr("Device"),
            self.tr("Identifier"),
            self.tr("What"),
            self.tr("User"),
            self.tr("Result"),
        ]
        super().__init__(titles, IDENTIFIER, parent)
        self.entries: tuple[Entry, ...] = ()
        self._texts: tuple[Callable[[Entry], str], ...] = (
            lambda entry: moment(entry.created_at, datetime.now(UTC)),
            say.device,
            say.identifier,
            say.what,
            say.user,
            lambda entry: look(entry.state, entry.kind).word,
        )

    def show_entries(self, entries: tuple[Entry, ...], most: int) -> None:
        """List the newest `most` of `entries`."""
        if entries[:most] != self.entries:
            self.beginResetModel()
            self.entries = entries[:most]
            self.endResetModel()

    @override
    def count(self) -> int:
        return len(self.entries)

    @override
    def text(self, row: int, column: int) -> str:
        return self._texts[column](self.entries[row])

    @override
    def look(self, row: int) -> Look:
        return look(self.entries[row].state, self.entries[row].kind)


class TodayTable(QTableView):
    """Emits `opened(id)` on Enter or double click; Tab leaves it."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model = TodayModel(self)
        self.setModel(model)
        set_up(self, chip=RESULT, row=ROW)
        self.setAccessibleName(self.tr("Results of today"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.horizontalHeader()
        header.setFixedHeight(ROW)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for section, width in ((0, 68), (IDENTIFIER, 92), (RESULT, 160)):
            header.setSectionResizeMode(section, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(section, width)
        self.doubleClicked.connect(self._open)
        model.modelReset.connect(self._fit)
        self._fit()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The submissions listed, newest first."""
        return self._model.entries

    def show_entries(self, entries: tuple[Entry, ...], most: int) -> None:
        """List the newest `most` of `entries`."""
        self._model.show_entries(entries, most)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Where it is narrow, whole device names are worth more than who the user is.
        self.setColumnHidden(USER, event.size().width() < ROOMY)

    def _fit(self) -> None:
        self.setFixedHeight(ROW * (1 + max(1, self._model.rowCount())) + 2)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self.entries[index.row()].id)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (
            event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
            and self.currentIndex().isValid()
            and not event.modifiers()
        ):
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)
