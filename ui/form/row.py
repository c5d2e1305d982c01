"""One field: label, where the value came from, the input, and one line below that helps or says what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.identifiers.verdict import Grade, Offer
from app.provisioning.draft import Entry, Origin
from app.provisioning.fields import Field
from app.provisioning.validation import Problem
from ui.fonts import Type
from ui.form.inputs import ChoiceInput, LineInput
from ui.form.words import ORIGINS, grouped, tr
from ui.icons import SMALL, Icon
from ui.kit.buttons import Button
from ui.kit.style import REST, column, row
from ui.kit.text import Cut, Text
from ui.theme import Role, Tone


@dataclass(frozen=True, slots=True)
class Note:
    """What is said below an input that is all right."""

    text: str
    icon: str
    tone: Tone = Tone.NEUTRAL


NO_NOTE = Note("", "info")


class FieldRow(QWidget):
    """Emits `edited(key, text)`, `unlocked(key)`, `accepted(key, text)` for an offer taken, `entered(key)`."""

    edited = Signal(str, str)
    unlocked = Signal(str)
    accepted = Signal(str, str)
    entered = Signal(str)

    def __init__(self, field: Field, choices: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self._offer: Offer | None = None
        self._label = Cut(field.label, Type.BODY, Role.MUTED)
        self._origin_icon = Icon("plug", Role.FAINT, SMALL)
        self._origin = Text("", Type.SMALL, "faint")
        self.input: LineInput | ChoiceInput = (
            ChoiceInput(choices)
            if field.choices
            else LineInput(mono=bool(field.check), secret=field.secret, length=field.max_length)
        )
        self._below_icon = Icon("info", Role.MUTED, SMALL)
        self._below = Text("", Type.SMALL, "muted", wrap=True)
        self._accept = Button("", "link", "check")
        self._accept.setFont(Type.SMALL_STRONG.font())
        top = row(self._label, self._origin_icon, self._origin, gap=5)
        top.setStretch(0, 1)
        below = row(self._below_icon, self._below, gap=5)
        below.setStretch(1, 1)
        below.setAlignment(self._below_icon, Qt.AlignmentFlag.AlignTop)
        self.setLayout(column(top, self.input, below, row(self._accept, REST), gap=4))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Maximum)
        self.input.setAccessibleName(field.label)
        self.input.edited.connect(lambda text: self.edited.emit(field.key, text))
        self.input.unlock.connect(lambda: self.unlocked.emit(field.key))
        self.input.entered.connect(lambda: self.entered.emit(field.key))
        self._accept.clicked.connect(self._take_offer)
        self.show_problem(None)

    def show_value(self, entry: Entry | None, *, unlocked: bool, fixed: bool) -> None:
        """Show a value with where it came from. Device values are locked until `unlocked`; `fixed` ones stay so."""
        text = entry.text.reveal() if entry else ""
        locked = bool(entry and entry.origin is Origin.DEVICE and not unlocked)
        self.input.show_value(grouped(self.field, text) if locked or fixed else text, locked=locked, fixed=fixed)
        word, icon = ORIGINS[entry.origin] if entry else ("", "plug")
        self._origin.say(tr(word) if word else "")
        self._origin_icon.show_icon(icon, Role.FAINT)
        self._origin_icon.setVisible(bool(entry))

    def show_problem(self, problem: Problem | None, note: Note = NO_NOTE) -> None:
        """The line below: a problem with its offer; else a note; else, with nothing to say, no line at all."""
        self._offer = problem.offers[0] if problem and problem.offers else None
        bad = problem is not None and problem.grade is Grade.ERROR
        if problem:
            note = Note(problem.message, *(("circle-x", Tone.BAD) if bad else ("triangle-alert", Tone.WARN)))
        self.input.show_problem("bad" if bad else "")
        self._below.set_tone("muted" if note.tone is Tone.NEUTRAL else note.tone)
        self._below.say(note.text)
        self._below_icon.show_icon(note.icon, note.tone.ink)
        self._below_icon.setVisible(bool(note.text))
        self._accept.setVisible(self._offer is not None)
        if self._offer:
            shown = grouped(self.field, self._offer.value.reveal())
            self._accept.setText(tr("Use {value}").format(value=shown))
            self._accept.setAccessibleName(f"{self._offer.label}: {shown}")
            self._accept.setToolTip(self._offer.label)
        self.input.setAccessibleDescription(note.text or self.field.help)
        self.input.setToolTip(self.field.help)

    def focus(self) -> None:
        self.input.setFocus(Qt.FocusReason.TabFocusReason)

    def _take_offer(self) -> None:
        if self._offer:
            self.accepted.emit(self.field.key, self._offer.value.reveal())
