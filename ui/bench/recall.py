"""What the gate last confirmed of the record in hand, asked of the journal once the operator pauses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.errors import WorkstationError
from app.provisioning.draft import Draft
from ui.background import run

if TYPE_CHECKING:
    from app.assembly import Workstation

PAUSE_MS = 150
"""After the last key, before the journal is asked."""


class Recall(QObject):
    """`known` is what was confirmed, by field. Emits `changed` when it is something else, `failed(WorkstationError)`.

    An answer about a draft that is no longer in hand is dropped.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, draft: Callable[[], Draft], parent: QObject) -> None:
        super().__init__(parent)
        self.known: Mapping[str, str] = {}
        self._draft = draft
        self._station: Workstation | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._ask)

    def attach(self, station: Workstation) -> None:
        self._station = station

    def begin(self) -> None:
        """The draft changed: ask after a pause."""
        self._pause.start()

    def forget(self) -> None:
        """Another record is in hand."""
        self.known = {}

    def _ask(self) -> None:
        if (station := self._station) is not None:
            draft = self._draft()
            run(lambda: station.last_known(draft), lambda known: self._recalled(draft, known), self._failed, self)

    def _failed(self, trouble: WorkstationError) -> None:
        self.failed.emit(trouble)

    def _recalled(self, draft: Draft, known: Mapping[str, str]) -> None:
        if draft == self._draft() and dict(known) != dict(self.known):
            self.known = known
            self.changed.emit()
