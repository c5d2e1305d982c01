"""Keeping the draft in hand in the journal, from where the station delivers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.errors import WorkstationError
from app.work.cards import seen
from ui.background import run
from ui.bench.desk import Desk

if TYPE_CHECKING:
    from app.assembly import Workstation
    from app.provisioning.submission import Submission


class Sending(QObject):
    """One draft at a time. Emits `saved(key, Submission)` once it is on the disk, with the key of its device or None,
    and `failed(WorkstationError)` where it could not be kept."""

    saved = Signal(object, object)
    failed = Signal(object)

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self.busy = False
        self._key: str | None = None

    def holds(self, key: str | None) -> bool:
        """Whether the draft of this device, or that of none, is being kept right now."""
        return self.busy and key == self._key

    def send(self, station: Workstation) -> None:
        """Keep the draft in hand as it is now."""
        draft, replaces = self._desk.draft, self._desk.replaces
        key, card = self._desk.current, self._desk.card
        device, consent = seen(card), card.consent if card else None
        self.busy, self._key = True, key
        run(
            lambda: station.submit(draft, device=device, consent=consent, replaces=replaces),
            lambda submission: self._saved(key, submission),
            self._failed,
            self,
        )

    def _saved(self, key: str | None, submission: Submission) -> None:
        self.busy = False
        self.saved.emit(key, submission)

    def _failed(self, trouble: WorkstationError) -> None:
        self.busy = False
        self.failed.emit(trouble)
