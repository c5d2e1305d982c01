"""A headline of several short statements, each in its own tone."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from ui.fonts import Type
from ui.kit.style import row
from ui.kit.text import Text
from ui.theme import Tone


class Parts(QWidget):
    """In a line with dots between; what is wrong stands out, also without its colour."""

    def __init__(self, face: Type = Type.BODY, strong: Type = Type.BODY_STRONG, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._face, self._strong = face, strong
        self._row = row(gap=6)
        self.setLayout(self._row)

    def say(self, parts: Sequence[tuple[str, Tone]]) -> None:
        """Show these instead of what stood there."""
        while item := self._row.takeAt(0):
            if widget := item.widget():
                # At once: until it is deleted it would lie beneath what takes its place.
                widget.hide()
                widget.deleteLater()
        for index, (text, tone) in enumerate(parts):
            if index:
                self._row.addWidget(Text("·", self._face, "muted"))
            face = self._strong if tone is Tone.BAD else self._face
            self._row.addWidget(Text(text, face, "muted" if tone is Tone.NEUTRAL else str(tone)))
