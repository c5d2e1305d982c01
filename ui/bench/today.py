"""The last results of the day in a table, and the day in numbers with the worst first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from typing_extensions import override

from app.journal.records import Entry
from ui.fonts import Type
from ui.journal import columns as say
from ui.journal.times import moment
from ui.kit.card import Card
from ui.kit.chip import draw_chip
from ui.kit.style import row
from ui.kit.text import Text
from ui.results import look
from ui.snapshot import LAST, Snapshot, today_headline
from ui.theme import Tone

Index = QModelIndex | QPersistentModelIndex
ROW = 34
USER, RESULT = 4, 5
ROOMY = 700
"""From this width on there is room for the user's column."""


class TodayModel(QAbstractTableModel):
    """A few rows; the log has them all."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.entries: tuple[Entry, ...] = ()
        self._titles = [
            self.tr("Time"),
            self.tr("Device"),
            self.tr("Identifier"),
            self.tr("What"),
            self.tr("User"),
            self.tr("Result"),
        ]
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
    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.entries)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return len(self._titles)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self._texts[index.column()](self.entries[index.row()])
        if role == Qt.ItemDataRole.FontRole:
            return (Type.MONO if index.column() == 2 else Type.BODY).font()  # noqa: PLR2004 - the identifier
        return None

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self._titles[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        return None


class ChipDelegate(QStyledItemDelegate):
    """Draws the result as a chip."""

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        blank = QStyleOptionViewItem(option)
        self.initStyleOption(blank, index)
        blank.text = ""
        style = blank.widget.style()
        style.drawControl(style.ControlElement.CE_ItemViewItem, blank, painter, blank.widget)
        model = index.model()
        if isinstance(model, TodayModel):
            entry = model.entries[index.row()]
            seen = look(entry.state, entry.kind)
            draw_chip(painter, QRectF(option.rect).adjusted(8, 0, -4, -1), seen.word, seen.icon, seen.tone)


class TodayTable(QTableView):
    """Emits `opened(id)` on Enter or double click; Tab leaves it."""

    opened = Signal(str)

    def __init__(self, model: TodayModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries = model
        self.setModel(model)
        self.setItemDelegateForColumn(RESULT, ChipDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setAccessibleName(self.tr("Results of today"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW)
        header = self.horizontalHeader()
        header.setFont(Type.SMALL_STRONG.font())
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setFixedHeight(ROW)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for section, width in ((0, 68), (2, 92), (RESULT, 160)):
            header.setSectionResizeMode(section, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(section, width)
        self.doubleClicked.connect(self._open)
        model.modelReset.connect(self._fit)
        self._fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Where it is narrow, whole device names are worth more than who the user is.
        self.setColumnHidden(USER, event.size().width() < ROOMY)

    def _fit(self) -> None:
        self.setFixedHeight(ROW * (1 + max(1, self._entries.rowCount())) + 2)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self._entries.entries[index.row()].id)

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


class Today(Card):
    """The card at the foot of the bench. Emits `opened(id)`."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._numbers = QWidget()
        super().__init__("", "list", self._numbers, parent=parent)
        self.heading.setText(self.tr("Today"))
        self._parts = row(gap=6)
        self._numbers.setLayout(self._parts)
        self._model = TodayModel(self)
        self.table = TodayTable(self._model)
        self.table.opened.connect(self.opened)
        self._nothing = Text(
            self.tr("Nothing was sent today. Each submission appears here the moment it is kept."),
            tone="muted",
            wrap=True,
        )
        self.body.addWidget(self.table)
        self.body.addWidget(self._nothing)
        self._entries: tuple[Entry, ...] = ()
        self._most = LAST
        self.say(Snapshot())

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The submissions listed, newest first."""
        return self._model.entries

    def show_rows(self, most: int) -> None:
        """List at most so many."""
        self._most = most
        self._model.show_entries(self._entries, most)

    def say(self, snapshot: Snapshot) -> None:
        self._entries = snapshot.entries
        self._model.show_entries(self._entries, self._most)
        self.table.setVisible(bool(snapshot.entries))
        self._nothing.setVisible(not snapshot.entries)
        while item := self._parts.takeAt(0):
            if widget := item.widget():
                widget.deleteLater()
        parts = today_headline(snapshot) if snapshot.entries else []
        for index, (text, tone) in enumerate(parts):
            if index:
                self._parts.addWidget(Text("·", tone="muted"))
            strong = tone is Tone.BAD
            self._parts.addWidget(
                Text(text, Type.BODY_STRONG if strong else Type.BODY, "muted" if tone is Tone.NEUTRAL else str(tone))
            )
