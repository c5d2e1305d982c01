"""One submission, masked: enough to recognise it, too little to read it off the screen."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QWidget

from app.journal.records import Entry
from ui.fonts import Type
from ui.journal.description import describe
from ui.kit.chip import Chip
from ui.kit.style import column, row
from ui.kit.text import Cut
from ui.results import look
from ui.theme import Role

CHIP = 160
MASKED = ("imei", "iccid", "number", "username", "user_external_id")


class KnownRow(QWidget):
    """Title, time, masked values and `why` at the left, what became of it at the right."""

    def __init__(self, entry: Entry, now: datetime, why: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        said = describe(entry, now, reveal=False)
        values = entry.to_json(reveal=False)["fields"]
        shown = "  ".join(str(values[key]) for key in MASKED if values.get(key))
        state = look(entry.state, entry.kind)
        chip = Chip(state.word, state.icon, state.tone)
        chip.say(state.word, state.icon, state.tone)
        aside = row(chip)
        aside.addStretch(1)
        words = column(
            Cut(said.title, Type.BODY_STRONG),
            Cut(said.subtitle, Type.SMALL, Role.MUTED),
            Cut(shown, Type.MONO_SMALL, Role.MUTED),
            *([Cut(why, Type.SMALL)] if why else []),
            gap=2,
        )
        side = QWidget()
        side.setFixedWidth(CHIP)
        side.setLayout(aside)
        box = row(words, side, gap=12, edge=(0, 8, 0, 8))
        box.setStretch(0, 1)
        self.setLayout(box)
        self.setAccessibleName(f"{said.title}, {said.subtitle}, {state.word}. {why}".removesuffix(". "))
