"""The content of the detail panel for one description: made anew when the entry changes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.provisioning.draft import Origin
from ui.fonts import Type
from ui.form.words import ORIGINS
from ui.form.words import tr as origin_word
from ui.icons import MEDIUM, SMALL, Icon
from ui.journal.compared import Compared
from ui.journal.description import Changed, Description, Line, Try
from ui.journal.words import Words
from ui.kit.card import line
from ui.kit.style import REST, column, row
from ui.kit.text import Text
from ui.theme import Role, Tone

LABEL, ROW = 124, 20
"""The width of the labels' column and the least height of a line, in pixels at 100 %."""
SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse


class Sheet(QWidget):
    """Problems first, then what the gate changed, what was sent, what it answered, and each attempt."""

    def __init__(self, description: Description, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "none")
        parts: list[QWidget] = []
        if description.problems:
            title = self.tr("The gate's answer") if description.conflict else self.tr("What the gate refused")
            parts.append(self._section(title, self._problems(description.problems)))
        if description.changed:
            parts.append(self._section(self.tr("Stored differently"), self._changes(description.changed)))
        parts.append(self._section(description.heading, self._sent(description.fields)))
        if description.answer:
            parts.append(self._section(self.tr("Also in the gate's answer"), self._lines(description.answer)))
        parts.append(self._section(self.tr("Attempts"), self._attempts(description.attempts)))
        self.setLayout(column(*parts, REST, gap=16))

    def _section(self, title: str, content: QWidget) -> QWidget:
        box = QWidget()
        box.setLayout(column(line(), Text(title, Type.BODY_STRONG), content, gap=8))
        return box

    def _problems(self, problems: Sequence[Line]) -> QWidget:
        box = QWidget()
        rows = []
        for problem in problems:
            words = Text(f"{problem.label}: {problem.value}" if problem.label else problem.value, wrap=True)
            words.set_tone(Tone.BAD)
            words.setTextInteractionFlags(SELECTABLE)
            rows.append(self._beside(Icon("circle-x", Role.BAD, MEDIUM), words))
        box.setLayout(column(*rows, gap=6))
        return box

    def _beside(self, icon: QWidget, words: QWidget) -> QWidget:
        box = QWidget()
        layout = row(icon, words, gap=8)
        layout.setStretch(1, 1)
        layout.setAlignment(icon, Qt.AlignmentFlag.AlignTop)
        box.setLayout(layout)
        return box

    def _changes(self, changes: Sequence[Changed]) -> QWidget:
        """Each field with what was sent at the left and what is stored at the right."""
        parts = []
        for change in changes:
            grid = _grid()
            grid.setColumnStretch(0, 1)
            grid.addWidget(Text(self.tr("{field}, sent").format(field=change.label), Type.SMALL, "muted"), 0, 0)
            grid.addWidget(Text(self.tr("Stored by the gate"), Type.SMALL, "muted"), 0, 1)
            grid.addWidget(Compared(change.sent, Tone.WARN), 1, 0)
            stored = Compared(change.stored, Tone.WARN) if change.stored else Text(self.tr("Nothing"))
            grid.addWidget(stored, 1, 1)
            parts.append(_held(grid))
        box = QWidget()
        box.setLayout(column(*parts, gap=10))
        return box

    def _sent(self, lines: Sequence[Line]) -> QWidget:
        """The lines below where their values came from."""
        box = QWidget()
        parts: list[QWidget] = []
        for origin in dict.fromkeys(each.origin for each in lines):
            parts += [self._origin(origin)] if origin in set(ORIGINS) else []
            parts.append(self._lines([each for each in lines if each.origin == origin]))
        box.setLayout(column(*parts, gap=6))
        return box

    def _origin(self, origin: str) -> QWidget:
        word, icon = ORIGINS[Origin(origin)]
        box = QWidget()
        box.setLayout(
            row(Icon(icon, Role.FAINT, SMALL), Text(origin_word(word).capitalize(), Type.SMALL, "faint"), REST, gap=6)
        )
        return box

    def _lines(self, lines: Sequence[Line]) -> QWidget:
        grid = _grid()
        # A label that wraps asks for no width of its own.
        grid.setColumnMinimumWidth(0, LABEL)
        for place, each in enumerate(lines):
            label = Text(each.label, tone="muted", wrap=True)
            label.setFixedWidth(LABEL)
            label.setMinimumHeight(ROW)
            grid.addWidget(label, place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Words(each.value, Type.MONO if each.mono else Type.BODY, each.label), place, 1)
        return _held(grid)

    def _attempts(self, attempts: Sequence[Try]) -> QWidget:
        if not attempts:
            return Text(self.tr("None yet."), tone="muted")
        grid = _grid()
        place = 0
        for each in reversed(attempts):
            grid.addWidget(Text(each.at, tone="muted"), place, 0)
            grid.addWidget(Text(each.outcome, Type.BODY_STRONG), place, 1)
            grid.addWidget(Text(each.facts, Type.SMALL, "muted"), place, 2, Qt.AlignmentFlag.AlignRight)
            place += 1
            if each.message:
                grid.addWidget(Text(each.message, Type.SMALL, "muted", wrap=True), place, 1, 1, 2)
                place += 1
        return _held(grid)


def _grid() -> QGridLayout:
    """A grid whose second column takes the room."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    return grid


def _held(grid: QGridLayout) -> QWidget:
    box = QWidget()
    box.setLayout(grid)
    return box
