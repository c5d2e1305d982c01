"""A question above the form with a key for each answer: nothing is covered, nothing waits, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QSizePolicy, QWidget
from typing_extensions import override

from ui.fonts import Type
from ui.icons import LARGE, Icon
from ui.kit.announce import alert
from ui.kit.buttons import Button
from ui.kit.style import column, row
from ui.kit.text import Text
from ui.kit.tinted import Tinted
from ui.theme import Tone

LINE = 18
"""The height of the question's first line, which the icon stands beside."""
EDGE, GAP, BUTTON_GAP = 14, 12, 8
"""Pixels at the sides, between sign and words, and between two answers."""
ICONS = {Tone.BAD: "circle-x", Tone.WARN: "circle-help"}


class Answer(Struct, frozen=True):
    """What is written on the button, and what it does."""

    text: str
    call: Callable[[], None]


class Question(Tinted):
    """One question at a time. The figure of an answer chooses it while the focus is here; Escape leaves it open."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Tone.WARN, parent)
        self._answers: Sequence[Answer] = ()
        self._before: QWidget | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._icon = Icon("circle-help", Tone.WARN.ink, LARGE, self)
        self._verdict = Text("", Type.VERDICT, parent=self)
        self._summary = Text("", Type.BODY_STRONG, wrap=True, parent=self)
        self._lines = QGridLayout()
        self._lines.setHorizontalSpacing(12)
        self._lines.setVerticalSpacing(2)
        self._lines.setColumnStretch(1, 1)
        self._cells: list[tuple[Text, Text]] = []
        self.buttons: list[Button] = []
        self.leave = Button("", "quiet", parent=self)
        self.leave.clicked.connect(self.put_off)
        self._row: QBoxLayout = row(self.leave, gap=BUTTON_GAP)
        self._row.setContentsMargins(0, 6, 0, 0)
        words = column(self._summary, self._lines, self._row, gap=4)
        words.setAlignment(self._row, Qt.AlignmentFlag.AlignLeft)
        box = row(self._icon, self._verdict, words, gap=GAP, edge=(EDGE, 10, EDGE, 10))
        for widget in (self._icon, self._verdict):
            box.setAlignment(widget, Qt.AlignmentFlag.AlignTop)
        self._icon.setFixedHeight(LINE)
        box.setStretch(2, 1)
        self.setLayout(box)
        self.hide()

    @property
    def summary(self) -> str:
        """What is asked, "" while nothing is."""
        return self._summary.text() if self.isVisible() else ""

    def ask(
        self,
        tone: Tone,
        summary: str,
        lines: Sequence[tuple[str, str]],
        answers: Sequence[Answer],
        *,
        verdict: str = "",
        leave: str = "",
        focus: bool = True,
    ) -> None:
        """`lines`: (what, value) below the question. `verdict`: one word that is read across the room. `leave`: what
        Escape is called on a button of its own. `focus`: the next key is the answer; not where somebody may be
        typing."""
        self.tint(tone)
        self._answers = answers
        self._icon.show_icon(ICONS.get(tone, "circle-help"), tone.ink)
        self._icon.setVisible(not verdict)
        self._verdict.set_tone(tone)
        self._verdict.say(verdict)
        self._verdict.setVisible(bool(verdict))
        self._summary.setText(summary)
        self._show_lines(lines)
        self.leave.setText(f"Esc  {leave}")
        self.leave.setAccessibleName(leave)
        self.leave.setVisible(bool(leave))
        self._show_answers()
        spoken = [verdict, summary, *(f"{what} {value}" for what, value in lines)]
        self.setAccessibleName(". ".join(part for part in spoken if part))
        self.show()
        alert(self)
        if focus:
            holder = self.window().focusWidget()
            if holder is None or not self.isAncestorOf(holder):
                self._before = holder
            self.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def answer(self, index: int) -> bool:
        """Choose an answer, from 0; False where there is no such one."""
        if not self.isVisible() or index >= len(self._answers):
            return False
        call = self._answers[index].call
        self.put_off()
        call()
        return True

    def put_off(self) -> None:
        """Go away without an answer; the focus goes back to where it was."""
        holder, before = self.window().focusWidget(), self._before
        self._before = None
        if holder is not None and self.isAncestorOf(holder) and before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()

    def stops(self) -> list[Button]:
        """What the Tab key reaches here, and ANSWER 1 and on press, in order."""
        return [*self.buttons[: len(self._answers)], self.leave]

    def _show_lines(self, lines: Sequence[tuple[str, str]]) -> None:
        while len(self._cells) < len(lines):
            cells = Text("", tone="muted"), Text("", Type.MONO_STRONG)
            self._cells.append(cells)
            for position, cell in enumerate(cells):
                self._lines.addWidget(cell, len(self._cells) - 1, position)
        for index, (what, value) in enumerate(self._cells):
            shown = index < len(lines)
            if shown:
                what.setText(lines[index][0])
                value.setText(lines[index][1])
            what.setVisible(shown)
            value.setVisible(shown)

    def _show_answers(self) -> None:
        while len(self.buttons) < len(self._answers):
            index = len(self.buttons)
            button = Button("")
            button.clicked.connect(lambda _=False, index=index: self.answer(index))
            self.buttons.append(button)
            self._row.insertWidget(index, button)
        for index, button in enumerate(self.buttons):
            if index < len(self._answers):
                text = self._answers[index].text
                button.setText(f"{index + 1}  {text}")
                button.setAccessibleName(text)
            button.setVisible(index < len(self._answers))
        self._arrange()

    def _arrange(self) -> None:
        """Answers stand side by side where they have room, else below each other."""
        sign = self._icon if self._verdict.isHidden() else self._verdict
        room = self.width() - 2 * EDGE - sign.sizeHint().width() - GAP
        shown = [button for button in self.stops() if not button.isHidden()]
        wide = [button.sizeHint().width() + BUTTON_GAP for button in shown]
        direction = QBoxLayout.Direction
        fits = sum(wide) - BUTTON_GAP <= room
        self._row.setDirection(direction.LeftToRight if fits else direction.TopToBottom)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        figure = event.key() - Qt.Key.Key_1
        plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
        if not (plain and 0 <= figure < len(self._answers) and self.answer(figure)):
            super().keyPressEvent(event)

    @override
    def event(self, event: QEvent) -> bool:
        # Taken before the window's own Escape, which leaves the form.
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.put_off()
                return True
        return super().event(event)
