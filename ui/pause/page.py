"""Where a new token is entered in mid-shift: why sending stands, and one line to paste, scan or type into."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.assembly import Workstation
from ui.fonts import Type
from ui.kit.buttons import Button
from ui.kit.style import REST, column, row
from ui.kit.text import Text
from ui.language.speaking import spoken
from ui.orders import Order
from ui.settings.token import TokenCard
from ui.snapshot import Snapshot, kept_words

WIDTH = 720
EDGE = 16


class PausePage(QWidget):
    """Emits `left` when the way back to the bench is wanted. What was typed goes when the page does."""

    left = Signal()

    def __init__(self, station: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.token = TokenCard(station, brief=True)
        self._why = Text("", wrap=True)
        back = Button(self.tr("Bench"), "link", "smartphone")
        back.clicked.connect(self.left)
        about = Text(
            self.tr(
                "The gate is asked first whose token it is, and nothing is sent with it before you have said that it"
                " is yours. The bench stays as it was left."
            ),
            tone="muted",
            wrap=True,
        )
        inner = QWidget()
        inner.setMaximumWidth(WIDTH)
        inner.setLayout(
            column(
                row(Text(self.tr("A new token"), Type.TITLE), REST, back), self._why, about, self.token, REST, gap=12
            )
        )
        box = row(inner, REST, edge=(EDGE, 12, EDGE, EDGE))
        box.setStretch(0, WIDTH)
        self.setLayout(box)

    def orders(self) -> Mapping[str, Order]:
        """What command barcodes do here."""
        return self.token.orders()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Say why sending stands, and how much is kept meanwhile."""
        pause, unsent = snapshot.link.pause, snapshot.unsent
        parts = [spoken(pause.message)] if pause else []
        parts += [kept_words(unsent)] if unsent else []
        self._why.say(" ".join(parts))

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.token.refresh()
        # Not by a focus proxy of the page: Tab would leave out what stands before it.
        self.token.setFocus()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.token.forget()
