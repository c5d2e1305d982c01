"""The log as a table: only the pages that are looked at are in memory, and workers alone read the journal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal
from typing_extensions import override

from app.errors import WorkstationError
from app.journal.outbox import Journal
from app.journal.records import Entry, Query
from ui.background import run
from ui.journal.columns import COLUMNS, title
from ui.journal.listing import Listing, read_listing, read_pages
from ui.journal.pages import PAGE, Pages

Index = QModelIndex | QPersistentModelIndex
ENTRY = Qt.ItemDataRole.UserRole + 1
PLACEHOLDER = "…"
AT_ONCE = 4
"""Pages asked for and not yet read; of a fast scroll only the last ones are still looked at."""


class JournalModel(QAbstractTableModel):
    """Rows newest first. `listed` follows each reading of the whole list, `failed` a journal that cannot be read."""

    listed = Signal()
    failed = Signal(object)

    def __init__(self, journal: Callable[[], Journal], now: Callable[[], datetime], parent: QObject) -> None:
        super().__init__(parent)
        self._journal = journal
        self._now = now
        self._query: Query | None = None
        self._listing: Listing | None = None
        self._pages: Pages[Entry] = Pages()
        self._listing_runs = False
        self._stale = False
        self._wanted: list[int] = []
        self._page_runs = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._read_wanted)

    def show_query(self, query: Query) -> None:
        """List what `query` finds; the rows shown now stay until the new ones are there."""
        self._query = query
        self.refresh()

    def refresh(self) -> None:
        """Read the list again. While one reading runs, any number of calls lead to one more."""
        if self._query is None:
            return
        if self._listing_runs:
            self._stale = True
            return
        self._listing_runs, self._stale = True, False
        wanted = self._pages.latest if self._listing and self._listing.query == self._query else (0,)
        query, journal = self._query, self._journal
        run(lambda: read_listing(journal(), query, wanted), self._show, self._fail_listing, self)

    def _show(self, listing: Listing) -> None:
        self._listing_runs = False
        self.beginResetModel()
        self._listing = listing
        self._pages.clear()
        self._wanted.clear()
        self._keep(listing)
        self.endResetModel()
        self.listed.emit()
        if self._stale:
            self.refresh()

    def _keep(self, listing: Listing) -> None:
        for page, rows in listing.pages.items():
            self._pages.put(page, rows)

    def _fail_listing(self, error: WorkstationError) -> None:
        self._listing_runs = False
        self._fail(error)

    def _fail(self, error: WorkstationError) -> None:
        self.failed.emit(error)

    def _want(self, page: int) -> None:
        if page in self._wanted:
            self._wanted.remove(page)
        self._wanted.append(page)
        del self._wanted[:-AT_ONCE]
        if not self._page_runs:
            self._soon.start()

    def _read_wanted(self) -> None:
        if self._page_runs or not self._wanted or self._listing is None:
            return
        self._page_runs = True
        page, listing, journal = self._wanted.pop(), self._listing, self._journal
        run(lambda: read_pages(journal(), listing, (page,)), partial(self._put, listing), self._fail_page, self)

    def _put(self, before: Listing, listing: Listing) -> None:
        self._page_runs = False
        # Rows that were asked for under another query, or before the list was read anew, are not these rows.
        if before is self._listing:
            self._listing = listing
            self._keep(listing)
            for page in listing.pages:
                last = min((page + 1) * PAGE, self.rowCount()) - 1
                self.dataChanged.emit(self.index(page * PAGE, 0), self.index(last, len(COLUMNS) - 1))
        self._soon.start()

    def _fail_page(self, error: WorkstationError) -> None:
        self._page_runs = False
        self._fail(error)

    def entry(self, row: int) -> Entry | None:
        """The row's submission, or None while its page is being read."""
        found = self._pages.row(row)
        if found is None and 0 <= row < self.rowCount() and row // PAGE not in self._pages:
            self._want(row // PAGE)
        return found

    def row_of(self, id: str) -> int | None:
        """Where a submission stands, if it stands on a page that is here."""
        return self._pages.find(lambda entry: entry.id == id)

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() or self._listing is None else self._listing.count

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in _ROLES:
            return None
        entry = self.entry(index.row())
        if role == ENTRY:
            return entry
        if entry is None:
            return PLACEHOLDER if index.column() == 0 else ""
        return COLUMNS[index.column()].text(entry, self._now())

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return title(COLUMNS[section])
        return None


_ROLES = frozenset({int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole), int(ENTRY)})
