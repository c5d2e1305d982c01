"""The form: a card for each group of fields, in one to five columns, for any workflow of the table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QSizePolicy, QWidget
from typing_extensions import override

from app.provisioning.draft import Draft, Origin
from app.provisioning.fields import FIELDS, ROWS, Group, Kind
from app.provisioning.validation import Problem, Validation
from app.provisioning.workflows import Workflow
from ui.form.held import Held
from ui.form.inputs import ChoiceInput
from ui.form.row import FieldRow
from ui.form.words import GROUPS, RARE, grouped, tr
from ui.kit.buttons import Button
from ui.kit.card import Card
from ui.kit.note import NO_NOTE, Note
from ui.kit.style import column
from ui.language.speaking import spoken
from ui.theme import Tone

COLUMNS = ((980, 5), (600, 3), (400, 2), (0, 1))
"""From which width on there are how many columns: each has room for an ICCID in groups. Four would leave the fifth
field of a group alone in a row."""


class Form(QWidget):
    """Shows a draft and its validation. Emits `edited(key, text)`, `accepted(key, text)`, and `came` when a field was
    made: the rare ones are when they are first unfolded."""

    edited = Signal(str, str)
    accepted = Signal(str, str)
    came = Signal()

    def __init__(self, workflow: Workflow, choices: Mapping[str, Sequence[str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, FieldRow] = {}
        """Those that were made, by field."""
        self._choices = choices
        self._said: dict[str, tuple[Problem | None, Note]] = {}
        self.held = Held(self)
        self._workflow = workflow
        self._unlocked: set[str] = set()
        self._columns = 0
        self._open: set[Group] = set()
        self._cards: dict[Group, Card] = {}
        self._grids: dict[Group, QGridLayout] = {}
        self._more: dict[Group, Button] = {}
        self._blanks: dict[Group, list[QWidget]] = {}
        for group, (title, icon) in GROUPS.items():
            more = Button("", "link", "chevron-down")
            more.clicked.connect(lambda _=False, group=group: self._toggle(group))
            card = Card(tr(title), icon, more)
            grid = QGridLayout()
            grid.setHorizontalSpacing(14)
            grid.setVerticalSpacing(10)
            card.body.addLayout(grid)
            self._cards[group], self._grids[group], self._more[group] = card, grid, more
            self._blanks[group] = []
        self.setLayout(column(*self._cards.values(), gap=12))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._draft, self._settled = Draft(workflow), frozenset[str]()
        self._placed = ""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)
        self._arrange(3)

    def _make(self, key: str) -> FieldRow:
        field = ROWS[key]
        row = FieldRow(field, self._choices.get(field.choices or "", ()), self._cards[field.group])
        row.edited.connect(self.edited)
        row.unlocked.connect(self._unlock)
        row.accepted.connect(self.accepted)
        row.entered.connect(self._next)
        self.rows[key] = row
        self._show_value(key)
        row.show_problem(*self._said.get(key, (None, NO_NOTE)))
        return row

    # What is shown

    def show_draft(self, draft: Draft, *, anew: bool, known: Mapping[str, str] | None = None) -> None:
        """Show every value. `anew`: another device or job is in hand, so fields that were unlocked are locked. `known`:
        what is on record, where the record was found."""
        if anew:
            self._unlocked.clear()
        changed = draft.workflow is not self._workflow
        self._draft, self._workflow, self._settled = draft, draft.workflow, draft.settled(known or {})
        for key in self.rows.keys() & {*draft.workflow.fields}:
            self._show_value(key)
        needed = {ROWS[key].group for key in self._rare() if draft.text(key)}
        if changed or needed - self._open:
            self._open = needed if changed else self._open | needed
            self._arrange(self._columns)

    def _show_value(self, key: str) -> None:
        entry = self._draft.entries.get(key)
        self.rows[key].show_value(entry, unlocked=key in self._unlocked, fixed=key in self._settled)

    def show_validation(
        self,
        validation: Validation,
        shown: Iterable[Problem],
        known: Mapping[str, str] | None = None,
        notes: Mapping[str, Note] | None = None,
    ) -> None:
        """Put the first problem at each field; else its note and, in an update, what becomes of the value."""
        first: dict[str, Problem] = {}
        for problem in sorted(shown, key=lambda problem: problem.grade.value != "error"):
            first.setdefault(problem.field, problem)
        for key in self._workflow.fields:
            said, becomes = (notes or {}).get(key), self._note(key, validation, known or {})
            note = Note("\n".join(filter(None, (said.text, becomes.text))), said.icon, said.tone) if said else becomes
            self._said[key] = (first.get(key), note)
            if key in self.rows:
                self.rows[key].show_problem(*self._said[key])
        hidden = {ROWS[key].group for key in self._rare() if key in first} - self._open
        if hidden:
            self._open |= hidden
            self._arrange(self._columns)

    def _note(self, key: str, validation: Validation, known: Mapping[str, str]) -> Note:
        workflow, note, old = self._workflow, NO_NOTE, known.get(key, "")
        if not self._draft.text(key):
            text = tr("On record: {old}").format(old=grouped(ROWS[key], old))
            return Note(text, "history") if old and workflow.changes else note
        if workflow.kind is not Kind.UPDATE:
            return Note(spoken(ROWS[key].help), "shield-check") if key == "password" else note
        if key in workflow.anchors and workflow.changes:
            note = Note(tr("Finds the record"), "search")
        elif key not in validation.values:
            note = note if validation.at(key) else Note(tr("Unchanged"), "check")
        else:
            text = tr("Will be sent · was {old}") if old not in {"", validation.values[key]} else tr("Will be sent")
            note = Note(text.format(old=grouped(ROWS[key], old)), "send", Tone.ACCENT)
        return note

    def show_choices(self, choices: Mapping[str, Sequence[str]]) -> None:
        """Offer other values, by the setting that lists them."""
        self._choices = choices
        for row in self.rows.values():
            if isinstance(row.input, ChoiceInput):
                row.input.show_choices(choices.get(row.field.choices or "", ()))

    def close_lists(self) -> None:
        """Close the lists of choices: one that stayed open would take the keys for the next draft."""
        for row in self.rows.values():
            if isinstance(row.input, ChoiceInput):
                row.input.close_list()

    def keys(self) -> list[str]:
        """The fields on the screen now, in reading order."""
        return [row.field.key for row in self._in_order() if row.isVisibleTo(self)]

    def _in_order(self) -> list[FieldRow]:
        return [self.rows[field.key] for field in FIELDS if field.key in self.rows]

    def stops(self) -> list[QWidget]:
        """What the Tab key reaches, in reading order."""
        stops: list[QWidget] = []
        for group, more in self._more.items():
            stops.append(more)
            stops += (stop for row in self._in_order() if row.field.group is group for stop in row.stops())
        return stops

    def chosen(self) -> str:
        """The field that the operator went to, "" where the focus is elsewhere or only stands where it was put."""
        holder = QApplication.focusWidget()
        found = next((key for key, row in self.rows.items() if holder is not None and row.isAncestorOf(holder)), "")
        return "" if found == self._placed else found

    @property
    def idle(self) -> bool:
        """Whether the focus only stands where it was put, and nothing has been entered there."""
        return bool(self._placed) and not self._draft.text(self._placed)

    def _focus_moved(self, _: QWidget | None, now: QWidget | None) -> None:
        if self._placed and now is not None and not self.rows[self._placed].isAncestorOf(now):
            self._placed = ""

    def focus_field(self, key: str) -> None:
        """Put the focus on a field, unfolding it where it is hidden."""
        if key in self._rare() and ROWS[key].group not in self._open:
            self._toggle(ROWS[key].group)
        if key in self.rows:
            self.rows[key].focus()

    def focus_first_empty(self) -> None:
        """Put the focus where the operator has to type next: at the user once a device filled the rest, at what the
        job changes once something finds its record."""
        read = any(entry.origin is Origin.DEVICE for entry in self._draft.entries.values())
        keys = self.keys()
        if any(self._draft.text(key) for key in self._workflow.anchors):
            keys.sort(key=lambda key: key not in self._workflow.changes)
        for key in keys:
            wanted = ROWS[key].group is Group.USER or not read
            if wanted and not self._draft.text(key) and key not in self._settled:
                self.rows[key].focus()
                self._placed = key
                return

    # How it is arranged

    def _rare(self) -> set[str]:
        needed = {*self._workflow.required, *(key for keys in self._workflow.one_of[1:] for key in keys)}
        plenty = len(self._workflow.fields) > 12  # noqa: PLR2004 - a short form folds nothing away
        return {key for key in self._workflow.fields if plenty and key in RARE and key not in needed}

    def _toggle(self, group: Group) -> None:
        self._open ^= {group}
        self._arrange(self._columns)

    def _arrange(self, columns: int) -> None:
        self._columns = columns
        rare, known = self._rare(), len(self.rows)
        for group, grid in self._grids.items():
            # Not takeAt: the item would live on in Python, and the heights that Qt keeps with the next one go stale.
            rows = {row.field.key: row for row in self._in_order() if row.field.group is group}
            for widget in (*rows.values(), *self._blanks[group]):
                grid.removeWidget(widget)
            fields = [key for key in self._workflow.fields if ROWS[key].group is group]
            folded = [key for key in fields if key in rare] if group not in self._open else []
            shown = [field.key for field in FIELDS if field.key in fields and field.key not in folded]
            for key in rows.keys() - {*shown}:
                rows[key].hide()
            for index, key in enumerate(shown):
                row = rows.get(key) or self._make(key)
                row.setVisible(True)
                grid.addWidget(row, *divmod(index, columns), Qt.AlignmentFlag.AlignTop)
            blanks = self._blanks[group]
            blanks += (QWidget(self._cards[group]) for _ in range(columns - len(shown) - len(blanks)))
            for blank, index in zip(blanks, range(len(shown), columns), strict=False):
                # Keeps the columns of all groups in line where a group has fewer fields than columns.
                grid.addWidget(blank, 0, index)
            for index in range(max(columns, grid.columnCount())):
                grid.setColumnStretch(index, 1 if index < columns else 0)
                grid.setColumnMinimumWidth(index, 0)
            self._cards[group].setVisible(bool(fields))
            more, count = self._more[group], len([key for key in fields if key in rare])
            more.setVisible(bool(count))
            many = tr("1 more field") if count == 1 else tr("{count} more fields").format(count=count)
            more.setText(tr("Fewer fields") if group in self._open else many)
            more.show_icon("chevron-up" if group in self._open else "chevron-down")
        if len(self.rows) > known:
            self.came.emit()

    def _unlock(self, key: str) -> None:
        self._unlocked.add(key)
        self.rows[key].show_value(self._draft.entries.get(key), unlocked=True, fixed=False)
        self.rows[key].focus()

    def _next(self, key: str) -> None:
        """Return goes to the next field, so that a scanner's Return does too."""
        keys = self.keys()
        index = keys.index(key) + 1
        if index < len(keys):
            self.rows[keys[index]].focus()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        columns = next(columns for width, columns in COLUMNS if event.size().width() >= width)
        if columns != self._columns:
            self._arrange(columns)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(260, super().minimumSizeHint().height())
