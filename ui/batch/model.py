"""The batch as a table: place, device, identifier, user, where it stands, and what is to be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.masked import CLEAR_TAIL, mask
from app.work.batch import JOINED_BY, Item
from ui.batch.looks import LOOKS
from ui.kit.small_table import Index, SmallModel
from ui.language.speaking import spoken
from ui.results import Look

PLACE, DEVICE, IDENTIFIER, USER, STANDING, SENTENCE = range(6)


class BatchModel(SmallModel):
    """Reset with each change: a hub has some dozens of places, not a million."""

    def __init__(self, parent: QWidget) -> None:
        titles = [
            self.tr("Place"),
            self.tr("Device"),
            self.tr("Identifier"),
            self.tr("User"),
            self.tr("Result"),
            self.tr("What to do"),
        ]
        super().__init__(titles, IDENTIFIER, parent)
        self.items: list[Item] = []

    def show_items(self, items: list[Item]) -> None:
        if items != self.items:
            self.beginResetModel()
            self.items = items
            self.endResetModel()

    @override
    def look(self, row: int) -> Look:
        return LOOKS[self.items[row].standing]

    @override
    def text(self, row: int, column: int) -> str:
        item = self.items[row]
        texts: dict[int, Callable[[Item], str]] = {
            PLACE: self._place,
            DEVICE: lambda item: item.card.label if item.card else "",
            IDENTIFIER: _identifier,
            USER: _user,
            STANDING: lambda _: self.look(row).word,
            SENTENCE: lambda item: spoken(item.sentence),
        }
        return texts[column](item)

    def _place(self, item: Item) -> str:
        if item.place or item.row is None:
            return item.place
        return self.tr("row {number}").format(number=item.row.number)

    @override
    def count(self) -> int:
        return len(self.items)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == SENTENCE:
            return self.text(index.row(), SENTENCE)
        return super().data(index, role)


def _identifier(item: Item) -> str:
    return next((f"•••{text[-CLEAR_TAIL:]}" for key in JOINED_BY if (text := item.draft.text(key))), "")


def _user(item: Item) -> str:
    named = (item.draft.text(key) for key in ("username", "user_external_id"))
    return next(filter(None, named), "") or mask(item.draft.text("number"))
