"""What a receipt of one submission says. Making one sends nothing: it is read from the journal, and noted there."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from app.journal.records import Entry
from app.masked import Record
from app.provisioning.submission import State

if TYPE_CHECKING:
    # The window asks what has a receipt before the journal's driver is loaded.
    from app.journal.outbox import Journal

STATION_LETTERS = 8


class Receipt(Record, frozen=True):
    """Made `at` by `operator`, "" where nobody is named. `code` is the short code of the audit row that notes it:
    `journal verify CODE` finds it as long as the trail is whole. `station` is the beginning of the station's id."""

    entry: Entry
    at: datetime
    operator: str
    station: str
    code: str

    @property
    def confirmed(self) -> bool:
        """Whether the gate has confirmed the submission: nothing else may look done."""
        return self.entry.state is State.ACCEPTED


def has_receipt(entry: Entry) -> bool:
    """Whether paper is of use: of what was confirmed, and of what waits, which says so. What the gate gave back, or was
    taken back, is dealt with in the log."""
    return entry.state is State.ACCEPTED or not entry.state.final


def receipt(journal: Journal, id: str, at: datetime, *, operator: str, station: str) -> Receipt | None:
    """The receipt of the submission `id` as it stands now, noted in the audit trail; None where there is none.

    Blocks. Raises JournalError.
    """
    entry = journal.entry(id)
    if entry is None:
        return None
    code = journal.note("receipt", {"submission": id, "state": entry.state.value, "operator": operator})
    return Receipt(entry, at, operator, station[:STATION_LETTERS], code)
