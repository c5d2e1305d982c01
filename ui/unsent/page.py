"""The page of what is not sent: groups with their next step, and the way to paper."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QPagedPaintDevice, QShowEvent
from PySide6.QtWidgets import QScrollArea, QWidget
from typing_extensions import override

from app.assembly import Workstation
from app.work.unsent import Group, Unsent, unsent
from ui.background import run
from ui.fonts import Type
from ui.journal.known_row import KnownRow
from ui.kit.buttons import Button
from ui.kit.card import Card
from ui.kit.card import line as separator
from ui.kit.empty import Empty
from ui.kit.paper import PaperLine
from ui.kit.style import REST, column, row
from ui.kit.text import Text
from ui.notices import Notice
from ui.orders import Order, pressing
from ui.results import look
from ui.theme import Tone
from ui.unsent.sheet import put
from ui.unsent.words import group_next, group_title, reason, scope, title, written

WIDTH = 960
EDGE = 16
SHOWN = 100
"""Rows of a group that are drawn; the sheet has more."""


class UnsentPage(QWidget):
    """Emits `left` when the way back to the bench is wanted."""

    left = Signal()

    def __init__(self, station: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._station = station
        self.found = Unsent(datetime.now(UTC), "", ())
        self.notice = Notice()
        self.paper = PaperLine(title(), "gate-station-not-sent.pdf", self._put)
        self.paper.failed.connect(self.notice.tell_error)
        self.paper.saved.connect(self._saved)
        self._written = Text("", Type.BODY, "muted")
        back = Button(self.tr("Bench"), "link", "smartphone")
        back.clicked.connect(self.left)
        self._groups = column(gap=12)
        sheet = QWidget()
        sheet.setProperty("ground", "none")
        sheet.setLayout(column(self._groups, REST, edge=(0, 0, 0, EDGE)))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setProperty("ring", True)
        scroll.setAccessibleName(title())
        scroll.setWidget(sheet)
        inner = QWidget()
        inner.setMaximumWidth(WIDTH)
        inner.setLayout(
            column(
                row(Text(title(), Type.TITLE), REST, back),
                row(self._written, REST, self.paper),
                Text(scope(), tone="muted", wrap=True),
                self.notice,
                scroll,
                gap=12,
            )
        )
        box = row(inner, REST, edge=(EDGE, 12, EDGE, 0))
        box.setStretch(0, WIDTH)
        self.setLayout(box)

    def refresh(self) -> None:
        """Read the journal again, where somebody looks."""
        if self.isVisible():
            station = self._station
            run(
                lambda: unsent(station.journal, datetime.now(UTC), station.operator),
                self.show_found,
                self.notice.tell_error,
                self,
            )

    def orders(self) -> Mapping[str, Order]:
        """What command barcodes do here."""
        return {"submit": pressing(self.paper.save)}

    def show_found(self, found: Unsent) -> None:
        self.found = found
        self._written.setText(written(found))
        self.paper.setEnabled(bool(found.count))
        while (item := self._groups.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for group in found.groups:
            self._groups.addWidget(self._card(group))
        if not found.groups:
            self._groups.addWidget(Empty("circle-check", self.tr("Everything has arrived."), ()))

    def _card(self, group: Group) -> Card:
        card = Card(group_title(group), look(group.state).icon)
        card.body.addWidget(Text(group_next(group), tone="muted", wrap=True))
        for index, entry in enumerate(group.entries[:SHOWN]):
            if index:
                card.body.addWidget(separator())
            card.body.addWidget(KnownRow(entry, self.found.at, reason(entry, self.found.at)))
        if group.count > SHOWN:
            more = group.count - SHOWN
            text = self.tr("{count} more are on the sheet and in the log.").format(count=more)
            card.body.addWidget(Text(self.tr("1 more is on the sheet and in the log.") if more == 1 else text))
        return card

    def _put(self, device: QPagedPaintDevice) -> bool:
        return put(device, self.found)

    def _saved(self, file: str) -> None:
        self.notice.tell(Tone.OK, self.tr("The sheet is saved."), "", file)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.notice.hide()
        self.refresh()
        self.paper.save.setFocus()
