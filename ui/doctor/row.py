"""One check on the page: how it stands, what was seen, and what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QWidget

from app.work.doctor.line import Grade, Line
from ui.doctor import words
from ui.fonts import Type
from ui.icons import SMALL, Icon
from ui.kit.buttons import Button
from ui.kit.chip import Chip
from ui.kit.style import REST, column, row
from ui.kit.text import Text
from ui.language.speaking import spoken
from ui.theme import TARGET, Role

STATE = 104
"""The width of the column of states, in pixels at 100 %."""
INDENT = SMALL + 8


class Fix(QWidget):
    """One fix, with a button that copies it; a command stands apart, in the face of figures."""

    def __init__(self, step: words.Step, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.step = step
        self.copy = Button("", "quiet", "copy")
        self.copy.setAccessibleName(
            (self.tr("Copy the command: {check}") if step.command else self.tr("Copy what to do: {check}")).format(
                check=title
            )
        )
        self.copy.setToolTip(self.tr("Copy"))
        self.copy.clicked.connect(self._copy)
        arrow = Icon("arrow-right", Role.MUTED, SMALL)
        arrow.setFixedHeight(TARGET)
        before = _selectable(Text(step.before, wrap=True))
        # One line stands level with the button, more grow down from there.
        first = row(arrow, column(before, edge=(0, 8, 0, 8)), gap=8)
        first.setStretch(1, 1)
        first.setAlignment(arrow, Qt.AlignmentFlag.AlignTop)
        if not step.command:
            first.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
            self.setLayout(first)
            return
        command = QFrame()
        command.setProperty("kind", "sunken")
        inner = row(_selectable(Text(step.command, Type.MONO_SMALL, wrap=True)), self.copy, gap=8, edge=(10, 2, 4, 2))
        inner.setStretch(0, 1)
        inner.setAlignment(self.copy, Qt.AlignmentFlag.AlignTop)
        command.setLayout(inner)
        rest = [row(INDENT, _selectable(Text(step.after, wrap=True)), gap=0)] if step.after else []
        self.setLayout(column(first, row(INDENT, command, gap=0), *rest, gap=4))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.step.copied)
        self.copy.show_icon("check")
        self.copy.setToolTip(self.tr("Copied"))


class CheckRow(QWidget):
    """`name` is the check's; it runs until its line is shown."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.grade: Grade | None = None
        self.fixes: list[Fix] = []
        self._title = words.tr(words.TITLES[name])
        self._chip = Chip()
        state = QWidget()
        state.setFixedWidth(STATE)
        state.setLayout(row(self._chip, REST))
        self._summary = _selectable(Text("", tone="muted", wrap=True))
        self._below = column(gap=4)
        told = column(Text(self._title, Type.BODY_STRONG), self._summary, self._below, gap=3, edge=(0, 3, 0, 0))
        box = row(state, told, gap=12, edge=(0, 8, 0, 8))
        box.setStretch(1, 1)
        box.setAlignment(state, Qt.AlignmentFlag.AlignTop)
        self.setLayout(box)
        self._show_grade(None, "")

    def say(self, line: Line) -> None:
        """Show what the check came to."""
        self._show_grade(line.grade, spoken(line.summary))
        for fix in self.fixes:
            self._below.removeWidget(fix)
            fix.deleteLater()
        self.fixes = [Fix(words.step(text), self._title) for text in line.fixes]
        for fix in self.fixes:
            self._below.addWidget(fix)
            # Not left to the layout, which shows it later and keeps the height it had before.
            fix.show()
        self.setAccessibleDescription(spoken(f"{line.summary} {line.fix}".strip()))

    def run(self) -> None:
        """Say that it is being looked at once more; what was seen before stays until it is replaced."""
        self._show_grade(None, self._summary.text())

    def _show_grade(self, grade: Grade | None, summary: str) -> None:
        self.grade = grade
        state = words.look(grade)
        self._chip.say(state.word, state.icon, state.tone)
        self._summary.say(summary)
        self.setAccessibleName(f"{self._title}: {state.word}")


def _selectable(text: Text) -> Text:
    text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return text
