"""The page that writes the log to a file: what goes into it, and one button."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.assembly import Workstation
from app.journal.outbox import utc_now
from app.work.export import Exported
from ui.background import run
from ui.fonts import Type
from ui.journal.bar import said
from ui.journal.filters import Filter
from ui.kit.buttons import Button
from ui.kit.card import Card
from ui.kit.files import ask_save
from ui.kit.style import REST, column, row
from ui.kit.text import Text
from ui.notices import Notice
from ui.orders import Order, pressing
from ui.theme import Tone

WIDTH = 960
EDGE = 16
NAME = "gate-station-log.xlsx"


class ExportPage(QWidget):
    """`wanted` gives the part of the log that is shown. Emits `left` when the way back to it is wanted."""

    left = Signal()

    def __init__(
        self,
        station: Workstation,
        wanted: Callable[[], Filter],
        *,
        now: Callable[[], datetime] = utc_now,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._station, self._wanted, self._now = station, wanted, now
        self.notice = Notice()
        self._part = Text("", wrap=True)
        self.save = Button(self.tr("Save as XLSX or CSV"), icon_name="save")
        self.save.clicked.connect(self._ask)
        back = Button(self.tr("Log"), "link", "scroll-text")
        back.clicked.connect(self.left)
        about = Text(
            self.tr("Identifiers are masked. That it was exported, and by whom, stands in the audit trail."),
            tone="muted",
            wrap=True,
        )
        card = Card("", "file-text")
        self.told = card.heading
        card.body.setSpacing(8)
        card.body.addWidget(self._part)
        card.body.addWidget(about)
        card.body.addLayout(row(self.save, REST))
        inner = QWidget()
        inner.setMaximumWidth(WIDTH)
        head = row(Text(self.tr("Export the log"), Type.TITLE), REST, back, gap=12)
        inner.setLayout(column(head, self.notice, card, REST, gap=12))
        box = row(inner, REST, edge=(EDGE, 12, EDGE, EDGE))
        box.setStretch(0, WIDTH)
        self.setLayout(box)
        self.setFocusProxy(self.save)

    def _ask(self) -> None:
        kinds = [self.tr("Tables ({kinds})").format(kinds="*.xlsx *.csv")]
        folder = self._station.settings.text("files.folder")
        ask_save(self, self.tr("Export the log"), kinds, NAME, self.write, folder=folder)

    def orders(self) -> Mapping[str, Order]:
        """What command barcodes do here: SUBMIT writes the file, into the station's folder or where a dialog says."""
        return {"submit": pressing(self.save)}

    def write(self, file: Path) -> None:
        """Write what the log shows; the dialog has asked whether an older file may go."""
        query, station = self._wanted().query(self._now()), self._station
        run(lambda: station.export(query, file, force=True), self.show_written, self.notice.tell_error, self)

    def show_written(self, done: Exported) -> None:
        """Tell what has become a file."""
        one, many = self.tr("1 submission is in {file}."), self.tr("{count} submissions are in {file}.")
        words = one if done.rows == 1 else many
        self.notice.tell(
            Tone.OK,
            words.format(count=done.rows, file=done.path.name),
            self.tr("Audit code {code}.").format(code=done.code),
            str(done.path),
        )

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.notice.hide()
        self._part.setText(said(self._wanted()))
        query, station = self._wanted().query(self._now()), self._station
        run(lambda: station.journal.count(query), self._counted, self.notice.tell_error, self)

    def _counted(self, count: int) -> None:
        words = self.tr("1 submission") if count == 1 else self.tr("{count} submissions").format(count=count)
        self.told.setText(words)
