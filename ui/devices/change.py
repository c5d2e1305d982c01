"""What a card says when another SIM is in a device than before, and the job that belongs to it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.work.events import DeviceCard
from ui.devices import words
from ui.kit.buttons import LINK_EDGE, Button
from ui.kit.chip import Chip
from ui.kit.style import REST, column, row
from ui.theme import Tone


class SimChange(QWidget):
    """Hidden while the SIM is the one that was first seen. Emits `replace` when the SIM replacement is wanted.

    Stands out by LINK_EDGE, so that the words of the link align with what else the card says.
    """

    replace = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chip = Chip()
        self.button = Button("", "link", "arrow-right")
        self.button.setText(self.tr("Replace SIM  F3"))
        self.button.clicked.connect(self.replace)
        self.setLayout(column(row(LINK_EDGE, self.chip, REST), row(self.button, REST), gap=2, edge=(0, 4, 0, 0)))
        self.hide()

    def say(self, card: DeviceCard) -> None:
        old, new = card.previous_iccid, card.identity.iccid if card.identity else None
        self.setVisible(old is not None and new is not None)
        if old is None or new is None:
            return
        short = f"{words.short(old.reveal())} → {words.short(new.reveal())}"
        self.chip.say(self.tr("SIM {change}").format(change=short), "card-sim", Tone.WAIT)
        self.chip.setAccessibleName(
            self.tr("SIM changed from {old} to {new}").format(old=old.reveal()[-4:], new=new.reveal()[-4:])
        )
        self.button.setAccessibleName(self.tr("Replace SIM of {device}").format(device=words.name(card)))
