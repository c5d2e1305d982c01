"""Choosing who one is and entering the PIN; digits, Enter, and the arrow keys do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit, QWidget
from typing_extensions import override

from app.errors import WorkstationError
from app.masked import Secret
from app.operators.people import Operator
from app.operators.pin import LONGEST
from ui.fonts import Type
from ui.kit.announce import describe
from ui.kit.buttons import MainButton
from ui.kit.combo import Combo
from ui.kit.style import column, restyle
from ui.kit.text import Text, label_of
from ui.language.speaking import spoken
from ui.operators.words import role
from ui.theme import Tone


class _PinLine(QLineEdit):
    """The arrow keys go up and down the names, so that a keyboard needs no Tab."""

    stepped = Signal(int)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.key() in steps:
            self.stepped.emit(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


class PinPanel(QWidget):
    """Emits `entered(id, Secret)`. A PIN that is refused is cleared, and the reason stands below it."""

    entered = Signal(str, object)

    def __init__(self, action: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action, self._people, self._busy = action, list[Operator](), False
        self.names = Combo()
        self.names.setAccessibleName(self.tr("Name"))
        self.names.currentIndexChanged.connect(self._changed)
        self.line = _PinLine()
        self.line.setFont(Type.INPUT.font())
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setValidator(QRegularExpressionValidator(QRegularExpression(f"[0-9]{{0,{LONGEST}}}"), self))
        self.line.setAccessibleName(self.tr("PIN"))
        self.line.returnPressed.connect(self._enter)
        self.line.stepped.connect(self._step)
        self.button = MainButton()
        self.button.clicked.connect(self._enter)
        self._said = Text("", Type.BODY, wrap=True)
        fields = [column(label_of(self.tr("Name"), self.names), self.names, gap=4)]
        fields.append(column(label_of(self.tr("PIN"), self.line), self.line, gap=4))
        self.setLayout(column(*fields, self._said, 4, self.button, gap=12))
        self._said.say("")
        self._show_button()

    @property
    def said(self) -> str:
        return self._said.text()

    def show_people(self, people: Sequence[Operator]) -> None:
        """Offer these names; who was chosen stays chosen."""
        before = self._chosen
        self._people = list(people)
        self.names.clear()
        self.names.addItems([f"{who.name} · {role(who.role)}" for who in people])
        if before is not None:
            self.choose(before.id)

    def choose(self, id: str) -> None:
        """Choose a name, as a badge does, and wait for the PIN."""
        found = next((place for place, who in enumerate(self._people) if who.id == id), None)
        if found is not None:
            self.names.setCurrentIndex(found)
        self.line.setFocus()

    def fail(self, trouble: WorkstationError) -> None:
        """Say why it did not go on."""
        self._busy = False
        self.line.clear()
        self._tell(spoken(str(trouble)), Tone.BAD)
        self._show_button()
        self.line.setFocus()

    def forget(self) -> None:
        """Keep nothing of what was typed or said."""
        self._busy = False
        self.line.clear()
        self._tell("", Tone.NEUTRAL)
        self._show_button()

    @property
    def _chosen(self) -> Operator | None:
        place = self.names.currentIndex()
        return self._people[place] if 0 <= place < len(self._people) else None

    def _changed(self) -> None:
        self.line.clear()
        self._tell("", Tone.NEUTRAL)

    def _step(self, by: int) -> None:
        if count := self.names.count():
            self.names.setCurrentIndex((self.names.currentIndex() + by) % count)

    def _enter(self) -> None:
        who, pin = self._chosen, Secret(self.line.text())
        if self._busy or who is None:
            return
        if not pin:
            self._tell(self.tr("Enter your PIN."), Tone.WARN)
            self.line.setFocus()
            return
        self._busy = True
        self._show_button()
        self.entered.emit(who.id, pin)

    def _show_button(self) -> None:
        self.button.say(self.tr("Checking the PIN") if self._busy else self._action, quiet=self._busy)

    def _tell(self, sentence: str, tone: Tone) -> None:
        self._said.set_tone(tone)
        self._said.say(sentence)
        restyle(self.line, "problem", "bad" if tone is Tone.BAD else "")
        describe(self.line, sentence)
