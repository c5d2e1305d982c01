"""The view of the log: rows of one height, the result as a chip, columns that give way when it is narrow."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from typing_extensions import override

from app.journal.records import Entry
from ui.fonts import Type
from ui.journal.columns import COLUMNS
from ui.journal.model import ENTRY, JournalModel
from ui.kit.chip import draw_chip
from ui.results import look
from ui.theme import FOCUS, Role, theme

ROW = 40
EDGE = 11
"""Pixels left free at both sides of a cell, so that it stands below its heading (ui/stylesheet.py)."""


class RowDelegate(QStyledItemDelegate):
    """Draws cells straight from the roles of the theme; the row that has the keys wears the focus ring."""

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        rect: QRectF = option.rect.toRectF()
        state: QStyle.StateFlag = option.state
        view = option.widget
        selected = bool(state & QStyle.StateFlag.State_Selected)
        column = COLUMNS[index.column()]
        painter.save()
        painter.fillRect(rect, theme().color(Role.ACCENT_SOFT if selected else Role.SURFACE))
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), theme().color(Role.LINE))
        inner = rect.adjusted(EDGE, 0, -EDGE, 0)
        entry = index.data(ENTRY)
        if column.chip and isinstance(entry, Entry):
            row = look(entry.state, entry.kind)
            draw_chip(painter, inner, row.word, row.icon, row.tone)
        else:
            painter.setFont((Type.MONO if column.mono else Type.BODY).font())
            painter.setPen(theme().color(Role.TEXT if index.column() else Role.MUTED))
            text = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, int(inner.width()))
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading, text)
        if selected and isinstance(view, QTableView) and view.hasFocus():
            self._draw_ring(painter, rect, index.column(), view)
        painter.restore()

    def _draw_ring(self, painter: QPainter, rect: QRectF, column: int, view: QTableView) -> None:
        """This cell's part of the ring around the row."""
        shown = [number for number in range(len(COLUMNS)) if not view.isColumnHidden(number)]
        ink = theme().color(Role.ACCENT)
        painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), FOCUS), ink)
        painter.fillRect(QRectF(rect.left(), rect.bottom() - FOCUS, rect.width(), FOCUS), ink)
        if column == shown[0]:
            painter.fillRect(QRectF(rect.left(), rect.top(), FOCUS, rect.height()), ink)
        if column == shown[-1]:
            painter.fillRect(QRectF(rect.right() - FOCUS, rect.top(), FOCUS, rect.height()), ink)

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(COLUMNS[index.column()].width, ROW)


class JournalTable(QTableView):
    """One row at a time can be chosen: choosing all of a million freezes Qt for seconds."""

    def __init__(self, model: JournalModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(RowDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW)
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setFont(Type.SMALL_STRONG.font())
        head.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Submissions, newest first"))

    def share(self) -> None:
        """Give each column its width and its share of the rest; the last ones to matter go where there is no room."""
        room = self.viewport().width()
        shown = list(range(len(COLUMNS)))
        for number in sorted(shown, key=lambda each: COLUMNS[each].spare, reverse=True):
            if COLUMNS[number].spare and sum(COLUMNS[each].width for each in shown) > room:
                shown.remove(number)
        rest = max(0, room - sum(COLUMNS[each].width for each in shown))
        parts = sum(COLUMNS[each].stretch for each in shown)
        for number, column in enumerate(COLUMNS):
            self.setColumnHidden(number, number not in shown)
            self.setColumnWidth(number, column.width + rest * column.stretch // parts)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.share()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # By keyboard there must be a row to see the focus on; a click chooses its own.
        by_key = event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}
        if by_key and not self.currentIndex().isValid() and self.model().rowCount():
            self.setCurrentIndex(self.model().index(0, 0))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.activated.emit(self.currentIndex())
        elif event.key() == Qt.Key.Key_Home and self.model().rowCount():
            self.setCurrentIndex(self.model().index(0, 0))
        elif event.key() == Qt.Key.Key_End and self.model().rowCount():
            self.setCurrentIndex(self.model().index(self.model().rowCount() - 1, 0))
        else:
            super().keyPressEvent(event)
