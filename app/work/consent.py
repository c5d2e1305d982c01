"""The gate before every reading: whether a device may be asked now, and the record of who confirmed it.

What is confirmed is in the audit trail, on the disk, before the first byte goes to a device. It lasts no longer than
the run of the program: one that was ended, however it ended, asks again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Protocol

from app.errors import WorkstationError
from app.provisioning.consent import EMPLOYER, TEXT_VERSION, Consent, Ground
from app.work.events import ConsentChanged, Publish


class ConsentNeeded(WorkstationError):
    """A device was to be read on the command line without word that its owner agreed. Nothing was sent to it."""

    code: ClassVar[str] = "consent.needed"

    def __init__(self, ground: Ground) -> None:
        super().__init__(
            f"The setting consent is {ground}: no device is read before its owner has agreed.",
            remedy="Ask, then repeat with --consent-given; that is written to the audit trail.",
        )


class Note(Protocol):
    """Adds a row to the audit trail and gives its short code; durable when it returns. Raises JournalError."""

    def __call__(self, kind: str, detail: Mapping[str, object], /) -> str: ...


class Consents:
    """`ground`, `operator` and `hours` are the settings in force, asked each time. Safe from any thread."""

    def __init__(
        self,
        *,
        ground: Callable[[], Ground],
        operator: Callable[[], str],
        hours: Callable[[], float],
        note: Note,
        publish: Publish,
        clock: Callable[[], datetime],
    ) -> None:
        self._ground, self._operator, self._hours = ground, operator, hours
        self._note, self._publish, self._clock = note, publish, clock
        self._shift: Consent | None = None
        self._wanted = False
        self._lock = threading.Lock()

    @property
    def ground(self) -> Ground:
        return self._ground()

    @property
    def shift_wanted(self) -> bool:
        """Whether nothing may be read until the shift is confirmed."""
        return self.ground is Ground.PER_SHIFT and self._running() is None

    def now(self, own: Consent | None) -> Consent | None:
        """What a device that was given `own` may be read on now; None where it may not."""
        match self.ground:
            case Ground.EMPLOYER_OWNED:
                return EMPLOYER
            case Ground.PER_SHIFT:
                return self._running()
            case Ground.PER_DEVICE:
                return own

    def without_device(self) -> Consent:
        """What a submission rests on for which no device was read here."""
        return self.now(None) or Consent(self.ground)

    def confirm_shift(self) -> None:
        """The operator has confirmed the words for this shift. Raises JournalError: then nothing is confirmed."""
        given = self.give({})
        with self._lock:
            self._shift = given

    def end_shift(self, why: str) -> None:
        """Nothing more is read on the word given for the shift, if there is one. Raises JournalError."""
        self._end(self._shift, why)

    def _end(self, shift: Consent | None, why: str) -> None:
        with self._lock:
            # Another word may have been given since that one was looked at.
            if shift is None or self._shift is not shift:
                return
            self._shift = None
        self._note("consent-ended", {"ground": shift.ground, "operator": shift.operator, "why": why})

    def look(self) -> bool:
        """End a shift that is over and tell the window when the shift is to be confirmed, or need not be any more."""
        shift = self._shift
        if shift is not None and (why := self._over(shift)):
            self._end(shift, why)
        wanted = self.shift_wanted
        with self._lock:
            changed, self._wanted = wanted is not self._wanted, wanted
        if changed:
            self._publish(ConsentChanged())
        return changed

    def give(self, about: Mapping[str, str]) -> Consent:
        """Write down that the words were confirmed, for the device that `about` tells of. Raises JournalError."""
        ground, operator, at = self.ground, self._operator(), self._clock()
        code = self._note("consent", {"ground": ground, "text": TEXT_VERSION, "operator": operator, **about})
        return Consent(ground, at, operator, code)

    def refuse(self, about: Mapping[str, str]) -> None:
        """Write down that somebody did not agree, or does no longer. Raises JournalError."""
        detail = {"ground": self.ground, "text": TEXT_VERSION, "operator": self._operator()}
        self._note("consent-refused", detail | dict(about))

    def _running(self) -> Consent | None:
        shift = self._shift
        return None if shift is None or self._over(shift) else shift

    def _over(self, shift: Consent) -> str:
        """Why the word given for the shift does not hold any more; "" while it does."""
        if shift.ground is not self.ground:
            return "another setting"
        if shift.operator != self._operator():
            return "another operator"
        # A clock that was set back ends it too: nobody can tell how long ago it was given.
        since = self._clock() - (shift.at or datetime.min.replace(tzinfo=UTC))
        return "" if timedelta(0) <= since < timedelta(hours=self._hours()) else "hours over"
