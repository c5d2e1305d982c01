"""Entering the PIN of a locked SIM on the card itself; a risky attempt is confirmed in the same place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRegularExpression, Qt, Signal
from PySide6.QtGui import QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit, QWidget
from typing_extensions import override

from app.masked import Secret
from ui.fonts import Type
from ui.kit.announce import describe
from ui.kit.buttons import Button
from ui.kit.style import REST, column, row
from ui.kit.text import Text
from ui.language.speaking import spoken
from ui.theme import Tone

if TYPE_CHECKING:
    from app.modem.pin import PinResult

PIN_DIGITS = QRegularExpression("[0-9]{4,8}")


class PinEntry(QWidget):
    """Emits `entered(Secret, confirmed)`. What came of it is said below the line, with the attempts left."""

    entered = Signal(object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._confirms = self._busy = False
        self.line = QLineEdit()
        self.line.setFont(Type.INPUT.font())
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setValidator(QRegularExpressionValidator(PIN_DIGITS, self))
        self.line.setPlaceholderText(self.tr("PIN"))
        self.line.setAccessibleName(self.tr("PIN of the SIM"))
        self.line.textEdited.connect(self._edited)
        self.button = Button("")
        self.button.clicked.connect(self._enter)
        self.anyway = Button(self.tr("Send it anyway"), icon_name="triangle-alert")
        self.anyway.clicked.connect(self._confirm)
        self._said = Text("", Type.SMALL, wrap=True)
        line = row(self.line, self.button, gap=8)
        line.setStretch(0, 1)
        self.setLayout(column(line, self._said, row(self.anyway, REST), gap=4, edge=(0, 4, 0, 0)))
        self._said.say("")
        self._show_button()

    @property
    def said(self) -> str:
        return self._said.text()

    def name_device(self, device: str) -> None:
        """Have a screen reader say whose PIN it is."""
        self.line.setAccessibleName(self.tr("PIN of the SIM in {device}").format(device=device))
        self.button.setAccessibleName(self.tr("Unlock the SIM in {device}").format(device=device))
        self.anyway.setAccessibleName(self.tr("Send the PIN to {device} anyway").format(device=device))

    def say(self, result: PinResult) -> None:
        """Show what came of the PIN. One that was not sent stays, for the confirmation."""
        # Loaded by now: the station that made the result came from there.
        from app.modem.pin import PinOutcome

        self._busy, self._confirms = False, result.must_confirm
        if not result.must_confirm:
            self.line.clear()
        self._tell(spoken(result.sentence), Tone.OK if result.outcome is PinOutcome.OK else Tone.WARN)

    def fail(self, why: str) -> None:
        """Say why the PIN could not be sent; it stays."""
        self._busy = False
        self._tell(why, Tone.BAD)

    def forget(self) -> None:
        """The SIM asks for no PIN any more: keep nothing of what was typed or said."""
        self._busy = self._confirms = False
        self.line.clear()
        self._said.say("")
        self._show_button()

    def _edited(self) -> None:
        self._confirms = False
        self._show_button()

    def _enter(self) -> None:
        if self._busy:
            return
        if self._confirms:
            # A second Enter is no confirmation: it may be the end of a long press.
            self.anyway.setFocus()
        elif not self.line.hasAcceptableInput():
            self._tell(self.tr("A PIN has 4 to 8 digits."), Tone.WARN)
            self.line.setFocus()
        else:
            self._send(confirmed=False)

    def _confirm(self) -> None:
        self.line.setFocus()
        self._send(confirmed=True)

    def _send(self, *, confirmed: bool) -> None:
        self._busy, self._confirms = True, False
        self._show_button()
        self.entered.emit(Secret(self.line.text()), confirmed)

    def _tell(self, sentence: str, tone: Tone) -> None:
        self._said.set_tone(tone)
        self._said.say(sentence)
        self._show_button()
        describe(self.line, sentence)

    def _show_button(self) -> None:
        self.button.setText(self.tr("Unlocking") if self._busy else self.tr("Unlock"))
        self.anyway.setVisible(self._confirms)
        self.line.setReadOnly(self._busy)

    @override
    def event(self, event: QEvent) -> bool:
        # Left to the card, Enter would choose it.
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        ):
            self._enter()
            return True
        return super().event(event)
