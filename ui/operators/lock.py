"""The lock: it covers the whole window until somebody signs in. Devices go on being read, the queue goes on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.errors import WorkstationError
from app.operators.people import Operator
from ui.fonts import Type
from ui.icons import MEDIUM, Icon
from ui.kit.card import Card
from ui.kit.style import REST, column, row
from ui.kit.text import Text
from ui.operators.pin_panel import PinPanel
from ui.snapshot import kept_words
from ui.theme import Role

WIDTH = 380


class LockPage(QWidget):
    """Emits `entered(id, Secret)`."""

    entered = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.panel = PinPanel(self.tr("Sign in"))
        self.panel.entered.connect(self.entered)
        card = Card(self.tr("Who works here now?"), "lock")
        card.setFixedWidth(WIDTH)
        badge = Text(self.tr("Or scan your badge, then enter the PIN."), Type.SMALL, "muted", wrap=True)
        hint = row(Icon("scan-barcode", Role.MUTED, MEDIUM), badge, gap=8)
        hint.setStretch(1, 1)
        card.body.addSpacing(8)
        card.body.addWidget(self.panel)
        card.body.addSpacing(12)
        card.body.addLayout(hint)
        self._kept = Text("", Type.BODY, "muted")
        self.setLayout(column(REST, row(REST, card, REST), row(REST, self._kept, REST), REST, gap=16))
        self.setFocusProxy(self.panel.line)

    def show_people(self, people: Sequence[Operator]) -> None:
        self.panel.show_people(people)

    def say_waiting(self, waiting: int) -> None:
        """Whoever comes by must see that nothing is lost."""
        self._kept.say(kept_words(waiting) if waiting else "")

    def fail(self, trouble: WorkstationError) -> None:
        self.panel.fail(trouble)

    def begin(self) -> None:
        """Be ready for the next one."""
        self.panel.forget()
        self.panel.line.setFocus()
