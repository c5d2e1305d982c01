"""The settings page: the cards, one button that says what it saves, and nothing lost when it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from app.assembly import Workstation
from app.errors import WorkstationError
from app.settings import ROWS, Value
from ui.background import run
from ui.barcodes.commands import command_items
from ui.barcodes.line import SheetLine
from ui.fonts import Type
from ui.keeping.card import KeepingCard
from ui.kit.buttons import LINK_EDGE, Button, MainButton
from ui.kit.card import Card
from ui.kit.style import REST, column, row
from ui.kit.text import Text
from ui.notices import Notice
from ui.operators.card import OperatorsCard
from ui.orders import Order, pressing
from ui.settings.changes import Edits
from ui.settings.row import SettingRow
from ui.settings.sections import PARTS, Part, Section, spoken
from ui.settings.token import TokenCard
from ui.theme import Tone, theme

TWO_COLUMNS = 1080
CARD, LONE_CARD = 720, 960
"""From this width on the cards stand in two columns; how far a card grows beside another, and alone; in pixels
at 100 %."""
EDGE, GAP = 16, 12


class SettingsPage(QWidget):
    """Edits stay on the page until they are saved or discarded. `saved` follows each change in force, also of
    the token; `people_changed` each of the operators; `setup_wanted`: the station is to be set up step by step."""

    saved = Signal()
    people_changed = Signal()
    setup_wanted = Signal()

    def __init__(self, workstation: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self._edits = Edits(workstation.settings)
        self._saving = False
        self._rows: dict[str, SettingRow] = {}
        self._cards: list[Card] = []
        self.token = TokenCard(workstation)
        self.token.changed.connect(self.saved)
        self.keeping = KeepingCard(workstation)
        # What is trained with is nobody's, and its journal is in clear.
        self.keeping.setVisible(not workstation.training)
        self.operators = OperatorsCard(workstation.shift)
        self.operators.changed.connect(self.people_changed)
        jobs = [workflow.name for workflow in workstation.site.workflows]
        self.sheet = SheetLine(self.tr("Command barcodes"), partial(command_items, jobs))
        self._notice = Notice()
        self._said = Text("", Type.BODY, "muted")
        self._discard = Button(self.tr("Discard"), "quiet", "rotate-ccw")
        self._discard.clicked.connect(self._forget)
        self._save = MainButton(keys="Ctrl+S")
        self._save.clicked.connect(self.save)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Save), self, self.save)
        self._left, self._right = QVBoxLayout(), QVBoxLayout()
        self._columns = QHBoxLayout()
        self._lay_out()
        self._show_edits()
        self.sheet.failed.connect(self._notice.tell_error)
        self.sheet.saved.connect(self._sheet_saved)

    def _sheet_saved(self, file: str) -> None:
        self._notice.tell(Tone.OK, self.tr("The sheet is saved."), self.tr("Print it in its real size."), file)

    def _lay_out(self) -> None:
        cards = {part.section: self._card(part) for part in PARTS}
        self.setup = Button(self.tr("Set up this station step by step"), "link", "sliders-horizontal")
        self.setup.clicked.connect(self.setup_wanted)
        cards[Section.STATION].body.addSpacing(14)
        cards[Section.STATION].body.addLayout(row(-LINK_EDGE, self.setup, REST))
        cards[Section.SCANNER].body.addSpacing(14)
        cards[Section.SCANNER].body.addWidget(self.sheet)
        for box, members in (
            (
                self._left,
                (cards[Section.GATE], self.token, self.keeping, cards[Section.STATION], self.operators),
            ),
            (
                self._right,
                (cards[Section.CHECKS], cards[Section.DEVICES], cards[Section.SCANNER], cards[Section.ADMINISTRATOR]),
            ),
        ):
            box.setSpacing(GAP)
            for card in members:
                self._cards.append(card)
                box.addWidget(card)
            box.addStretch(1)
            self._columns.addLayout(box, CARD)
        self._columns.setSpacing(GAP)
        self._columns.setContentsMargins(EDGE, 0, EDGE, EDGE)
        self._columns.addStretch(1)
        sheet = QWidget()
        sheet.setProperty("ground", "none")
        sheet.setLayout(self._columns)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(sheet)
        self._scroll = scroll
        title = Text(self.tr("Settings"), Type.TITLE)
        self._head = QWidget()
        self._head.setLayout(
            column(
                row(title, REST, self._said, self._discard, self._save), self._notice, gap=12, edge=(EDGE, 12, EDGE, 0)
            )
        )
        self.setLayout(column(self._head, scroll, gap=12))

    def _card(self, part: Part) -> Card:
        rows = QWidget()
        rows.setLayout(column(*(self._row(key) for key in part.keys), gap=14, edge=(0, 6, 0, 0)))
        sentence = Text(spoken(part.sentence), Type.BODY, "muted", wrap=True)
        if not part.folded:
            card = Card(spoken(part.title), part.icon)
        else:
            self._unfold = Button(self.tr("Show"), "link", "chevron-down")
            self._unfold.setAccessibleName(self.tr("Show {part}").format(part=spoken(part.title)))
            self._unfold.setCheckable(True)
            self._unfold.toggled.connect(rows.setVisible)
            self._unfold.toggled.connect(self._name_fold)
            rows.hide()
            card = Card(spoken(part.title), part.icon, self._unfold)
        card.body.addWidget(sentence)
        card.body.addWidget(rows)
        return card

    def _name_fold(self, unfolded: bool) -> None:
        self._unfold.setText(self.tr("Hide") if unfolded else self.tr("Show"))

    def _row(self, key: str) -> SettingRow:
        made = SettingRow(ROWS[key], self._edits.settings)
        made.edited.connect(self._edit)
        self._rows[key] = made
        return made

    def _edit(self, key: str, value: Value) -> None:
        self._edits = self._edits.with_value(key, value)
        self._notice.hide()
        self._show_edits()

    def _show_edits(self) -> None:
        """Say at each row what is wrong with it, and on the button what it would save."""
        problems = self._edits.problems
        for key, made in self._rows.items():
            made.show_edit(edited=key in self._edits.entered, problem=problems.get(key, ""))
        count = self._edits.count
        if self._saving:
            words = self.tr("Saving")
        elif count:
            words = self.tr("Save 1 change") if count == 1 else self.tr("Save {n} changes").format(n=count)
        else:
            words = self.tr("Nothing to save")
        self._save.say(words, quiet=self._saving or not count or bool(problems))
        self._discard.setVisible(bool(count))
        self._said.say(self.tr("Correct the marked rows first.") if problems else "")

    def orders(self) -> Mapping[str, Order]:
        """What command barcodes do here."""
        return {"submit": pressing(self._save)}

    def save(self) -> None:
        """Save all edits at once; with a problem, go to its row instead."""
        problems = self._edits.problems
        if problems:
            self.go_to(next(iter(problems)))
        elif self._edits.count and not self._saving:
            self._saving = True
            self._show_edits()
            changes, workstation = dict(self._edits.entered), self._workstation
            run(lambda: workstation.change_settings(changes), self._saved, self.show_refused, self)

    def enter(self, key: str, value: Value) -> None:
        """Put a value into a row, as if by hand."""
        self._rows[key].input.write(value)

    def unfold(self) -> None:
        """Open the rows that are folded away."""
        self._unfold.setChecked(True)

    def show_card(self, card: Card) -> None:
        """Bring a card into sight."""
        self._scroll.ensureWidgetVisible(card, 0, EDGE)

    def go_to(self, key: str) -> None:
        """Bring a row into sight, with the focus."""
        row_widget = self._rows[key]
        row_widget.input.focus.setFocus()
        self._scroll.ensureWidgetVisible(row_widget)

    def _saved(self, _: None) -> None:
        self._saving = False
        self._take_over()
        theme().set_appearance(self._edits.settings.text("appearance"))
        self._said.say(self.tr("Saved."))
        self.saved.emit()

    def show_refused(self, error: WorkstationError) -> None:
        """Say why nothing was saved; the edits stay."""
        self._saving = False
        self._show_edits()
        self._notice.tell_error(error)

    def _forget(self) -> None:
        self._edits = Edits(self._workstation.settings)
        for made in self._rows.values():
            made.show_settings(self._edits.settings)
        self._notice.hide()
        self._show_edits()

    def _take_over(self) -> None:
        """Show the settings in force; what was edited meanwhile stays an edit."""
        self._edits = self._edits.over(self._workstation.settings)
        for key, made in self._rows.items():
            if key not in self._edits.entered:
                made.show_settings(self._edits.settings)
        self._show_edits()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._take_over()
        self.token.refresh()
        self.keeping.refresh()
        self.operators.refresh()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= TWO_COLUMNS
        # The button stands above the cards, also where the window is wider than they grow.
        self._head.setMaximumWidth((2 * CARD + GAP if wide else LONE_CARD) + 2 * EDGE)
        for card in self._cards:
            card.setMaximumWidth(CARD if wide else LONE_CARD)
        self._columns.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
