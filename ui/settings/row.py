"""One setting on the page: what it is, its input, and what is wrong with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QLabel, QWidget

from app.settings import Setting, Settings, Value
from ui.fonts import Type
from ui.kit.note import Note, NoteLine
from ui.kit.style import REST, column, restyle, row
from ui.kit.text import Text
from ui.language.speaking import spoken
from ui.settings.inputs import make_input
from ui.theme import Tone

LABEL = 232
"""The width of the label's column, in pixels at 100 %."""


class SettingRow(QWidget):
    """`edited` follows each edit by hand, with the key and the value as the input has it."""

    edited = Signal(str, object)

    def __init__(self, setting: Setting, settings: Settings) -> None:
        super().__init__()
        self.setting = setting
        self.input = make_input(setting)
        self._showing = False
        label = QLabel(spoken(setting.label))
        label.setFont(Type.BODY_STRONG.font())
        label.setBuddy(self.input.focus)
        label.setWordWrap(True)
        help_line = Text(spoken(setting.help), Type.SMALL, "muted", wrap=True)
        self._problem, self._edited, self._lock = NoteLine(), NoteLine(), NoteLine()
        words = QWidget()
        words.setLayout(column(label, help_line, gap=2, edge=(0, 6, 0, 0)))
        words.setFixedWidth(LABEL)
        side = QWidget()
        side.setLayout(column(self.input.widget, self._problem, self._edited, self._lock, REST, gap=4))
        box = row(words, side, gap=16)
        box.setStretch(1, 1)
        box.setAlignment(words, Qt.AlignmentFlag.AlignTop)
        self._box: QBoxLayout = box
        self.setLayout(box)
        self.input.focus.setAccessibleName(spoken(setting.label))
        self.show_settings(settings)
        self.show_edit()
        self.input.changed.connect(self._tell)

    def _tell(self) -> None:
        if not self._showing:
            self.edited.emit(self.setting.key, self.input.read())

    def show_settings(self, settings: Settings) -> None:
        """Show the value in force; the policy of this computer, or an override of this run, locks the row."""
        key = self.setting.key
        self.show_value(settings.value(key))
        why = ""
        if settings.fixed(key):
            why = self.tr("Fixed by the administrator of this computer.")
        elif settings.overridden(key):
            why = self.tr("Set for this run on the command line.")
        self.input.widget.setEnabled(not why)
        self._lock.say(Note(why, "lock"))

    def show_value(self, value: Value) -> None:
        """Put a value into the input; no edit follows from it."""
        self._showing = True
        self.input.write(value)
        self._showing = False

    def show_edit(self, *, edited: bool = False, problem: str = "") -> None:
        """Say at the row, to the eye and to a screen reader, what is wrong with it, else whether it is to be saved."""
        mark = self.tr("Changed, not saved yet") if edited and not problem else ""
        self._problem.say(Note(problem, "circle-alert", Tone.BAD))
        self._edited.say(Note(mark, "pencil", Tone.ACCENT))
        restyle(self.input.focus, "problem", "bad" if problem else "")
        self.input.focus.setAccessibleDescription(f"{problem or mark} {spoken(self.setting.help)}".strip())
