"""The line in which the name of a place is typed, on the card itself."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget
from typing_extensions import override

from app.modem.places import LONGEST
from ui.fonts import Type


class PlaceEdit(QLineEdit):
    """Emits `entered(name)` on Enter, `left` on Escape."""

    entered = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(Type.HEADING.font())
        self.setMaxLength(LONGEST)
        self.setAccessibleName(self.tr("Name of this place"))
        self.setAccessibleDescription(self.tr("Enter keeps it, Escape leaves it as it was."))
        self.setPlaceholderText(self.tr("No name"))

    def begin(self, name: str) -> None:
        """Show the line with `name` in it, selected, so that typing replaces it."""
        self.setText(name)
        self.selectAll()
        self.show()

    @override
    def event(self, event: QEvent) -> bool:
        # Taken before the window's own Escape, which leaves the card.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            self.entered.emit(self.text().strip())
        else:
            super().keyPressEvent(event)
