"""The customer's word on a card: given, refused, or withdrawn."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.provisioning.consent import Ground
from app.work.events import CardState, DeviceCard
from ui.devices import words
from ui.kit.buttons import LINK_EDGE, Button
from ui.kit.style import REST, column, row


def asked_of(card: DeviceCard, *, in_hand: bool) -> bool:
    """Whether something can be said of this device now."""
    given = card.consent is not None and card.consent.ground is Ground.PER_DEVICE
    return card.state in {CardState.ASK, CardState.DECLINED} or (given and in_hand)


class ConsentWord(QWidget):
    """Emits `agreed` and `declined`. Hidden where the customer of this device is not asked.

    The card says the question itself; while its device may be read, withdrawing is offered only on the
    card in hand. Stands out by LINK_EDGE, as ui/devices/change.py does.
    """

    agreed = Signal()
    declined = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.agree = Button("")
        self.agree.clicked.connect(self.agreed)
        self.decline = Button("", "link", "circle-slash")
        self.decline.clicked.connect(self.declined)
        self.setLayout(column(row(LINK_EDGE, self.agree, REST), row(self.decline, REST), gap=2, edge=(0, 4, 0, 0)))
        self.hide()

    def say(self, card: DeviceCard, *, in_hand: bool) -> None:
        """Offer what can be said of this device now."""
        device = words.name(card)
        asks, refused = card.state is CardState.ASK, card.state is CardState.DECLINED
        said = asked_of(card, in_hand=in_hand)
        self.agree.setVisible(asks or refused)
        self.agree.setText(self.tr("Agrees  F6") if asks else self.tr("Agrees now"))
        agrees = self.tr("The customer of {device} agrees") if asks else self.tr("The customer of {device} agrees now")
        self.agree.setAccessibleName(agrees.format(device=device))
        self.decline.setVisible(said and not refused)
        self.decline.setText(self.tr("Does not agree") if asks else self.tr("Consent withdrawn"))
        declines = (
            self.tr("The customer of {device} does not agree") if asks else self.tr("Consent withdrawn for {device}")
        )
        self.decline.setAccessibleName(declines.format(device=device))
        self.setVisible(said)
