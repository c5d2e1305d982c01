"""The log page: bar, table, and the submission that is chosen at its side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import QEvent, QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QStackedWidget, QWidget
from typing_extensions import override

from app.assembly import Workstation
from app.errors import WorkstationError
from app.journal.operators import Kept
from app.journal.outbox import utc_now
from app.scanning.meaning import Meaning
from ui.background import run
from ui.journal.bar import Bar
from ui.journal.blank import Blank
from ui.journal.detail import Detail
from ui.journal.filters import Filter
from ui.journal.meaning import Shown
from ui.journal.model import JournalModel
from ui.journal.table import ROW, JournalTable
from ui.kit.style import column
from ui.language.speaking import spoken
from ui.notices import Notice
from ui.orders import Order, answers, next_row
from ui.scans import shown

SIDE_BY_SIDE = 940
"""From this width on the details stand beside the table, in pixels at 100 %."""
DETAIL = 384
DETAIL_WIDE = 520
WIDE = 1400
UNBOUNDED = 16_777_215
"""Qt's own largest size (QWIDGETSIZE_MAX), which its stubs leave out."""


class JournalPage(QWidget):
    """Reads the journal again whenever `refresh` is called while it is seen, and when it comes into sight.

    `correct(Entry)` is the wish to correct a refused submission and send it again, `update_instead(Entry, Draft)` the
    one to send what differs from a record that the gate has already, `receipt_wanted(id)` to have a receipt, `erasing`
    to erase a person, `exporting` to have what is shown as a file.
    """

    correct = Signal(object)
    update_instead = Signal(object, object)
    receipt_wanted = Signal(str)
    erasing = Signal()
    exporting = Signal()

    def __init__(
        self, workstation: Workstation, *, now: Callable[[], datetime] = utc_now, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self._now = now
        self._counting = self._count_again = False
        self._top: tuple[str, int] | None = None
        self.bar = Bar()
        self.model = JournalModel(lambda: workstation.journal, now, self)
        self.table = JournalTable(self.model)
        self.detail = Detail(workstation, now)
        self._notice = Notice()
        self._stack = QStackedWidget()
        self._reading = QWidget()
        self._empty = Blank(
            "scroll-text",
            self.tr("Nothing has been entered yet"),
            (
                ("plug", self.tr("Plug a device in on the Bench, check its form and send it.")),
                ("clock", self.tr("Every submission stands here the moment it is kept, also without a network.")),
                ("circle-check", self.tr("It turns green only when the gate has confirmed it.")),
            ),
        )
        self._none = Blank("search", self.tr("Nothing fits"), button=(self.tr("Show everything"), "list"))
        self._failed = Blank(
            "triangle-alert", self.tr("The log cannot be read"), button=(self.tr("Try again"), "refresh-cw")
        )
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        for page in (self._reading, self.table, self._empty, self._none, self._failed):
            self._stack.addWidget(page)
        card = QFrame()
        card.setProperty("kind", "card")
        card.setLayout(column(self._stack, edge=(8, 4, 2, 4)))
        self._sides = QHBoxLayout()
        self._sides.setSpacing(12)
        self._sides.addWidget(card, 1)
        self._sides.addWidget(self.detail)
        self.detail.hide()
        self.setLayout(column(self.bar, self._notice, self._sides, gap=12, edge=(16, 12, 16, 16)))

    def _connect(self) -> None:
        self.bar.changed.connect(self._filter)
        self.bar.erasing.connect(self.erasing)
        self.bar.exporting.connect(self.exporting)
        self.bar.search.down.connect(self._to_table)
        self.model.modelAboutToBeReset.connect(self._remember_place)
        self.model.listed.connect(self._listed)
        self.model.failed.connect(self._cannot_read)
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self.table.clicked.connect(self._choose)
        self.table.activated.connect(self._choose)
        self.detail.correct.connect(self.correct)
        self.detail.update_instead.connect(self.update_instead)
        self.detail.receipt_wanted.connect(self.receipt_wanted)
        self.detail.open_entry.connect(self.show_entry)
        self.detail.closed.connect(self._close_detail)
        self._none.pressed.connect(lambda: self.show_filter(Filter()))
        self._failed.pressed.connect(self.refresh)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self.bar.search.setFocus)

    def show_filter(self, wanted: Filter) -> None:
        """Show a part of the log, as if it had been chosen in the bar."""
        self.bar.show_filter(wanted)

    def show_result(self, *, needs_you: bool, waiting: bool) -> None:
        """Show what the outbox strip tells of, of all days: the worst first."""
        shown = Shown.NEEDS_YOU if needs_you else Shown.WAITING if waiting else Shown.ALL
        self.show_filter(Filter(shown))

    def take_scan(self, meaning: Meaning) -> bool:
        """A scan on the log looks for what was scanned, in all days."""
        if text := shown(meaning):
            self.show_filter(Filter(search=text))
        return True

    def orders(self) -> Mapping[str, Order]:
        """What command barcodes do here: NEXT the next row, the answers the buttons of the one that is chosen."""
        closing = {"cancel": self._close_detail} if self.detail.isVisible() else {}
        return {"next": lambda: next_row(self.table), **answers(self.detail.ways()), **closing}

    def refresh(self) -> None:
        """Read the journal again; a page that is out of sight does so when it comes into sight."""
        if self.isVisible():
            self._filter(self.bar.filter)
            self.detail.refresh()

    def show_entry(self, id: str) -> None:
        """Show one submission, whether it is among the rows or not."""
        self.detail.show_id(id)
        self.detail.show()
        self._mark_row()

    def _filter(self, wanted: Filter) -> None:
        if self.isVisible():
            self.model.show_query(wanted.query(self._now()))
            self._count()

    def _count(self) -> None:
        """Count each result under the same days and search; one count runs at a time, with the newest wish."""
        if self._counting:
            self._count_again = True
            return
        self._counting, self._count_again = True, False
        filter_, now, workstation = self.bar.filter, self._now(), self._workstation
        run(
            lambda: {shown: workstation.journal.count(filter_.query(now, shown)) for shown in Shown},
            self._counted,
            self._cannot_count,
            self,
        )

    def _counted(self, counts: Mapping[Shown, int]) -> None:
        self._counting = False
        self.bar.show_counts(counts)
        if self._count_again:
            self._count()

    def _cannot_count(self, error: WorkstationError) -> None:
        self._counting = False
        self.bar.show_counts({})
        self._cannot_read(error)

    def _remember_place(self) -> None:
        """Which row is at the top, unless it is the newest: then what is new should be seen."""
        at = self.table.rowAt(0)
        entry = self.model.entry(at) if at > 0 else None
        self._top = None if entry is None else (entry.id, at)

    def _listed(self) -> None:
        self._notice.hide()
        if self.model.rowCount():
            self._stack.setCurrentWidget(self.table)
        elif self.bar.filter.narrow:
            self._none.say(self._what_is_left_out())
            self._stack.setCurrentWidget(self._none)
        else:
            self._stack.setCurrentWidget(self._empty)
        self._mark_row()
        if self._top is not None:
            id, before = self._top
            now_at = self.model.row_of(id)
            if now_at is not None:
                bar = self.table.verticalScrollBar()
                bar.setValue(bar.value() + (now_at - before) * ROW)

    def _what_is_left_out(self) -> str:
        if self.bar.filter.search.strip():
            return self.tr("No submission has {text} in it, with these days and results.").format(
                text=f"“{self.bar.filter.search.strip()}”"
            )
        return self.tr("There is no submission with these days and results.")

    def _mark_row(self) -> None:
        """Have the row of the submission in the panel marked, where it is among the rows that are here."""
        id = self.detail.id if self.detail.isVisible() else None
        found = None if id is None else self.model.row_of(id)
        # The panel shows it already; marking its row must not read it again.
        with QSignalBlocker(self.table.selectionModel()):
            if found is None:
                self.table.selectionModel().clear()
            else:
                self.table.setCurrentIndex(self.model.index(found, 0))
        self.table.viewport().update()

    def _choose(self, index: QModelIndex) -> None:
        entry = self.model.entry(index.row()) if index.isValid() else None
        if entry is not None:
            self.detail.show_id(entry.id)
            self.detail.show()

    def _close_detail(self) -> None:
        self.detail.hide()
        self.table.setFocus()

    def _to_table(self) -> None:
        if self.model.rowCount():
            self.table.setFocus(Qt.FocusReason.TabFocusReason)

    def _cannot_read(self, error: WorkstationError) -> None:
        if self.model.rowCount():
            self._notice.tell_error(error)
        else:
            self.bar.show_counts({})
            self._failed.say(spoken(str(error)))
            self._stack.setCurrentWidget(self._failed)

    @override
    def event(self, event: QEvent) -> bool:
        # Taken before the window's own Escape, which leaves the page: the panel goes first.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self.detail.isVisible()
        ):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.detail.isVisible():
            self._close_detail()
        else:
            super().keyPressEvent(event)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        run(self._workstation.journal.operators, self._know, self._cannot_read, self)

    def _know(self, people: Sequence[Kept]) -> None:
        self.bar.show_people(sorted(kept.operator.name for kept in people))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= SIDE_BY_SIDE
        self._sides.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        width = (DETAIL_WIDE if self.width() >= WIDE else DETAIL) if beside else UNBOUNDED
        self.detail.setMaximumWidth(width)
        self.detail.setMinimumWidth(width if beside else 0)
        self.detail.setMaximumHeight(UNBOUNDED if beside else self.height() // 2)
