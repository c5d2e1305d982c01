"""One field: label, where the value came from, the input, and below it what is wrong or becomes of the value."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.identifiers.verdict import Grade, Offer
from app.provisioning.draft import Entry, Origin
from app.provisioning.fields import Field
from app.provisioning.validation import Problem
from ui.fonts import Type
from ui.form.inputs import ChoiceInput, LineInput
from ui.form.origin import OriginMark
from ui.form.words import grouped, tr
from ui.kit.buttons import Button
from ui.kit.late import Late
from ui.kit.note import NO_NOTE, Note, NoteLine
from ui.kit.style import REST, column, row
from ui.kit.text import Cut
from ui.language.speaking import spoken
from ui.theme import Role, Tone


def _say(place: Late[NoteLine], note: Note) -> None:
    if note.text or place.made:
        place.get().say(note)


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
        self._shown: tuple[Entry | None, bool, bool, str] | None = None
        self._said: tuple[Problem | None, Note] | None = None
        self._label = Cut(spoken(field.label), Type.BODY, Role.MUTED, self)
        self._origin = Late(self._make_origin)
        self.input: LineInput | ChoiceInput = (
            ChoiceInput(choices, self)
            if field.choices
            else LineInput(mono=bool(field.check), secret=field.secret, length=field.max_length, parent=self)
        )
        self._problem = Late(lambda: NoteLine(self))
        self._accept = Late(self._make_accept, self._order_tabs)
        self._note = Late(lambda: NoteLine(self))
        top = row(self._label, self._origin, gap=2)
        top.setStretch(0, 1)
        self.setLayout(column(top, self.input, self._problem, row(self._accept, REST), self._note, gap=4))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.input.call_it(spoken(field.label))
        self.input.edited.connect(lambda text: self.edited.emit(field.key, text))
        self.input.unlock.connect(lambda: self.unlocked.emit(field.key))
        self.input.entered.connect(lambda: self.entered.emit(field.key))
        self.show_problem(None)

    def _make_origin(self) -> OriginMark:
        made = OriginMark(self)
        made.clicked.connect(lambda: self.unlocked.emit(self.field.key))
        return made

    def _make_accept(self) -> Button:
        made = Button("", "link", "check", self)
        made.setFont(Type.SMALL_STRONG.font())
        made.clicked.connect(self._take_offer)
        return made

    def _order_tabs(self) -> None:
        for stop, following in pairwise(self.stops()):
            QWidget.setTabOrder(stop, following)

    def show_value(self, entry: Entry | None, *, unlocked: bool, fixed: bool) -> None:
        """Show a value with where it came from. Device values are locked until `unlocked`; `fixed` ones stay so."""
        text = entry.text.reveal() if entry else ""
        locked = bool(entry and entry.origin is Origin.DEVICE and not unlocked)
        # Most stay as they are at each key. What stands in the line is part of it: it may have been typed in since.
        if (entry, locked, fixed, self.input.standing()) == self._shown:
            return
        self.input.show_value(grouped(self.field, text) if locked or fixed else text, locked=locked, fixed=fixed)
        self.input.setToolTip(text if locked or fixed else spoken(self.field.help))
        if entry or self._origin.made:
            self._origin.get().say(entry.origin if entry else None, locked=locked and not fixed)
        self._shown = (entry, locked, fixed, self.input.standing())

    def show_problem(self, problem: Problem | None, note: Note = NO_NOTE) -> None:
        """The lines below: a problem with its offer; and, unless it is an error, the note."""
        if (problem, note) == self._said:
            return
        self._said = (problem, note)
        self._offer = problem.offers[0] if problem and problem.offers else None
        bad = problem is not None and problem.grade is Grade.ERROR
        said = NO_NOTE
        if problem:
            said = Note(spoken(problem.message), *(("circle-x", Tone.BAD) if bad else ("triangle-alert", Tone.WARN)))
        _say(self._problem, said)
        _say(self._note, NO_NOTE if bad else note)
        self.input.show_problem("bad" if bad else "")
        self._accept.show(self._offer is not None)
        if self._offer:
            shown, accept = grouped(self.field, self._offer.value.reveal()), self._accept.get()
            accept.setText(tr("Use {value}").format(value=shown))
            accept.setAccessibleName(f"{spoken(self._offer.label)}: {shown}")
            accept.setToolTip(spoken(self._offer.label))
        self.input.setAccessibleDescription(
            " ".join(part for part in (said.text, note.text) if part) or spoken(self.field.help)
        )

    def stops(self) -> tuple[QWidget, ...]:
        """What the Tab key reaches here, in order."""
        return (self.input, self._accept.made) if self._accept.made else (self.input,)

    def focus(self) -> None:
        self.input.setFocus(Qt.FocusReason.TabFocusReason)

    def _take_offer(self) -> None:
        if self._offer:
            self.accepted.emit(self.field.key, self._offer.value.reveal())
