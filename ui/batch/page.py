"""The batch page: an order or none, devices that take their rows by themselves, one button, a result file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.assembly import Workstation
from app.errors import WorkstationError
from app.journal.records import Entry
from app.provisioning.site import site
from app.provisioning.submission import Submission
from app.provisioning.workflows import Workflow
from app.scanning.meaning import Meaning, Unknown
from app.work.batch import NEED_SOMEBODY, Batch, Item, Standing, keep
from app.work.cards import seen
from app.work.entering import InvalidDraft
from app.work.events import DeviceCard
from app.work.failed_rows import write_failed
from app.work.folder import ORDERS, order_in
from app.work.rows import Row, read_file
from ui.background import run
from ui.batch.looks import action, headline
from ui.batch.model import BatchModel
from ui.batch.table import BatchTable
from ui.fonts import Type
from ui.kit.buttons import Button, MainButton
from ui.kit.combo import Combo
from ui.kit.empty import Empty
from ui.kit.files import ask_open, ask_save
from ui.kit.parts import Parts
from ui.kit.style import REST, column, row
from ui.kit.text import Text
from ui.kit.tick import Tick
from ui.language.speaking import spoken
from ui.notices import Notice
from ui.orders import Order, answers, next_row, pressing
from ui.scans import shown
from ui.theme import Tone

EDGE = 16
FILES, RESULT = " ".join(f"*{ending}" for ending in ORDERS), "batch.xlsx"


class BatchPage(QWidget):
    """Emits `taken(Draft, key)` when the operator wants to mend one at the bench, `log_opened(id)` to see one that was
    sent, `alarmed` when a device came that needs somebody, `unplaced(Meaning)` for a scan that is no order."""

    taken = Signal(object, object)
    log_opened = Signal(str)
    alarmed = Signal()
    unplaced = Signal(object)

    def __init__(self, station: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._station = station
        self._site = site(station.settings.policy)
        self._cards: dict[str, DeviceCard] = {}
        self._sending = False
        self.order = ""
        self.job = Combo([spoken(workflow.label) for workflow in self._site.workflows])
        self.job.setAccessibleName(self.tr("Job of the batch"))
        self.job.currentIndexChanged.connect(lambda _: self.begin())
        self.armed = Tick(self.tr("Take each device that is plugged in"))
        self.armed.setChecked(True)
        self.armed.toggled.connect(self._arm)
        self.choose = Button(self.tr("Choose an order"), icon_name="folder-open")
        self.choose.clicked.connect(self._ask_order)
        self.anew = Button(self.tr("New batch"), "quiet", "rotate-ccw")
        # clicked says whether it is checked, which is no order.
        self.anew.clicked.connect(lambda _=False: self.begin())
        self.save = Button(self.tr("Save the result"), "quiet", "save")
        self.save.clicked.connect(self._ask_result)
        self.main = MainButton(keys="Ctrl+Enter")
        self.main.clicked.connect(self.send)
        self.notice = Notice()
        self.said = Parts(Type.HEADING, Type.HEADING)
        self._order_line = Text("", Type.BODY, "muted")
        self.model = BatchModel(self)
        self.table = BatchTable(self.model)
        self.table.opened.connect(self._open)
        self._empty = Empty(
            "usb",
            self.tr("Plug the devices of the batch in"),
            (
                ("file-text", self.tr("With an order (CSV, XLSX or JSON) each device finds its row by IMEI or ICCID.")),
                ("smartphone", self.tr("Without one, each device is registered with what it says of itself.")),
                ("unplug", self.tr("A device that is ready can be pulled: what it said is kept here.")),
            ),
        )
        self._stack = QStackedWidget()
        blank = QWidget()
        blank.setLayout(column(self._empty, REST))
        self._stack.addWidget(blank)
        self._stack.addWidget(self.table)
        title = Text(self.tr("Batch"), Type.TITLE)
        body = column(
            row(title, self.job, self.choose, self.anew, REST, self._order_line, gap=8),
            row(self.said, REST, self.save, self.main, gap=8),
            self.armed,
            self.notice,
            self._stack,
            gap=12,
            edge=(EDGE, 12, EDGE, EDGE),
        )
        body.setStretch(body.count() - 1, 1)
        self.setLayout(body)
        self.batch = self._made(())
        self.refresh()

    # The batch

    @property
    def workflow(self) -> Workflow:
        return self._site.workflows[max(0, self.job.currentIndex())]

    def begin(self, rows: Sequence[Row] = ()) -> None:
        """Begin anew, with the rows of an order or without; devices that are plugged in join at once."""
        self.order = self.order if rows else ""
        self.batch = self._made(rows)
        for card in self._cards.values():
            self.batch.device_changed(card)
        self.notice.hide()
        self.refresh()

    def take_over(self, other: BatchPage) -> None:
        """Go on with the batch of another page, as far as it had come."""
        with QSignalBlocker(self.job), QSignalBlocker(self.armed):
            self.job.setCurrentIndex(other.job.currentIndex())
            self.armed.setChecked(other.armed.isChecked())
        self._cards, self.order, self.batch = dict(other._cards), other.order, other.batch
        self.refresh()

    def _made(self, rows: Sequence[Row]) -> Batch:
        defaults = self._site.defaults.get(self.workflow.name, {})
        batch = Batch(self.workflow, self._station.validate, rows, defaults)
        batch.armed = self.armed.isChecked()
        return batch

    def device_changed(self, card: DeviceCard) -> None:
        self._cards[card.key] = card
        if self.batch.device_changed(card):
            self.alarmed.emit()
        self.refresh()

    def device_gone(self, key: str) -> None:
        self._cards.pop(key, None)
        self.batch.device_gone(key)
        self.refresh()

    def entered(self, submission: Submission) -> None:
        """Something was kept at the bench; it may be one of these."""
        self.batch.entered(submission)
        self.journal_changed()
        self.refresh()

    def journal_changed(self) -> None:
        """Read what became of those that were sent."""
        ids, journal = self.batch.open_ids(), self._station.journal
        if ids:
            batch = self.batch
            run(
                lambda: [entry for id in ids if (entry := journal.entry(id)) is not None],
                lambda entries: self._moved(batch, entries),
                self.notice.tell_error,
                self,
            )

    def _moved(self, batch: Batch, entries: list[Entry]) -> None:
        batch.moved(entries)
        self.refresh()

    def refresh(self) -> None:
        """Show the batch as it stands."""
        items = self.batch.items()
        self.model.show_items(items)
        self._stack.setCurrentIndex(1 if items else 0)
        self.said.say(headline(self.batch))
        self._order_line.say(self.order)
        self.save.setVisible(bool(items))
        self.anew.setVisible(bool(items))
        words = self.tr("Keeping them") if self._sending else action(self.batch)
        self.main.say(words, quiet=self._sending or not self.batch.ready())

    def _arm(self, armed: bool) -> None:
        self.batch.armed = armed
        if armed:
            for card in self._cards.values():
                self.batch.device_changed(card)
        self.refresh()

    # What the operator does

    def send(self) -> None:
        """Keep every one that is ready; each is on the disk before it looks sent."""
        ready = self.batch.ready()
        if self._sending or not ready:
            return
        self._sending = True
        self.refresh()
        batch = self.batch
        run(lambda: keep(ready, self._keep), lambda kept: self._sent(batch, kept), self._not_sent, self)

    def _keep(self, item: Item) -> str:
        consent = item.card.consent if item.card else None
        return self._station.submit(item.draft, device=seen(item.card), consent=consent).id

    def _sent(self, batch: Batch, kept: Sequence[tuple[str, str | WorkstationError]]) -> None:
        self._sending = False
        for key, came in kept:
            if isinstance(came, str):
                batch.kept(key, came)
            elif isinstance(came, InvalidDraft):
                batch.refused(key, came.problems)
            else:
                self.notice.tell_error(came)
        self.refresh()
        self.journal_changed()

    def _not_sent(self, trouble: WorkstationError) -> None:
        self._sending = False
        self.notice.tell_error(trouble)
        self.refresh()

    def orders(self) -> Mapping[str, Order]:
        """What command barcodes do here: SUBMIT the button, NEXT the next row, ANSWER 1 what Enter does on it, ANSWER 2
        the result, ANSWER 3 a new batch."""
        return {
            "submit": pressing(self.main),
            "next": lambda: next_row(self.table),
            **answers(()),
            "first": self.table.open_current,
            "second": pressing(self.save),
            "third": pressing(self.anew),
        }

    def _open(self, place: int) -> None:
        item = self.model.items[place]
        if item.id is not None:
            self.log_opened.emit(item.id)
        elif item.standing in NEED_SOMEBODY | {Standing.READY, Standing.WAITING}:
            self.taken.emit(item.draft, item.card.key if item.card else None)

    def take_scan(self, meaning: Meaning) -> bool:
        """An order is loaded by the name of its file, where the station has a folder for files. Else a scan is the
        beginning of work at the bench."""
        folder, text = self._station.settings.text("files.folder"), shown(meaning)
        if not folder or not text:
            self._scanned(meaning, None)
        else:
            run(
                lambda: order_in(Path(folder), text),
                lambda file: self._scanned(meaning, file),
                self.notice.tell_error,
                self,
            )
        return True

    def _scanned(self, meaning: Meaning, order: Path | None) -> None:
        if order is not None:
            self.load(order)
        elif not isinstance(meaning, Unknown):
            self.unplaced.emit(meaning)
        elif self._station.settings.text("files.folder"):
            self.notice.tell(Tone.WARN, self.tr("No order of this name is in the folder for files."))

    def _ask_order(self) -> None:
        ask_open(self, self.tr("Choose an order"), [self.tr("Tables ({kinds})").format(kinds=FILES)], self.load)

    def load(self, file: Path) -> None:
        """Read an order; nothing of it is sent."""
        workflow = self.workflow
        run(lambda: read_file(file, workflow), lambda rows: self._loaded(file, rows), self.notice.tell_error, self)

    def _loaded(self, file: Path, rows: list[Row]) -> None:
        self.order = self.tr("{file}: 1 row") if len(rows) == 1 else self.tr("{file}: {count} rows")
        self.order = self.order.format(file=file.name, count=len(rows))
        self.begin(rows)

    def _ask_result(self) -> None:
        kinds = [self.tr("Tables ({kinds})").format(kinds="*.xlsx *.csv")]
        folder = self._station.settings.text("files.folder")
        ask_save(self, self.tr("Save the result"), kinds, RESULT, self.save_result, folder=folder)

    def save_result(self, file: Path) -> None:
        """Write every row and device with what became of it."""
        result = self.batch.result()
        run(lambda: write_failed(file, result), lambda _: self._saved(file), self.notice.tell_error, self)

    def _saved(self, file: Path) -> None:
        self.notice.tell(Tone.OK, self.tr("The result is saved as {file}.").format(file=file.name), "", str(file))
