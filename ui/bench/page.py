"""The bench page: puts the panels together, shows the desk, and carries intents to the station."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from app.errors import WorkstationError
from app.identifiers.identity import Identity
from app.journal.records import Entry
from app.modem.places import next_name, slots
from app.provisioning.draft import Draft, Origin
from app.provisioning.fields import FIELDS, Kind
from app.provisioning.validation import Problem, Validation
from app.provisioning.workflows import ROWS as WORKFLOWS
from app.provisioning.workflows import Workflow
from app.settings import Settings
from app.work.events import CardState, DeviceCard
from ui.background import run
from ui.bench.checks import MISSING, checks, sending, to_show
from ui.bench.desk import Desk
from ui.bench.device_work import DeviceWork
from ui.bench.header import Header, Step
from ui.bench.side import Action, Checks, JustNow
from ui.bench.today import ROW, Today
from ui.devices.panel import DevicePanel
from ui.devices.words import name as device_name
from ui.form.form import Form
from ui.kit.style import REST, column, row
from ui.notices import Notice
from ui.snapshot import LAST, Snapshot
from ui.theme import Tone

if TYPE_CHECKING:
    from app.assembly import Workstation

WIDE = 1120
"""From this width on the checks stand at the right of the form; below it they stand under it."""
FORM_MAX = 1040
SIDES = (236, 340)
"""The least and the most the columns at the left and right take."""
ABOVE, FEW = 640, 6
"""What stands above the table of today, in pixels; and how many rows it has where there is no room for more."""
RECALL_MS = 150
"""After the last key, before the journal is asked what the gate last confirmed."""


class BenchPage(QWidget):
    """Emits `log_opened(id)` ("" for the whole log) and `workflow_wanted(Workflow)`. The station is attached once
    it is open.

    `known` is what the gate last confirmed of the record in hand, by field.
    """

    log_opened = Signal(str)
    workflow_wanted = Signal(object)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._station: Workstation | None = None
        self.desk = Desk(WORKFLOWS["register-device"])
        self._validation = Validation({}, ())
        self.known: Mapping[str, str] = {}
        self._refused: tuple[Problem, ...] = ()
        self._insist = self._saving = self._offline = False
        self._still_read = ""
        self._wide: bool | None = None

        self.devices = DevicePanel()
        self.header = Header()
        self.notice = Notice()
        self.device_work = DeviceWork(self.devices, self.notice, self)
        self.form = Form(self.desk.workflow, _choices(settings))
        self.checks, self.action, self.just_now, self.today = Checks(), Action(), JustNow(), Today()
        self._recall = QTimer(self)
        self._recall.setSingleShot(True)
        self._recall.setInterval(RECALL_MS)
        self._recall.timeout.connect(self._ask_last_known)
        self._lay_out()
        self._connect()
        self._show(anew=True)

    def _lay_out(self) -> None:
        sheet = QWidget()
        sheet.setProperty("ground", "none")
        self._sheet = column(self.form, self.today, gap=12)
        self._sheet.addStretch(1)
        sheet.setLayout(self._sheet)
        self._scroll = _scroll(sheet)
        middle = QWidget()
        middle.setMaximumWidth(FORM_MAX)
        self.notice_box = row(self.notice)
        self._middle = column(self.header, self.notice_box, self._scroll, gap=12)
        middle.setLayout(self._middle)
        self._bar = QFrame()
        self._bar.setProperty("kind", "card")
        self._bar_box = row(edge=(16, 10, 16, 10))
        self._bar.setLayout(self._bar_box)
        self._middle.addWidget(self._bar)
        side = QWidget()
        side.setProperty("ground", "none")
        self._side_box: QVBoxLayout = column(REST, gap=12)
        side.setLayout(self._side_box)
        self._side = _scroll(side)
        self._columns: QHBoxLayout = row(self.devices, middle, self._side, gap=16, edge=(13, 16, 16, 0))
        self._columns.setStretch(1, 1)
        self._scroll.verticalScrollBar().rangeChanged.connect(self._align_edges)
        self.setLayout(self._columns)
        self._arrange(wide=True)

    def _connect(self) -> None:
        self.devices.chosen.connect(self._choose)
        self.devices.replaced.connect(self._replace_sim)
        self.device_work.named.connect(self._places_named)
        self.header.cleared.connect(self._clear)
        self.form.edited.connect(self._edit)
        self.form.accepted.connect(self._edit)
        self.action.pressed.connect(self.send)
        self.just_now.opened.connect(self.log_opened)
        self.today.opened.connect(self.log_opened)

    # What arrives from outside

    def attach(self, station: Workstation) -> None:
        """The station is open: check and send from now on."""
        self._station = station
        self.device_work.attach(station)
        self.show_settings(station.settings)

    def show_settings(self, settings: Settings) -> None:
        """Settings were changed: offer the choices and judge by the rules in force now."""
        self.form.show_choices(_choices(settings))
        self.devices.suggest(next_name(slots(settings.texts("ports.slots"))))
        self._show(anew=False)

    def show_device(self, card: DeviceCard) -> None:
        if self.devices.show_card(card):
            self._order_tabs()
        before = self.desk.current
        anew = self.desk.device_changed(card)
        if anew:
            self._refused = ()
            self._show(anew=before != self.desk.current)
            if card.key == self.desk.current and card.state is CardState.READY:
                self._focus_work()
        self.devices.select(self.desk.current)
        if self._still_read and self._still_read == self.notice.summary() and not self._reading:
            self.notice.hide()

    def drop_device(self, key: str) -> None:
        self.devices.remove(key)
        if self.desk.device_gone(key):
            self._show(anew=True)
        self.devices.select(self.desk.current)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        self._offline = snapshot.link.offline_since is not None
        self.today.say(snapshot)
        self.just_now.say(snapshot.entries)
        self._show_action()

    def choose_workflow(self, workflow: Workflow) -> None:
        """Another job on the same device."""
        self.desk.choose_workflow(workflow)
        self._begin()

    def correct(self, entry: Entry) -> None:
        """Take a refused submission in hand again, with the gate's words at their fields."""
        draft = Draft(WORKFLOWS[entry.workflow])
        for key, text in entry.fields.items():
            if key in draft.workflow.fields:
                draft = draft.with_text(key, text, Origin(entry.origins.get(key, Origin.HISTORY)))
        self.desk.correct(draft, entry.id)
        self._begin()
        self._refused = tuple(Problem(problem.field, "gate.refused", problem.message) for problem in entry.problems)
        self._show(anew=True)
        secrets = self.tr(" Passwords and keys are not kept: enter them again.") if entry.secret_fields else ""
        self.notice.tell(Tone.WARN, self.tr("Correct what the gate refused, then send it again."), secrets.strip())
        if first := next((problem.field for problem in self._refused if problem.field), None):
            self.form.focus_field(first)

    @property
    def workflow(self) -> Workflow:
        return self.desk.workflow

    # What the operator does

    def send(self) -> None:
        """Keep the draft in the journal; delivery is the station's. With an error, go to its field instead."""
        if self._saving:
            return
        if self._station is None:
            self.notice.tell(Tone.WAIT, self.tr("The station is still starting."), self.tr("Send in a moment."))
            return
        if not self._validation.ready:
            self._insist = True
            self._show_validation()
            first = self._validation.errors[0].field
            self.form.focus_field(first or (self.desk.workflow.anchors or self.desk.workflow.fields)[0])
            return
        if self._reading:
            self._still_read = self.tr("{device} is still being read.").format(device=self._device_name)
            self.notice.tell(Tone.WAIT, self._still_read, self.tr("Send when it is ready."))
            return
        station, draft, replaces = self._station, self.desk.draft, self.desk.replaces
        key, device = self.desk.current, _seen(self.desk.card)
        self._saving = True
        self.form.setEnabled(False)
        self.action.busy(self.tr("Saving"))
        run(
            lambda: station.submit(draft, device=device, replaces=replaces),
            lambda _: self._saved(key),
            self._not_saved,
            self,
        )

    def _saved(self, key: str | None) -> None:
        self._stop_saving()
        self.notice.hide()
        self.desk.saved(key)
        self._begin()
        self.devices.select(self.desk.current)
        self._focus_work()

    def _not_saved(self, trouble: WorkstationError) -> None:
        # Known by now: the station that raised it came from there.
        from app.assembly import InvalidDraft

        self._stop_saving()
        self.notice.tell_error(trouble)
        if isinstance(trouble, InvalidDraft):
            self._refused, self._insist = trouble.problems, True
            self.form.focus_field(trouble.problems[0].field)
        self._show_validation()

    def _stop_saving(self) -> None:
        self._saving = False
        self.form.setEnabled(True)

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

    def _edit(self, key: str, text: str) -> None:
        self.desk.edit(key, text)
        self._refused = tuple(problem for problem in self._refused if problem.field != key)
        self._show(anew=False)

    def _clear(self) -> None:
        self.desk.clear()
        self.notice.hide()
        self._begin()
        self.form.focus_first_empty()

    def _begin(self) -> None:
        """Another draft is in hand: nothing of the last one's remarks stays."""
        self._refused, self.known, self._insist = (), {}, False
        self._show(anew=True)

    def _focus_work(self) -> None:
        """Put the focus where the next key belongs, unless the operator is typing."""
        focused = self.window().focusWidget()
        typing = focused is not None and self.form.isAncestorOf(focused) and focused.isEnabled()
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
        self.form.show_draft(draft, anew=anew)
        if self._station is not None:
            self._validation = self._station.validate(draft, self.known)
        self._show_validation()
        below = self.tr("Unplugged; what was read is kept here.") if self.desk.unplugged else ""
        if self.desk.replaces:
            below = self.tr("Corrects a refused submission.")
        clearable = self.desk.touched or bool(self.desk.replaces) or self.desk.unplugged
        self.header.show_job(draft.workflow, card.label if card else "", (slot, below), clearable=clearable)
        if draft.workflow.kind is Kind.UPDATE:
            self._recall.start()

    def _show_validation(self) -> None:
        card = self.desk.card
        shown = (*self._refused, *to_show(self._validation, insist=self._insist))
        identity = card.identity if card else None
        self.form.show_validation(self._validation, shown, self.known, self._hints(identity))
        blank = not self.desk.draft.entries
        self.checks.say([] if blank else checks(self.desk.draft, self._validation, identity, self.known))
        silent = card is not None and card.state in {CardState.READING, CardState.STARTING} and not card.identity
        if self._reading or blank or (silent and not self._validation.ready):
            self.header.show_step(Step.READ)
        else:
            self.header.show_step(Step.SEND if self._station and self._validation.ready else Step.CHECK)
        self._show_action()

    @property
    def _reading(self) -> bool:
        """Whether the device in hand has begun to answer: what it has said so far is not all it will say.

        A silent one holds nobody up who types what its label says.
        """
        card = self.desk.card
        if card is None or self.desk.unplugged:
            return False
        return card.state is CardState.READING and card.identity is not None

    @property
    def _device_name(self) -> str:
        return device_name(self.desk.card) if self.desk.card else self.tr("The device")

    def _hints(self, identity: Identity | None) -> dict[str, str]:
        """Roaming is said beside the home network, which is the SIM's and never the one it roams on."""
        serving = identity.serving_network if identity else None
        if serving is None or not serving.name or identity is None:
            return {}
        if serving.mccmnc == identity.home_mobile_network_mccmnc:
            return {}
        return {"home_mobile_network_name": self.tr("Roaming on {network} now").format(network=serving.name)}

    def _show_action(self) -> None:
        if self._saving:
            return
        draft, count = self.desk.draft, sending(self.desk.draft, self._validation)
        ready = self._station is not None and self._validation.ready and not self._reading
        words = draft.workflow.action
        if draft.workflow.changes and ready:
            words = self.tr("Send 1 change") if count == 1 else self.tr("Send {count} changes").format(count=count)
        if self._station is None:
            note = self.tr("Starting")
        elif not draft.entries:
            note = self.tr("Plug a device in, or fill in the form.")
        elif self._reading:
            note = self.tr("The device is still being read")
        elif not ready:
            wrong = sum(1 for problem in self._validation.errors if problem.code not in MISSING)
            many = self.tr("Correct 1 field first") if wrong == 1 else self.tr("Correct {n} fields first")
            note = many.format(n=wrong) if wrong else self._validation.errors[0].message
        elif self._offline:
            note = self.tr("Offline: kept here and sent when the link is back")
        else:
            total = len(self._validation.values)
            note = self.tr("1 field will be sent") if total == 1 else self.tr("{n} fields will be sent").format(n=total)
        self.action.say(words, note, ready=ready)

    def _ask_last_known(self) -> None:
        if (station := self._station) is None:
            return
        draft = self.desk.draft
        run(
            lambda: station.last_known(draft),
            lambda known: self._recalled(draft, known),
            self.notice.tell_error,
            self,
        )

    def _recalled(self, draft: Draft, known: Mapping[str, str]) -> None:
        if draft == self.desk.draft and dict(known) != dict(self.known) and self._station is not None:
            self.known = known
            self._validation = self._station.validate(draft, known)
            self._show_validation()

    # How it is arranged

    def _arrange(self, *, wide: bool) -> None:
        if wide == self._wide:
            return
        self._wide = wide
        self._side.setVisible(wide)
        self._bar.setVisible(not wide)
        self._middle.setContentsMargins(0, 0, 0, 0 if wide else 12)
        if wide:
            self.checks.body.addWidget(self.action)
            self._side_box.insertWidget(0, self.just_now)
            self._side_box.insertWidget(0, self.checks)
        else:
            self._bar_box.addWidget(self.action)
            self._sheet.insertWidget(1, self.checks)
            self._sheet.insertWidget(3, self.just_now)
        self.action.lay_out(wide=wide)
        self._order_tabs()

    def _order_tabs(self) -> None:
        """Tab goes in reading order: devices, form, the action, what came of it."""
        stops = [*self.devices.stops(), self.header.clear, *self.form.stops()]
        stops += [self.action.button, self.just_now.all_of_it, self.today.table]
        for stop, following in pairwise(stops):
            QWidget.setTabOrder(stop, following)

    def _align_edges(self, _: int, furthest: int) -> None:
        """Keep the form's edge under the header's, with and without a scroll bar."""
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        self._sheet.setContentsMargins(0, 0, 0 if furthest else bar, 12)
        self.header.setContentsMargins(0, 0, bar, 0)
        self.notice_box.setContentsMargins(0, 0, bar, 0)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._focus_work()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = event.size().width()
        self._arrange(wide=width >= WIDE)
        least, most = SIDES
        column_width = max(least, min(most, width // 5))
        self.devices.setFixedWidth(column_width)
        self._side.setFixedWidth(column_width)
        self.today.show_rows(max(FEW, min(LAST, (event.size().height() - ABOVE) // ROW)))


def _choices(settings: Settings) -> dict[str, tuple[str, ...]]:
    """The values offered, by the setting that lists them."""
    return {row.choices: settings.texts(row.choices) for row in FIELDS if row.choices}


def _scroll(inner: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
    area.setWidget(inner)
    return area


def _seen(card: DeviceCard | None) -> dict[str, str]:
    """What the station saw of the device; no identifiers."""
    if card is None:
        return {}
    seen = {"slot": card.slot, "port": card.port}
    for name in ("manufacturer", "model", "revision"):
        if card.identity and (text := card.identity.value(name)):
            seen[name] = text
    return {name: text for name, text in seen.items() if text}
