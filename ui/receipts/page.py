"""The page of one submission's receipt: what stands on it, and the way to paper for it and for its label."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QPagedPaintDevice, QShowEvent
from PySide6.QtWidgets import QScrollArea, QWidget
from typing_extensions import override

from app.assembly import Workstation
from app.work.receipt import Receipt
from ui.background import run
from ui.fonts import Type
from ui.kit.buttons import Button
from ui.kit.card import Card
from ui.kit.card import line as separator
from ui.kit.chip import Chip
from ui.kit.paper import PaperLine
from ui.kit.style import REST, column, row
from ui.kit.text import Text
from ui.notices import Notice
from ui.orders import Order, pressing
from ui.receipts import label, sheet
from ui.receipts.words import job, lines, remarks, standing, title, tr
from ui.results import look
from ui.theme import Tone

WIDTH, NAMES = 720, 150
EDGE = 16


class ReceiptPage(QWidget):
    """Emits `left` when the way back to the log is wanted."""

    left = Signal()

    def __init__(self, station: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._station = station
        self._id = ""
        self.receipt: Receipt | None = None
        self.notice = Notice()
        self.sheet = PaperLine(tr("Receipt"), "gate-station-receipt.pdf", self._put_sheet)
        self.label = PaperLine(tr("Label"), "gate-station-label.pdf", self._put_label, layout=label.layout)
        for paper in (self.sheet, self.label):
            paper.failed.connect(self.notice.tell_error)
            paper.saved.connect(self._saved)
        self._title = Text("", Type.TITLE)
        back = Button(tr("Log"), "link", "scroll-text")
        back.clicked.connect(self.left)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setProperty("ring", True)
        self._scroll.setAccessibleName(tr("What stands on the receipt"))
        inner = QWidget()
        inner.setMaximumWidth(WIDTH)
        inner.setLayout(
            column(
                row(self._title, REST, back),
                self.notice,
                _named(tr("On paper"), self.sheet),
                _named(tr("Label, 62 x 29 mm"), self.label),
                self._scroll,
                gap=12,
            )
        )
        box = row(inner, REST, edge=(EDGE, 12, EDGE, 0))
        box.setStretch(0, WIDTH)
        self.setLayout(box)

    def show_id(self, id: str) -> None:
        """Make the receipt of a submission, as it stands now."""
        self._id, station = id, self._station
        self.notice.hide()
        run(lambda: station.receipt(id), self.show_receipt, self.notice.tell_error, self)

    def orders(self) -> Mapping[str, Order]:
        """What command barcodes do here."""
        return {"submit": pressing(self.sheet.save)}

    def show_receipt(self, receipt: Receipt | None) -> None:
        """Show it, if it is the one that was asked for last; one that was purged meanwhile has nothing to show."""
        if receipt is None or receipt.entry.id != self._id:
            return
        self.receipt = receipt
        self._title.setText(title(receipt))
        ground = QWidget()
        ground.setProperty("ground", "none")
        ground.setLayout(column(_card(receipt), REST, edge=(0, 0, 0, EDGE)))
        self._scroll.setWidget(ground)

    def _put_sheet(self, device: QPagedPaintDevice) -> bool:
        return self.receipt is not None and sheet.put(device, self.receipt)

    def _put_label(self, device: QPagedPaintDevice) -> bool:
        return self.receipt is not None and label.put(device, self.receipt)

    def _saved(self, file: str) -> None:
        self.notice.tell(Tone.OK, tr("It is saved."), "", file)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.sheet.save.setFocus()


def _named(name: str, paper: PaperLine) -> QWidget:
    words = Text(name, Type.BODY_STRONG)
    words.setMinimumWidth(NAMES)
    made = QWidget()
    made.setLayout(row(words, paper, REST, gap=12))
    return made


def _card(receipt: Receipt) -> Card:
    """What the sheet says, in the same words."""
    state = look(receipt.entry.state, receipt.entry.kind)
    chip = Chip(state.word, state.icon, state.tone)
    chip.say(state.word, state.icon, state.tone)
    card = Card(job(receipt.entry), "file-text", chip)
    for sentence in (standing(receipt), *remarks(receipt)):
        card.body.addWidget(Text(sentence, wrap=True))
    card.body.addSpacing(6)
    card.body.addWidget(separator())
    card.body.addSpacing(6)
    for each in lines(receipt):
        name = Text(each.label, tone="muted")
        name.setFixedWidth(NAMES)
        value = Text(each.value, Type.MONO if each.mono else Type.BODY, wrap=True)
        line = row(name, value, gap=12)
        line.setStretch(1, 1)
        card.body.addLayout(line)
    return card
