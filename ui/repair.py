"""What the window offers for a damaged journal: how much of it can be read, and the one action that saves that."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.errors import WorkstationError
from ui.background import run
from ui.bridge import Bridge
from ui.notices import Notice
from ui.theme import Tone

if TYPE_CHECKING:
    from app.assembly import Workstation
    from app.journal.salvage import Damage, Salvaged

DAMAGED = "journal.damaged"
"""The code of the trouble that is dealt with here."""


class Repair(QObject):
    """Speaks through `notice`; the station of `bridge` is opened again once the journal is repaired."""

    def __init__(self, bridge: Bridge, notice: Notice, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._notice = bridge, notice
        self._done: Salvaged | None = None
        bridge.opened.connect(self._opened)

    def offer(self) -> None:
        """Look at how much can be read, then ask."""
        station = self._bridge.made
        if station is None:
            return
        self._notice.tell(Tone.BAD, self.tr("The journal is damaged."), self.tr("Looking at what can be read of it."))
        run(station.damage, lambda damage: self.ask(lambda: self._repair(station), damage), self._failed, self)

    def ask(self, repair: Callable[[], None], damage: Damage) -> None:
        """Say how much can be read, and `repair` at the operator's word."""
        self._notice.ask(
            Tone.BAD,
            self.tr("The journal is damaged. {readable} of {found} submissions can be read.").format(
                readable=damage.readable, found=damage.found
            ),
            self.tr(
                "They will be put into a new journal, {count} of them yet to be sent. The damaged file is kept."
            ).format(count=damage.unfinished),
            self.tr("Save what can be read"),
            repair,
        )

    def _repair(self, station: Workstation) -> None:
        self._notice.tell(Tone.WAIT, self.tr("Saving what can be read."), self.tr("Do not switch the computer off."))
        run(station.repair, self._repaired, self._failed, self)

    def _repaired(self, salvaged: Salvaged | None) -> None:
        self._done = salvaged
        self._bridge.start()

    def _opened(self) -> None:
        if self._done is None:
            return
        done, self._done = self._done, None
        self.told(done)

    def told(self, done: Salvaged) -> None:
        """Say what was saved."""
        self._notice.tell(
            Tone.OK if done.recovered == done.found else Tone.WARN,
            self.tr("{recovered} of {found} submissions were saved; {count} are yet to be sent.").format(
                recovered=done.recovered, found=done.found, count=done.unfinished
            ),
            self.tr("The damaged file is kept as {file}. Tell your supervisor.").format(file=done.kept.name),
            str(done.kept),
        )

    def _failed(self, trouble: WorkstationError) -> None:
        self._notice.tell_error(trouble, self.tr("Try again"), self._bridge.start)
