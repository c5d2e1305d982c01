"""The panel beside the log: one submission whole, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget
from typing_extensions import override

from app.assembly import Workstation
from app.errors import WorkstationError
from app.journal.jobs import STOPPED
from app.journal.records import Entry
from app.provisioning.submission import Settlement, State
from app.work.receipt import has_receipt
from ui.background import run
from ui.fonts import Type
from ui.journal.description import describe
from ui.journal.meaning import meaning
from ui.journal.sheet import Sheet
from ui.kit.buttons import Button
from ui.kit.chip import Chip
from ui.kit.style import REST, column, row
from ui.kit.text import Text
from ui.language.speaking import spoken
from ui.results import look
from ui.theme import Tone

CORRECTABLE = frozenset({State.REJECTED})
CANCELLABLE = frozenset({State.QUEUED, State.WAITING, State.HELD})


class Offered(Struct, frozen=True):
    """What may be done about an entry."""

    correct: bool
    retry: bool
    cancel: bool
    settle: bool


def offered(entry: Entry) -> Offered:
    """A correction of what was refused and not corrected yet; another try of what is held; cancelling what
    cannot have arrived; a decision about what the gate has already."""
    return Offered(
        correct=entry.state in CORRECTABLE and entry.replaced_by is None,
        retry=entry.state in {State.HELD, State.WAITING, State.UNKNOWN} and entry.code not in {"gate.busy", STOPPED},
        cancel=entry.state in CANCELLABLE and not entry.ambiguous,
        settle=entry.state is State.CONFLICT
        and entry.replaced_by is None
        and entry.settled is not Settlement.SAME_DEVICE,
    )


class Detail(QFrame):
    """Shows one entry until another is chosen. `correct(Entry)`, `update_instead(Entry, Draft)`, `open_entry(id)`,
    `receipt_wanted(id)` and `closed` are intents.

    Personal values are masked; "Reveal" shows them until the panel is left.
    """

    correct = Signal(object)
    update_instead = Signal(object, object)
    open_entry = Signal(str)
    receipt_wanted = Signal(str)
    closed = Signal()

    def __init__(self, workstation: Workstation, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self._now = now
        self._id: str | None = None
        self._entry: Entry | None = None
        self.setProperty("kind", "card")
        self.setAccessibleName(self.tr("Details of the submission"))
        self._chip = Chip()
        self._title = Text("", Type.HEADING, wrap=True)
        self._subtitle = Text("", tone="muted", wrap=True)
        self._meaning = Text("", wrap=True)
        self._notes = Text("", tone="muted", wrap=True)
        self._said = Text("", wrap=True)
        self._reveal = Button(self.tr("Reveal"), "quiet", "eye")
        self._reveal.setCheckable(True)
        self._reveal.toggled.connect(self._show_revealed)
        self._close = Button("", "quiet", "x")
        self._close.setAccessibleName(self.tr("Close the details"))
        self._close.setToolTip(self.tr("Close  Esc"))
        self._close.clicked.connect(self.closed.emit)
        self._correct = self._button(self.tr("Correct and resend"), "pencil", self._tell_correct)
        self._retry = self._button(self.tr("Try now"), "refresh-cw", self._try_now)
        self.same = self._button(self.tr("It is the same device"), "circle-check", self._settle_same)
        self.update_it = self._button(self.tr("Update instead"), "pencil", self._ask_update)
        self.hold = self._button(self.tr("Hold for the supervisor"), "user", self._settle_hold)
        self._cancel = self._button(self.tr("Cancel submission"), "circle-slash", self.ask_cancel)
        self.receipt = self._button(self.tr("Receipt"), "file-text", self._want_receipt)
        self._yes = self._button(self.tr("Cancel it"), "", self._do_cancel)
        self._no = self._button(self.tr("Keep it"), "", self._calm)
        self._before = Button("", "link", "history")
        self._before.clicked.connect(self._open_before)
        self._after = Button("", "link", "arrow-right")
        self._after.clicked.connect(self._open_after)
        self._lay_out()
        for button in (self._correct, self._retry, self.update_it, self.same, self.hold):
            button.hide()
        self._calm()

    def _button(self, text: str, icon: str, action: Callable[[], None]) -> Button:
        button = Button(text, icon_name=icon)
        button.clicked.connect(action)
        return button

    def _lay_out(self) -> None:
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setProperty("ring", True)
        self._scroll.setAccessibleName(self.tr("What was sent and answered"))
        self._question = row(self._yes, self._no, REST)
        head = column(
            row(self._chip, REST, self._reveal, self._close, gap=4),
            self._title,
            self._subtitle,
            self._meaning,
            self._notes,
            row(self._before, self._after, REST, gap=4),
            self._said,
            self._question,
            row(self._correct, self._retry, self._cancel, REST),
            column(*(row(button, REST) for button in (self.update_it, self.same, self.hold)), gap=6),
            row(self.receipt, REST),
            gap=6,
            edge=(16, 10, 10, 0),
        )
        self.setLayout(column(head, self._scroll, gap=10, edge=(0, 0, 0, 8)))

    def ways(self) -> Sequence[Button]:
        """What can be done, in the order in which it stands; while a question is open, its answers alone."""
        if self._yes.isVisible():
            return (self._yes, self._no)
        return (self._correct, self._retry, self._cancel, self.update_it, self.same, self.hold, self.receipt)

    def reveal(self) -> None:
        """Show the values whole, until the panel is left."""
        self._reveal.setChecked(True)

    @property
    def id(self) -> str | None:
        """The submission shown, or being read."""
        return self._id

    def show_id(self, id: str) -> None:
        """Show another submission, masked."""
        if id != self._id:
            self._id = id
            self._reveal.setChecked(False)
            self._calm()
        self.refresh()

    def refresh(self) -> None:
        """Read the submission again; the panel stays as it is where nothing has changed."""
        if self._id is not None:
            id, workstation = self._id, self._workstation
            run(lambda: workstation.journal.entry(id), self._show, self._fail, self)

    def _show(self, entry: Entry | None) -> None:
        # Another row may have been chosen while this one was read; one that was purged has nothing to show.
        if entry is None or entry.id != self._id or entry == self._entry:
            return
        other = self._entry is None or self._entry.id != entry.id
        self._entry = entry
        self._draw(keep_place=not other)

    def _draw(self, *, keep_place: bool) -> None:
        entry = self._entry
        if entry is None:
            return
        said = describe(entry, self._now(), reveal=self._reveal.isChecked())
        state = look(entry.state, entry.kind)
        self._chip.say(state.word, state.icon, state.tone)
        self._title.setText(said.title)
        self._subtitle.say(said.subtitle)
        self._meaning.setText(meaning(entry.state))
        self.setAccessibleDescription(f"{said.title}. {state.word}. {meaning(entry.state)}")
        self._notes.say("\n".join(said.notes))
        self._before.setText(self.tr("Corrects an earlier one"))
        self._before.setVisible(entry.replaces is not None)
        self._after.setText(self.tr("Corrected by a later one"))
        self._after.setVisible(entry.replaced_by is not None)
        can = offered(entry)
        self._correct.setVisible(can.correct)
        self._retry.setVisible(can.retry)
        for button in (self.update_it, self.same, self.hold):
            button.setVisible(can.settle)
        self.hold.setVisible(can.settle and entry.settled is None)
        self.receipt.setVisible(has_receipt(entry))
        self._cancel.setVisible(can.cancel and self._yes.isHidden())
        place = self._scroll.verticalScrollBar().value() if keep_place else 0
        sheet = Sheet(said)
        sheet.setContentsMargins(16, 0, 10, 8)
        self._scroll.setWidget(sheet)
        self._scroll.verticalScrollBar().setValue(place)

    def _want_receipt(self) -> None:
        if self._id is not None:
            self.receipt_wanted.emit(self._id)

    def _show_revealed(self, revealed: bool) -> None:
        self._reveal.setText(self.tr("Mask") if revealed else self.tr("Reveal"))
        self._reveal.show_icon("eye-off" if revealed else "eye")
        self._draw(keep_place=True)

    def _tell_correct(self) -> None:
        if self._entry is not None:
            self.correct.emit(self._entry)

    def _settle_same(self) -> None:
        self._settle(Settlement.SAME_DEVICE)

    def _settle_hold(self) -> None:
        self._settle(Settlement.SUPERVISOR)

    def _settle(self, how: Settlement) -> None:
        if self._id is not None:
            id, workstation = self._id, self._workstation
            run(lambda: workstation.settle(id, how), lambda _: self.refresh(), self._fail, self)

    def _ask_update(self) -> None:
        """Find out what differs from what the gate confirmed, and hand it to the bench."""
        if self._entry is not None:
            entry, workstation = self._entry, self._workstation
            run(
                lambda: workstation.update_instead(entry),
                lambda draft: self.update_instead.emit(entry, draft),
                self._fail,
                self,
            )

    def _open_before(self) -> None:
        if self._entry is not None and self._entry.replaces:
            self.open_entry.emit(self._entry.replaces)

    def _open_after(self) -> None:
        if self._entry is not None and self._entry.replaced_by:
            self.open_entry.emit(self._entry.replaced_by)

    def _try_now(self) -> None:
        self._say(self.tr("Trying again."), "muted")
        run(self._workstation.resume, lambda _: self.refresh(), self._fail, self)

    def ask_cancel(self) -> None:
        """Ask in the panel whether the submission is to be cancelled."""
        self._say(self.tr("Cancel this submission? It will not be sent, and this cannot be undone."), Tone.WARN)
        for button in (self._yes, self._no):
            button.show()
        self._cancel.hide()
        self._no.setFocus()

    def _do_cancel(self) -> None:
        if self._id is not None:
            id, workstation = self._id, self._workstation
            run(lambda: workstation.cancel(id), self._cancelled, self._fail, self)

    def _cancelled(self, done: bool) -> None:
        self._calm()
        if not done:
            self._say(self.tr("It is on its way already and cannot be taken back."), Tone.WARN)
        self.refresh()

    def _calm(self) -> None:
        """Put the question away."""
        self._say("", "")
        self._cancel.setVisible(self._entry is not None and offered(self._entry).cancel)

    def _fail(self, error: WorkstationError) -> None:
        self._say(spoken(str(error)), Tone.BAD)

    def _say(self, sentence: str, tone: str) -> None:
        self._said.say(sentence)
        self._said.set_tone(tone)
        for button in (self._yes, self._no):
            button.hide()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self._reveal.setChecked(False)
        super().hideEvent(event)
