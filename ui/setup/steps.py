"""The steps as cards; those about settings say what they would save, the others keep what they are told at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QLineEdit
from typing_extensions import override

from app.provisioning.consent import DEVICE_TEXT, SHIFT_TEXT, Ground
from app.settings import ROWS, Settings, Value
from app.work.doctor.line import Grade, Line
from ui.doctor import words
from ui.doctor.examination import Examination
from ui.doctor.row import CheckRow
from ui.kit.buttons import Button
from ui.kit.card import Card
from ui.kit.chip import Chip
from ui.kit.style import REST, column
from ui.kit.style import row as across
from ui.kit.text import Text
from ui.language.speaking import spoken
from ui.orders import Order, answers, choosing
from ui.settings.changes import Edits
from ui.settings.row import SettingRow


class SettingsStep(Card):
    """Rows of settings under one sentence. `edited` follows each edit, `entered` the Enter key in a line."""

    edited = Signal()
    entered = Signal()

    def __init__(self, title: str, icon: str, sentence: str, keys: Sequence[str], settings: Settings) -> None:
        super().__init__(title, icon)
        self._edits = Edits(settings)
        self.rows = {key: SettingRow(ROWS[key], settings) for key in keys}
        self.below = Text("", wrap=True)
        self.body.addLayout(
            column(Text(sentence, tone="muted", wrap=True), *self.rows.values(), self.below, gap=14, edge=(0, 4, 0, 0))
        )
        self.below.hide()
        for row in self.rows.values():
            row.edited.connect(self._edit)
            if isinstance(row.input.focus, QLineEdit):
                row.input.focus.returnPressed.connect(self.entered)
        self.setFocusProxy(next(iter(self.rows.values())).input.focus)

    @property
    def changes(self) -> Mapping[str, Value]:
        """What was edited and is not saved."""
        return self._edits.entered

    def orders(self) -> Mapping[str, Order]:
        """What command barcodes do here: the answers are the choices of the first row that has any, in their order."""
        combos = (row.input.focus for row in self.rows.values() if isinstance(row.input.focus, QComboBox))
        combo = next(combos, None)
        return {} if combo is None else choosing(combo)

    def go_to_problem(self) -> bool:
        """Whether a row cannot be saved; it has the focus then, and its problem stands at it."""
        key = next(iter(self._edits.problems), None)
        if key is not None:
            self.rows[key].input.focus.setFocus()
        return key is not None

    def saved(self, settings: Settings) -> None:
        """These are in force now."""
        self._edits = self._edits.over(settings)

    def discard(self) -> None:
        """What was edited is not wanted: show what is in force."""
        self._edits = Edits(self._edits.settings)
        for row in self.rows.values():
            row.show_settings(self._edits.settings)
            row.show_edit()
        self.edited.emit()

    def _edit(self, key: str, value: Value) -> None:
        self._edits = self._edits.with_value(key, value)
        self.rows[key].show_edit(problem=self._edits.problems.get(key, ""))
        self.edited.emit()


class ConsentStep(SettingsStep):
    """Shows the words that are confirmed, below the choice of who is asked."""

    def __init__(self, title: str, icon: str, sentence: str, keys: Sequence[str], settings: Settings) -> None:
        super().__init__(title, icon, sentence, keys, settings)
        self._settings = settings
        self.edited.connect(self._say)
        self._say()

    def _say(self) -> None:
        ground = Ground(str(self.changes.get("consent", self._settings.text("consent"))))
        self.below.say(f"“{spoken(TEXTS[ground])}”" if TEXTS[ground] else "")


TEXTS: Mapping[Ground, str] = {
    Ground.EMPLOYER_OWNED: "",
    Ground.PER_SHIFT: SHIFT_TEXT,
    Ground.PER_DEVICE: DEVICE_TEXT,
}


class DoctorStep(Card):
    """The doctor in one line, and below it only what is not in order."""

    def __init__(self, title: str, icon: str, sentence: str, examination: Examination) -> None:
        self.headline = Chip()
        super().__init__(title, icon, self.headline)
        self.examination = examination
        self._lines: list[Line] = []
        self._running = 0
        self._said = Text("", wrap=True)
        self.rows: list[CheckRow] = []
        self._list = column(gap=0)
        self.body.addLayout(column(Text(sentence, tone="muted", wrap=True), self._said, self._list, edge=(0, 4, 0, 0)))
        self._said.hide()
        examination.begun.connect(self._begin)
        examination.found.connect(self._found)
        examination.failed.connect(lambda trouble: self._said.say(spoken(str(trouble))))

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.examination.start()

    def _begin(self, names: Sequence[str]) -> None:
        self._lines, self._running = [], len(names)
        self._said.say("")
        for row in self.rows:
            row.deleteLater()
        self.rows = []
        self._show()

    def _found(self, line: Line) -> None:
        self._lines.append(line)
        if line.grade is not Grade.OK:
            row = CheckRow(line.check)
            self._list.addWidget(row)
            row.say(line)
            self.rows.append(row)
        self._show()

    def _show(self) -> None:
        said = words.headline(self._lines, running=self._running - len(self._lines))
        self.headline.say(said.word, said.icon, said.tone)


class TrainingStep(Card):
    """Offers to train, which needs no gate, no token and no device. `wanted` is emitted when it is to start."""

    wanted = Signal()

    def __init__(self, title: str, icon: str, sentence: str) -> None:
        super().__init__(title, icon)
        self.begin = Button(self.tr("Start the training"), icon_name="graduation-cap")
        self.begin.clicked.connect(self.wanted)
        self._said = Text("", tone="muted", wrap=True)
        self._said.hide()
        words = Text(sentence, tone="muted", wrap=True)
        self.body.addLayout(column(words, across(self.begin, REST), self._said, gap=12, edge=(0, 4, 0, 0)))

    def orders(self) -> Mapping[str, Order]:
        """What command barcodes do here."""
        return answers((self.begin,))

    def say_started(self) -> None:
        """It opens: a window that comes after some seconds must not be asked for twice."""
        self._said.say(self.tr("The training opens in a window of its own. This one stays as it is."))
