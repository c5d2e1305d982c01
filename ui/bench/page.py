"""The bench page: shows the desk in its panels, and carries intents to the station."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLineEdit, QWidget
from typing_extensions import override

from app.errors import WorkstationError
from app.journal.link import Link
from app.journal.records import Entry
from app.modem.places import next_name, slots
from app.provisioning.draft import Draft
from app.provisioning.fields import Kind
from app.provisioning.site import site
from app.provisioning.validation import Problem, Validation
from app.provisioning.workflows import ROWS as WORKFLOWS
from app.provisioning.workflows import SAME_DEVICE, Workflow
from app.scanning.meaning import Meaning
from app.settings import Settings
from app.work.entries import draft_of
from app.work.events import CardState, DeviceCard
from ui.bench.checks import checks, to_show
from ui.bench.desk import Desk
from ui.bench.device_work import DeviceWork
from ui.bench.header import Step
from ui.bench.matching import Mismatch, mismatch, notes, spoken
from ui.bench.next_step import next_step
from ui.bench.panels import Panels, choices
from ui.bench.recall import Recall
from ui.bench.scan_work import ScanWork
from ui.bench.sending import Sending
from ui.devices.words import name as device_name
from ui.orders import Order, answers
from ui.snapshot import Snapshot
from ui.theme import Tone

if TYPE_CHECKING:
    from app.assembly import Workstation
    from app.provisioning.submission import Submission


class BenchPage(Panels):
    """Emits `log_opened(id)` ("" for the whole log), `workflow_wanted(Workflow)`, and `entered(Submission)` once one is
    on the disk. The station is attached once it is open."""

    log_opened = Signal(str)
    entered = Signal(object)
    workflow_wanted = Signal(object)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        here = site(settings.policy)
        self.desk = Desk(here.workflows[0], here.defaults)
        super().__init__(self.desk.workflow, settings, parent)
        self._station: Workstation | None = None
        self._validation = Validation({}, ())
        self._refused: tuple[Problem, ...] = ()
        self._insist = False
        self._link = Link()
        self._still_read = ""
        self.device_work = DeviceWork(self.devices, self.notice, self)
        self.recall = Recall(lambda: self.desk.draft, self)
        self._sending = Sending(self.desk, self)
        self.scans = ScanWork(self.desk, self.recall, self)
        self._mismatch: Mismatch | None = None
        self._scanned: list[Meaning] = []
        self._connect()
        self._show(anew=True)

    def _connect(self) -> None:
        self.devices.chosen.connect(self._choose)
        self.devices.replaced.connect(self._replace_sim)
        self.device_work.named.connect(self._places_named)
        self.shift.confirmed.connect(self.device_work.confirm_shift)
        self.header.cleared.connect(self.clear)
        self.form.edited.connect(self._edit)
        self.form.accepted.connect(self._edit)
        self.action.pressed.connect(self.send)
        self._sending.saved.connect(self._saved)
        self._sending.failed.connect(self._not_saved)
        self.recall.changed.connect(self._recalled)
        self.scans.changed.connect(lambda: self._show(anew=False))
        self.scans.moved.connect(self._moved)
        self.recall.failed.connect(self.notice.tell_error)
        self.just_now.opened.connect(self.log_opened)
        self.today.opened.connect(self.log_opened)

    # What arrives from outside

    def attach(self, station: Workstation) -> None:
        """The station is open: check and send from now on."""
        self._station = station
        self.device_work.attach(station)
        self.recall.attach(station)
        self.scans.attach(station)
        self.show_settings(station.settings)
        self.show_consent()

    def show_settings(self, settings: Settings) -> None:
        """Settings were changed: offer the choices and judge by the rules in force now."""
        self.form.show_choices(choices(settings))
        self.devices.suggest(next_name(slots(settings.texts("ports.slots"))))
        self._show(anew=False)

    def show_consent(self) -> None:
        """Show whether the shift is to be confirmed before anything is read."""
        self.shift.setVisible(self._station is not None and self._station.consents.shift_wanted)

    def show_device(self, card: DeviceCard) -> None:
        self.devices.show_card(card)
        before = self.desk.current
        anew = self.desk.device_changed(card)
        if any(problem.code == SAME_DEVICE for problem in self._validation.problems):
            anew = self.desk.hand_on(card.key) or anew
        if anew:
            self._refused = ()
            self._show(anew=before != self.desk.current)
            if card.key == self.desk.current and card.state is CardState.READY:
                self._focus_work()
        self.devices.select(self.desk.current)
        if self._still_read and self._still_read == self.notice.summary() and not self.desk.reading:
            self.notice.hide()

    def drop_device(self, key: str) -> None:
        self.devices.remove(key)
        if self.desk.device_gone(key):
            self._show(anew=True)
        self.devices.select(self.desk.current)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        self._link = snapshot.link
        self.today.say(snapshot)
        self.just_now.say(snapshot.entries)
        self._show_action()

    def choose_workflow(self, workflow: Workflow) -> None:
        """Another job on the same device."""
        self.desk.choose_workflow(workflow)
        self._begin()
        self._focus_work()

    def correct(self, entry: Entry) -> None:
        """Take a refused submission in hand again, with the gate's words at their fields."""
        self.desk.correct(draft_of(entry), entry.id)
        self._begin(tuple(Problem(problem.field, "gate.refused", problem.message) for problem in entry.problems))
        self.devices.select(None)
        secrets = self.tr(" Passwords and keys are not kept: enter them again.") if entry.secret_fields else ""
        self.notice.tell(Tone.WARN, self.tr("Correct what the gate refused, then send it again."), secrets.strip())
        if first := next((problem.field for problem in self._refused if problem.field), None):
            self.form.focus_field(first)

    def update_instead(self, entry: Entry, draft: Draft) -> None:
        """Take the update in hand that a conflict comes to; its identifiers stay as they are."""
        self.desk.correct(draft, entry.id)
        self._begin()
        self.devices.select(None)
        self.notice.tell(
            Tone.WARN,
            self.tr("The gate has this device already."),
            self.tr("What differs from its last answer stands here. Send it as an update, or clear the form."),
        )

    def take(self, draft: Draft, key: str | None) -> None:
        """Take a draft of a batch in hand, with its device where it is still plugged in."""
        self.desk.take(draft, key)
        self._begin(insist=True)
        self.devices.select(self.desk.current)

    def take_over(self, other: BenchPage) -> None:
        """Show the work of another bench, as far as it had come."""
        for view in other.devices.views():
            self.devices.show_card(view.card)
        self.desk.take_over(other.desk)
        self._begin()
        self.devices.select(self.desk.current)

    @property
    def workflow(self) -> Workflow:
        return self.desk.workflow

    # What the operator does

    def send(self) -> None:
        """Keep the draft in the journal; delivery is the station's. With an error, go to its field instead."""
        if self._sending.busy:
            return
        if self._station is None:
            self.notice.tell(Tone.WAIT, self.tr("The station is still starting."), self.tr("Send in a moment."))
            return
        if not self._validation.ready:
            self._insist = True
            self._show_validation()
            first = self._validation.errors[0].field
            self.form.focus_field(first or (self.desk.workflow.anchors or self.desk.workflow.fields)[0])
            if self._mismatch is not None:
                self.scans.ask_mismatch(self._mismatch, focus=True)
            return
        if self.desk.reading:
            self._still_read = self.tr("{device} is still being read.").format(device=self._device_name)
            self.notice.tell(Tone.WAIT, self._still_read, self.tr("Send when it is ready."))
            return
        self.action.busy(self.tr("Saving"))
        self._sending.send(self._station)
        self.form.close_lists()
        self.form.held.begin()

    @property
    def saving(self) -> bool:
        """Whether a draft is being put away."""
        return self._sending.busy

    @property
    def _leaves(self) -> bool:
        """Whether the draft in hand is being put away: a change made now would be neither in it nor in the next one."""
        return self._sending.holds(self.desk.current)

    def _saved(self, key: str | None, submission: Submission) -> None:
        self.form.held.end()
        self.entered.emit(submission)
        self.notice.hide()
        in_hand = self.desk.current == key
        self.desk.saved(key)
        self._begin()
        self.devices.select(self.desk.current)
        self._focus_work(afresh=in_hand)
        # What was entered and scanned meanwhile is for the next one.
        self.form.held.enter()
        while self._scanned:
            self.scans.take(self._scanned.pop(0))

    def _not_saved(self, trouble: WorkstationError) -> None:
        from app.work.entering import InvalidDraft

        # What was entered meanwhile was for the next one.
        self.form.held.end()
        self._scanned.clear()
        self.notice.tell_error(trouble)
        if isinstance(trouble, InvalidDraft):
            self._refused, self._insist = trouble.problems, True
            self.form.focus_field(trouble.problems[0].field)
        self._show_validation()

    def _choose(self, key: str) -> None:
        self.desk.choose(key)
        self._begin()
        self.devices.select(key)
        self.form.focus_first_empty()

    def _replace_sim(self, key: str) -> None:
        self._choose(key)
        self.workflow_wanted.emit(WORKFLOWS["sim-replacement"])

    def _places_named(self) -> None:
        if self._station is not None:
            self.show_settings(self._station.settings)

    def choose_nth(self, place: int) -> None:
        """Take the device on the card at `place` (from 0) in hand; does nothing where there is none."""
        views = self.devices.views()
        if place < len(views):
            self._choose(views[place].card.key)

    @property
    def asks_consent(self) -> bool:
        """Whether F6 has something to confirm."""
        return not self.shift.isHidden() or any(view.card.state is CardState.ASK for view in self.devices.views())

    def consent(self) -> None:
        """What F6 confirms: the shift where that is to be confirmed, else the word of the device in hand."""
        if not self.shift.isHidden():
            self.device_work.confirm_shift()
        else:
            self.device_work.agree_by_key(self.desk.current)

    def _edit(self, key: str, text: str) -> None:
        if self._leaves:
            # As pasted with the mouse: it is seen not to be taken.
            self.form.show_draft(self.desk.draft, anew=False, known=self.recall.known)
            return
        self.desk.edit(key, text)
        self._refused = tuple(problem for problem in self._refused if problem.field != key)
        self._show(anew=False)

    def clear(self) -> None:
        """Empty the form; what was in it can be had back."""
        if self._leaves:
            return
        key, draft, replaces = self.desk.current, self.desk.draft, self.desk.replaces
        emptied = self.desk.touched or bool(replaces)
        self.desk.clear()
        self.notice.hide()
        self._begin()
        self.form.focus_first_empty()
        if emptied:
            self.notice.offer(
                Tone.ACCENT,
                self.tr("The form was emptied."),
                "",
                self.tr("Undo"),
                lambda: self._undo_clear(key, draft, replaces),
            )

    def _undo_clear(self, key: str | None, draft: Draft, replaces: str | None) -> None:
        self.desk.undo_clear(key, draft, replaces)
        self._moved()

    def put_away(self) -> None:
        """Leave the device in hand for later and take the next one."""
        if self._leaves:
            return
        self.desk.put_away()
        self.notice.hide()
        self._moved()

    def _moved(self) -> None:
        """Another device is in hand, or none."""
        self._begin()
        self.devices.select(self.desk.current)
        self._focus_work()

    def take_scan(self, meaning: Meaning) -> bool:
        """Whether the scan was for the bench; if not, its keys belong to the line that has the focus."""
        if self._leaves:
            self._scanned.append(meaning)
            return True
        return self.scans.take(meaning)

    def orders(self) -> Mapping[str, Order]:
        """What command barcodes do here; answers are to the question, else to the notice. Out of sight nothing is
        answered, agreed to or unlocked: it has to be seen first."""
        asked = self.question.stops() if self.question.isVisible() else self.notice.ways()
        seen = {"agree": self.consent, "pin": self.devices.take_pin} if self.isVisible() else {}
        return {"submit": self.send, "next": self.put_away, "cancel": self.clear, **seen, **answers(asked)}

    def _begin(self, refused: tuple[Problem, ...] = (), *, insist: bool = False) -> None:
        """Another draft is in hand: nothing of the last one's remarks stays."""
        self._refused, self._insist = refused, insist
        self.recall.forget()
        self._show(anew=True)

    def _focus_work(self, *, afresh: bool = False) -> None:
        """Put the focus where the next key belongs, unless the operator is typing; `afresh`: the draft was just put
        away, and with it what was typed."""
        focused = self.window().focusWidget()
        typing = focused is not None and self.form.isAncestorOf(focused) and focused.isEnabled() and not self.form.idle
        typing = typing and not afresh
        # A field that the device has filled meanwhile takes no key.
        typing = typing and not (isinstance(focused, QLineEdit) and focused.isReadOnly())
        # A PIN or the name of a place, on a card.
        typing = typing or (isinstance(focused, QLineEdit) and self.devices.isAncestorOf(focused))
        if self.isVisible() and not typing:
            if self.desk.current is None and self.devices.views():
                self.devices.take_focus()
            else:
                self.form.focus_first_empty()

    def keyboard_back(self) -> None:
        """Escape: from the form to the devices."""
        self.devices.take_focus()

    # What is shown

    def _show(self, *, anew: bool) -> None:
        draft, card = self.desk.draft, self.desk.card
        slot = card.slot if card else ""
        self.form.show_draft(draft, anew=anew, known=self.recall.known)
        if self._station is not None:
            self._validation = self._station.validate(draft, self.recall.known)
        self._show_validation()
        below = self.tr("Unplugged; what was read is kept here.") if self.desk.unplugged else ""
        if self.desk.replaces:
            below = self.tr("Corrects a refused submission.")
        clearable = self.desk.touched or bool(self.desk.replaces) or self.desk.unplugged
        self.header.show_job(draft.workflow, card.label if card else "", (slot, below), clearable=clearable)
        if draft.workflow.kind is Kind.UPDATE:
            self.recall.begin()

    def _show_validation(self) -> None:
        card = self.desk.card
        draft = self.desk.draft
        shown = (*self._refused, *spoken(draft, to_show(self._validation, insist=self._insist)))
        identity = card.identity if card else None
        self.form.show_validation(self._validation, shown, self.recall.known, notes(draft, identity))
        self._show_mismatch()
        blank = not draft.entries
        refused = tuple(problem for problem in self._refused if problem.field)
        self.checks.say([] if blank else checks(draft, self._validation, card, refused, self.recall.known))
        silent = card is not None and card.state in {CardState.READING, CardState.STARTING} and not card.identity
        if self.desk.reading or blank or (silent and not self._validation.ready):
            self.header.show_step(Step.READ)
        else:
            checked = self._station is not None and self._validation.ready and not refused
            self.header.show_step(Step.SEND if checked else Step.CHECK)
        self._show_action()

    @property
    def _device_name(self) -> str:
        return device_name(self.desk.card) if self.desk.card else self.tr("The device")

    def _show_mismatch(self) -> None:
        found = mismatch(self.desk.draft, self._validation)
        if found is None and self._mismatch is not None:
            self.question.put_off()
        elif found is not None and (found != self._mismatch or self.scans.just_scanned):
            self.scans.ask_mismatch(found)
        self._mismatch = found

    def _show_action(self) -> None:
        if self._sending.busy:
            return
        step = next_step(
            self.desk.draft,
            self._validation,
            opened=self._station is not None,
            reading=self.desk.reading,
            link=self._link,
        )
        self.action.say(step.action, step.note, ready=step.ready)

    def _recalled(self) -> None:
        if self._station is not None:
            self._validation = self._station.validate(self.desk.draft, self.recall.known)
            self.form.show_draft(self.desk.draft, anew=False, known=self.recall.known)
            self._show_validation()
            if self.form.idle:
                self.form.focus_first_empty()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._focus_work()
