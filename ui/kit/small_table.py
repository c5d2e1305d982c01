"""A table of a few dozen rows with a chip in it: read from one list, filled anew with each change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from typing_extensions import override

from ui.fonts import Type
from ui.kit.chip import draw_chip
from ui.results import Look

Index = QModelIndex | QPersistentModelIndex


class SmallModel(QAbstractTableModel):
    """What a table shows of its rows. `mono` is the column of identifiers."""

    def __init__(self, titles: Sequence[str], mono: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._titles, self._mono = titles, mono

    def count(self) -> int:
        raise NotImplementedError

    def text(self, row: int, column: int) -> str:
        """What stands in a cell."""
        raise NotImplementedError

    def look(self, row: int) -> Look:
        """The chip of a row."""
        raise NotImplementedError

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else self.count()

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return len(self._titles)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self.text(index.row(), index.column())
        if role == Qt.ItemDataRole.FontRole:
            return (Type.MONO if index.column() == self._mono else Type.BODY).font()
        return None

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self._titles[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        return None


class _ChipDelegate(QStyledItemDelegate):
    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        blank = QStyleOptionViewItem(option)
        self.initStyleOption(blank, index)
        blank.text = ""
        style = blank.widget.style()
        style.drawControl(style.ControlElement.CE_ItemViewItem, blank, painter, blank.widget)
        model = index.model()
        if isinstance(model, SmallModel):
            look = model.look(index.row())
            draw_chip(painter, QRectF(option.rect).adjusted(8, 0, -4, -1), look.word, look.icon, look.tone)


def set_up(table: QTableView, *, chip: int, row: int) -> None:
    """Rows of one height, one of which can be chosen; the `chip` column shows each row's look. Tab leaves it."""
    table.setItemDelegateForColumn(chip, _ChipDelegate(table))
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    table.setShowGrid(False)
    vertical, horizontal = table.verticalHeader(), table.horizontalHeader()
    vertical.hide()
    vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    vertical.setDefaultSectionSize(row)
    horizontal.setFont(Type.SMALL_STRONG.font())
    horizontal.setHighlightSections(False)
    horizontal.setSectionsClickable(False)
