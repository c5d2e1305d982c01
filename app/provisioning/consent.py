"""On what ground a device is asked for its identifiers, and what is written down of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

TEXT_VERSION = "1"
"""Of the words below, which are confirmed. Other words are another version."""

DEVICE_TEXT = "Ask the customer: may we read the numbers of this device and its SIM to register it?"
SHIFT_TEXT = "In this shift I plug in only devices whose owners agreed that their numbers and SIM are read."


class Ground(StrEnum):
    """The choices of the setting `consent`."""

    EMPLOYER_OWNED = "employer-owned"
    PER_SHIFT = "per-shift"
    PER_DEVICE = "per-device"


class Consent(Struct, frozen=True):
    """What a reading rests on; its text is kept with the submission.

    `at` and `operator` tell when and before whom it was given, `code` is the short code of its audit row. Without
    `at` nobody was asked: the devices are the employer's, or there was no device to ask for.
    """

    ground: Ground
    at: datetime | None = None
    operator: str = ""
    code: str = ""

    def __str__(self) -> str:
        if self.at is not None:
            return f"{self.ground}, text {TEXT_VERSION}, {self.at:%Y-%m-%dT%H:%M:%SZ}, audit {self.code}"
        return self.ground if self.ground is Ground.EMPLOYER_OWNED else f"{self.ground}, nothing confirmed"


EMPLOYER = Consent(Ground.EMPLOYER_OWNED)
