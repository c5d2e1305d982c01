"""The bar above the bench while the shift is to be confirmed before any device is read."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.provisioning.consent import SHIFT_TEXT
from ui.fonts import Type
from ui.icons import LARGE, Icon
from ui.kit.buttons import Button
from ui.kit.style import row
from ui.kit.text import Text
from ui.kit.tinted import Tinted
from ui.language.speaking import spoken
from ui.theme import TARGET, Role, Tone


class ShiftBar(Tinted):
    """Hidden while nothing is to be confirmed; it cannot be put away otherwise. Emits `confirmed`."""

    confirmed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Tone.ACCENT, parent)
        icon = Icon("shield-check", Role.ACCENT, LARGE, self)
        icon.setFixedHeight(TARGET)
        self.button = Button(self.tr("Confirm for this shift  F6"), parent=self)
        self.button.clicked.connect(self.confirmed)
        text = Text(spoken(SHIFT_TEXT), Type.BODY_STRONG, wrap=True, parent=self)
        box = row(icon, text, self.button, gap=10, edge=(14, 8, 8, 8))
        box.setStretch(1, 1)
        self.setLayout(box)
        self.setAccessibleName(spoken(SHIFT_TEXT))
        self.hide()
