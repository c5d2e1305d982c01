"""Tells of each pause of the queue once, with the way out; goes when sending goes on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.journal.link import Pause
from ui.language.speaking import spoken
from ui.notices import Notice
from ui.theme import Tone


class PauseNotice(QObject):
    """`renew` leads to a new token, `mend` to the settings."""

    def __init__(
        self, notice: Notice, renew: Callable[[], None], mend: Callable[[], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._notice, self._renew, self._mend = notice, renew, mend
        self._told: Pause | None = None

    def show(self, pause: Pause | None) -> None:
        """The queue stands for this, or no more."""
        before, self._told = self._told, pause
        if pause is None:
            if before is not None:
                self._notice.retract(spoken(before.message))
        elif pause != before:
            self._tell(pause)

    def _tell(self, pause: Pause) -> None:
        from app.gate.errors import Forbidden, TokenRefused

        since = self.tr("Sending has stood still since {time}; everything is kept.").format(
            time=f"{pause.since.astimezone():%H:%M}"
        )
        if pause.code in {TokenRefused.code, Forbidden.code}:
            action, way = self.tr("Enter a new token"), self._renew
            rest = self.tr("With a new token it goes on, and nothing has to be typed again.")
        else:
            action, way = self.tr("Open the settings"), self._mend
            rest = self.tr("With the right address it goes on, and nothing has to be typed again.")
        self._notice.offer(Tone.BAD, spoken(pause.message), f"{since} {rest}", action, way)
