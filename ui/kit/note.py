"""What stands below an input: what is wrong with it, or what becomes of its value."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.fonts import Type
from ui.icons import SMALL, Icon
from ui.kit.style import row
from ui.kit.text import Text
from ui.theme import Role, Tone


class Note(Struct, frozen=True):
    """A small sentence below an input, with its icon."""

    text: str
    icon: str
    tone: Tone = Tone.NEUTRAL


NO_NOTE = Note("", "info")


class NoteLine(QWidget):
    """An icon and a small sentence; takes no room while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = Icon("info", Role.MUTED, SMALL)
        self._text = Text("", Type.SMALL, "muted", wrap=True)
        box = row(self._icon, self._text, gap=5)
        box.setStretch(1, 1)
        box.setAlignment(self._icon, Qt.AlignmentFlag.AlignTop)
        self.setLayout(box)

    def text(self) -> str:
        return self._text.text()

    def say(self, note: Note) -> None:
        self._icon.show_icon(note.icon, note.tone.ink)
        self._text.set_tone("muted" if note.tone is Tone.NEUTRAL else note.tone)
        self._text.setText(note.text)
        self.setVisible(bool(note.text))
