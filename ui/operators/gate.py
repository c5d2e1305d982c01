"""In place of a page that the operator may not see: a supervisor enters a PIN, and nobody has to sign out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.operators.people import LEAST, Operator, Right
from ui.fonts import Type
from ui.kit.buttons import Button
from ui.kit.card import Card
from ui.kit.style import REST, column, row
from ui.kit.text import Text
from ui.operators.lock import WIDTH
from ui.operators.pin_panel import PinPanel
from ui.operators.words import role
from ui.orders import Order, answers, pressing


class GatePage(QWidget):
    """Emits `entered(id, Secret)` and `left`."""

    entered = Signal(str, object)
    left = Signal()

    def __init__(self, right: Right, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.right = right
        self.then: Callable[[], None] = lambda: None
        """What to go on with once somebody has let the operator in."""
        who = role(LEAST[right])
        self.panel = PinPanel(self.tr("Open"))
        self.panel.entered.connect(self.entered)
        card = Card(self.tr("This takes a {role}").format(role=who.lower()), "lock")
        card.setFixedWidth(WIDTH)
        words = Text(
            self.tr("A {role} enters a PIN here. You stay signed in, and your records stay yours.").format(
                role=who.lower()
            ),
            Type.BODY,
            "muted",
            wrap=True,
        )
        back = Button(self.tr("Back"), "link")
        back.clicked.connect(self.left)
        card.body.addWidget(words)
        card.body.addSpacing(8)
        card.body.addWidget(self.panel)
        card.body.addSpacing(4)
        card.body.addLayout(row(back, REST))
        self.setLayout(column(REST, row(REST, card, REST), REST))
        self.setFocusProxy(self.panel.line)

    def orders(self) -> Mapping[str, Order]:
        """What command barcodes do here."""
        return {"submit": pressing(self.panel.button), "cancel": self.left.emit, **answers(())}

    def show_people(self, people: Sequence[Operator]) -> None:
        """Offer those who have the right."""
        self.panel.show_people([who for who in people if who.may(self.right)])
