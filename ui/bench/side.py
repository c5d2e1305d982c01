"""What stands at the right of the form: the checks, the one action, and what just happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.journal.records import Entry
from app.provisioning.fields import ROWS
from app.provisioning.submission import State
from ui.bench.checks import Check, Mark
from ui.fonts import Type
from ui.icons import MEDIUM, Icon
from ui.journal.columns import device, done, what
from ui.journal.times import moment
from ui.kit.buttons import Button, MainButton
from ui.kit.card import Card
from ui.kit.style import column, row
from ui.kit.text import Cut, Text
from ui.language.speaking import spoken
from ui.results import look
from ui.theme import Role, Tone

MOST = 8
"""Lines of checks; what is beyond them stands at its field."""


class Line(QWidget):
    """An icon and a sentence beside it, which wraps; a second, smaller line below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = Icon("info", Role.MUTED, MEDIUM)
        self._text = Text("", wrap=True)
        self._below = Cut("", Type.SMALL, Role.MUTED)
        words = column(self._text, self._below, gap=1)
        box: QHBoxLayout = row(self._icon, words, gap=8)
        box.setStretch(1, 1)
        box.setAlignment(self._icon, Qt.AlignmentFlag.AlignTop)
        self.setLayout(box)

    def say(self, icon: str, tone: Tone, text: str, below: str = "", *, plain: bool = False) -> None:
        """`plain` keeps the words in the colour of text: only the icon carries the tone."""
        self._icon.show_icon(icon, tone.ink)
        self._text.set_tone("" if plain else "muted" if tone is Tone.NEUTRAL else tone)
        self._text.setText(text)
        self._below.say(below)
        self._below.setVisible(bool(below))
        self.setAccessibleName(f"{text}. {below}".strip())


class Lines(QWidget):
    """As many lines as are needed, kept and filled anew."""

    def __init__(self, gap: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[Line] = []
        self._box: QVBoxLayout = column(gap=gap)
        self.setLayout(self._box)

    def take(self, count: int) -> list[Line]:
        while len(self._lines) < count:
            line = Line()
            self._lines.append(line)
            self._box.addWidget(line)
        for index, line in enumerate(self._lines):
            line.setVisible(index < count)
        return self._lines[:count]


class Action(QWidget):
    """The one main action, with what it is about to do. Emits `pressed`."""

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._note = Text("", Type.SMALL, "muted", wrap=True, parent=self)
        self.button = MainButton("", "Ctrl+Enter", self)
        self.button.setToolTip(self.tr("Ctrl+Enter"))
        self.button.clicked.connect(self.pressed)
        self._box: QBoxLayout = column(self._note, self.button, gap=8)
        self.setLayout(self._box)

    def lay_out(self, *, wide: bool) -> None:
        """`wide`: in a column of its own, so note above button; else both in one bar."""
        direction = QBoxLayout.Direction
        self._box.setDirection(direction.TopToBottom if wide else direction.LeftToRight)
        self._box.setStretch(0, 0 if wide else 1)
        self._box.setContentsMargins(0, 8 if wide else 0, 0, 0)

    def say(self, action: str, note: str, *, ready: bool) -> None:
        self._note.say(note)
        self.button.say(action, quiet=not ready)
        self.button.setAccessibleDescription(note)

    def busy(self, word: str) -> None:
        self.button.say(word, icon_name="loader")


class Checks(Card):
    """The list of checks; the action is put below it, or elsewhere where there is no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self.heading.setText(self.tr("Checks"))
        self._lines = Lines(8, self)
        self._nothing = Text(self.tr("Checked as soon as there is a value."), tone="muted", wrap=True, parent=self)
        self.body.addWidget(self._lines)
        self.body.addWidget(self._nothing)

    def say(self, checks: Sequence[Check]) -> None:
        shown = checks[:MOST]
        for line, check in zip(self._lines.take(len(shown)), shown, strict=True):
            icon, tone = check.mark.value
            line.say(icon, tone, check.text, plain=check.mark in {Mark.RIGHT, Mark.TO_DO})
        self._lines.setVisible(bool(shown))
        self._nothing.setVisible(not shown)


class JustNow(Card):
    """The last results, newest first. Emits `opened(id)`."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        all_of_it = Button("", "link")
        super().__init__("", "", all_of_it, parent=parent)
        self.heading.setText(self.tr("Just now"))
        all_of_it.setText(self.tr("Log"))
        self.all_of_it = all_of_it
        all_of_it.setAccessibleName(self.tr("Open the log"))
        all_of_it.clicked.connect(lambda: self.opened.emit(""))
        self._lines = Lines(10, self)
        self._nothing = Text(self.tr("What is sent appears here."), tone="muted", wrap=True, parent=self)
        self.body.addWidget(self._lines)
        self.body.addWidget(self._nothing)

    def say(self, entries: Iterable[Entry]) -> None:
        shown = list(entries)[:3]
        now = datetime.now(UTC)
        for line, entry in zip(self._lines.take(len(shown)), shown, strict=True):
            seen = look(entry.state, entry.kind)
            line.say(seen.icon, seen.tone, self._headline(entry, seen.word), self._below(entry, now))
        self._lines.setVisible(bool(shown))
        self._nothing.setVisible(not shown)

    def _headline(self, entry: Entry, word: str) -> str:
        if entry.state in {State.REJECTED, State.CONFLICT}:
            # Masked: the gate's words may repeat an identifier.
            told = entry.to_json()
            if told["problems"]:
                first = told["problems"][0]
                label = f"{spoken(ROWS[first['field']].label)}: " if first["field"] else ""
                return f"{word}: {label}{spoken(first['message'])}".rstrip(".")
            message = spoken(str(told["message"])).rstrip(".")
            return f"{word}: {message[:1].lower()}{message[1:]}" if message else word
        if entry.state in {State.QUEUED, State.WAITING}:
            return self.tr("Waiting, nothing is lost")
        return word

    def _below(self, entry: Entry, now: datetime) -> str:
        # The time first: what is cut where there is no room is the end.
        parts = [moment(entry.updated_at, now), device(entry) or what(entry)]
        if entry.next_attempt_at and not entry.state.final and entry.next_attempt_at > now:
            parts[0] = self.tr("try {number} at {time}").format(
                number=len(entry.attempts) + 1, time=f"{entry.next_attempt_at.astimezone():%H:%M:%S}"
            )
        return " · ".join(filter(None, (done(entry), *parts)))
