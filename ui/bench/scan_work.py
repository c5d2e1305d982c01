"""What a scan does on the bench: values to their fields wherever the focus is, a question where nobody can know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QApplication, QLineEdit

from app.identifiers.kinds import KINDS
from app.masked import Secret
from app.provisioning.draft import Origin, Override
from app.provisioning.fields import FIELDS, ROWS, Group, Kind
from app.provisioning.reasons import REASONS
from app.scanning.meaning import Certainty, Found, Meaning, Unknown, Unsure, Value, What
from ui.background import run
from ui.bench.desk import Desk
from ui.bench.matching import Mismatch
from ui.bench.panels import Panels
from ui.bench.question import Answer
from ui.bench.recall import Recall
from ui.devices.words import name
from ui.form.words import grouped
from ui.language.speaking import spoken
from ui.theme import Tone

if TYPE_CHECKING:
    from app.assembly import Workstation

_FREE = tuple(row.key for row in FIELDS if row.group is Group.USER and not (row.check or row.secret or row.choices))
"""Where a text that is no identifier may belong."""
_NAMES: Mapping[What, str] = {
    What.EID: str(QT_TRANSLATE_NOOP("ScanWork", "the number of an eSIM (EID)")),
    What.ESIM_CODE: str(QT_TRANSLATE_NOOP("ScanWork", "an activation code of an eSIM")),
    What.GTIN: str(QT_TRANSLATE_NOOP("ScanWork", "a product code")),
    What.SERIAL: str(QT_TRANSLATE_NOOP("ScanWork", "a serial number")),
    What.MEID: str(QT_TRANSLATE_NOOP("ScanWork", "a MEID, the number of a CDMA device")),
}


class ScanWork(QObject):
    """Puts scans into the draft in hand. `changed` follows where it did; `moved` where another device is in hand.

    `voucher_wanted(call)`: somebody has to vouch for a value; `call` is told the id of who may.
    """

    changed = Signal()
    moved = Signal()
    voucher_wanted = Signal(object)

    def __init__(self, desk: Desk, recall: Recall, panels: Panels) -> None:
        super().__init__(panels)
        self._desk, self._recall, self._panels = desk, recall, panels
        self._station: Workstation | None = None
        self.just_scanned = False
        """Whether what is shown now comes of a scan, so that a question may take the focus."""

    def attach(self, station: Workstation) -> None:
        self._station = station

    def take(self, meaning: Meaning) -> bool:
        """Whether the scan was for the bench; if not, it belongs to the line that has the focus."""
        if isinstance(meaning, Found) and not (self._is_text(meaning.values) and self._free_field()):
            self._place(meaning.values)
        elif isinstance(meaning, Unsure):
            self._place(meaning.values)
            self._ask_which(meaning)
        elif isinstance(meaning, (Found, Unknown)):
            text = meaning.text if isinstance(meaning, Unknown) else meaning.values[0].text
            return self._free_text(text.reveal())
        return True

    # Values

    def _place(self, values: Sequence[Value]) -> None:
        if not values or self._finds_record(values):
            return
        before = self._desk.current
        left = self._desk.scan(values)
        self.just_scanned = True
        (self.changed if before == self._desk.current else self.moved).emit()
        self.just_scanned = False
        if len(left) == len(values):
            self._tell_no_field(left[0])

    def _tell_no_field(self, value: Value) -> None:
        named = QCoreApplication.translate("ScanWork", _NAMES[value.what]) if value.what in _NAMES else ""
        what = named or self._label(value.what)
        self._panels.notice.tell(
            Tone.ACCENT, self.tr("Scanned: {what}.").format(what=what), self.tr("This job has no field for it.")
        )

    @staticmethod
    def _is_text(values: Sequence[Value]) -> bool:
        """Whether one would rather believe that it is a text: nothing proves it to be anything."""
        return len(values) == 1 and values[0].certainty is Certainty.LIKELY and values[0].what not in _CHECKED

    # Finding the record by its SIM

    def _finds_record(self, values: Sequence[Value]) -> bool:
        """In an update, a SIM alone tells whose record it is: the one on record, or one of this station's log."""
        sims = [value for value in values if value.what in {What.ICCID, What.IMSI}]
        workflow, station = self._desk.workflow, self._station
        if workflow.kind is not Kind.UPDATE or len(sims) != len(values) or station is None:
            return False
        sim, known = sims[0], self._recall.known.get(sims[0].what.value, "")
        if known and KINDS[sim.what.value].same(known, sim.text.reveal()):
            self._panels.notice.tell(
                Tone.OK, self.tr("This is the SIM on record: the old one."), self.tr("Insert the new one.")
            )
            return True
        if any(self._desk.draft.text(key) for key in workflow.anchors):
            return False
        field, text = sim.what.value, sim.text.reveal()
        run(
            lambda: station.record_of(field, text),
            lambda record: self._found_record(record, sim),
            self._panels.notice.tell_error,
            self,
        )
        return True

    def _found_record(self, record: Mapping[str, str], sim: Value) -> None:
        anchors = self._desk.workflow.found_by(record)
        if anchors:
            self._desk.recall(anchors)
            self.moved.emit()
            self._panels.notice.tell(Tone.OK, self.tr("Found by its SIM in this station's log."))
        elif self._desk.field_of(sim):
            self._desk.scan([sim])
            self.changed.emit()
        else:
            self._panels.notice.tell(
                Tone.WARN,
                self.tr("No record with this SIM is in this station's log."),
                self.tr("Scan the device, or enter the number or the user."),
            )

    # What may be two things

    def _ask_which(self, meaning: Unsure) -> None:
        readings = [reading for reading in meaning.readings if self._desk.field_of(reading)]
        said = [reading for reading in readings if self._desk.is_said(reading)]
        if len(said) == 1:
            # A device on the bench says this very number of itself: nobody has to be asked.
            self._place(said)
            return
        if not readings:
            self._free_text(meaning.text.reveal())
            return
        answers = [Answer(self._words(reading), partial(self._place, (reading,))) for reading in readings[:2]]
        question = self.tr("What was scanned can be two things. Which is it?")
        if len(answers) == 1:
            question = self.tr("What was scanned is no whole identifier. Is this it?")
        self._panels.question.ask(
            Tone.WARN, question, [(self.tr("Scanned"), meaning.text.reveal())], answers, leave=self.tr("None of these")
        )

    def _words(self, reading: Value) -> str:
        key = self._desk.field_of(reading) or ""
        shown = grouped(ROWS[key], reading.text.reveal())
        return f"{spoken(ROWS[key].label)} {shown}"

    @staticmethod
    def _label(what: What) -> str:
        return spoken(KINDS[what.value].label) if what.value in KINDS else what.value

    # Texts that are no identifier

    def _free_field(self) -> str:
        """The field that the operator went to, where a text may be scanned into it."""
        key = self._panels.form.chosen()
        row = ROWS.get(key)
        entry = self._desk.draft.entries.get(key)
        locked = key in self._desk.workflow.locked or (entry is not None and entry.origin is Origin.DEVICE)
        return key if row and not (row.check or row.secret or locked) else ""

    def _free_text(self, text: str) -> bool:
        if key := self._free_field():
            self._write(key, text)
            return True
        holder = QApplication.focusWidget()
        if isinstance(holder, QLineEdit) and not self._panels.form.isAncestorOf(holder):
            return False
        places = self._places()
        if len(places) == 1 and self._fits(places[0], text):
            self._write(places[0], text)
            return True
        if not places or not text:
            self._panels.notice.tell(
                Tone.WARN, self.tr("What was scanned is no identifier."), self.tr("Scan the label again.")
            )
            return True
        answers = [Answer(spoken(ROWS[key].label), partial(self._write, key, text)) for key in places]
        shown = str(Secret(text)) if any(ROWS[key].secret for key in places) else text
        self._panels.question.ask(
            Tone.WARN,
            self.tr("What was scanned is no identifier. Where does it belong?"),
            [(self.tr("Scanned"), shown)],
            answers[::-1],
            leave=self.tr("None of these"),
        )
        return True

    def _places(self) -> list[str]:
        """The fields of the job that a text may belong in: of one whose record was found, those that it changes."""
        workflow, draft = self._desk.workflow, self._desk.draft
        found = any(draft.text(key) for key in workflow.anchors)
        changed = [key for key in workflow.changes if found and ROWS[key].group is Group.USER and not ROWS[key].check]
        return changed or [key for key in _FREE if key in workflow.fields]

    def _fits(self, key: str, text: str) -> bool:
        """Whether a text may go to its only place unasked: of those offered for the field, where some are."""
        choices, station = ROWS[key].choices, self._station
        return choices is None or (station is not None and text in station.settings.texts(choices))

    def _write(self, key: str, text: str) -> None:
        self._desk.edit(key, text, Origin.SCAN)
        self.changed.emit()

    # Label, device and order line differ

    def ask_mismatch(self, found: Mismatch, *, focus: bool = False) -> None:
        """Show a FAIL with every way out of it. Sending stays blocked until one is taken."""
        field = found.field
        answers: list[Answer] = []
        if found.witness.origin is Origin.SCAN:
            owner = self._desk.owner(field)
            text = self.tr("Put this device away, keep the label")
            if owner is not None:
                text = self.tr("Take {device}").format(device=name(owner))
            answers.append(Answer(text, partial(self._give_label, field, owner.key if owner else None)))
            answers.append(Answer(self.tr("Forget the label"), partial(self._forget, field)))
        elif found.witness.origin is Origin.DEVICE:
            answers.append(Answer(self.tr("Use what the device says"), partial(self._believe, field)))
        answers.append(Answer(self.tr("Override"), partial(self.voucher_wanted.emit, partial(self._ask_reason, found))))
        self._panels.question.ask(
            Tone.BAD,
            self.tr("{field} differs. Nothing is sent until this is settled.").format(field=spoken(ROWS[field].label)),
            found.lines,
            answers,
            verdict=self.tr("FAIL"),
            focus=focus or self.just_scanned,
        )

    def _ask_reason(self, found: Mismatch, by: str) -> None:
        answers = [
            Answer(
                QCoreApplication.translate("Reasons", text),
                partial(self._override, found.field, Override(code, by)),
            )
            for code, text in REASONS.items()
        ]
        answers.append(Answer(self.tr("Back"), partial(self.ask_mismatch, found, focus=True)))
        self._panels.question.ask(
            Tone.WARN,
            self.tr("Why is {value} sent all the same? The reason is recorded.").format(value=found.lines[0][1]),
            (),
            answers,
        )

    def _give_label(self, field: str, to: str | None) -> None:
        self._desk.give_label(field, to)
        self.moved.emit()

    def _forget(self, field: str) -> None:
        self._desk.forget_label(field)
        self.changed.emit()

    def _believe(self, field: str) -> None:
        self._desk.believe_device(field)
        self.changed.emit()

    def _override(self, field: str, override: Override) -> None:
        self._desk.override(field, override)
        self.changed.emit()


_CHECKED = frozenset({What.IMEI, What.ICCID, What.NUMBER, What.MAC})
"""What a text is so seldom by chance that it goes to its field even into the focus of another one."""
