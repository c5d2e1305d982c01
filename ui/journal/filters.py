"""Which part of the log is shown: by result, by day and by what is searched for."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from msgspec import Struct

from app.journal.records import Query
from ui.journal.meaning import STATES, Shown
from ui.journal.times import midnight


class Days(Enum):
    """How many days back, today among them; None for all."""

    TODAY = 1
    WEEK = 7
    ALL = None


class Filter(Struct, frozen=True):
    """As the bar above the table stands."""

    shown: Shown = Shown.ALL
    days: Days = Days.ALL
    search: str = ""
    operator: str = ""
    """Whose submissions; "" for everybody's."""

    @property
    def narrow(self) -> bool:
        """Whether it leaves anything out."""
        return self != Filter()

    def query(self, now: datetime, shown: Shown | None = None) -> Query:
        """The question to the journal; `shown` asks it for another result under the same days and search."""
        result = shown or self.shown
        return Query(
            states=() if result is Shown.ALL else tuple(sorted(STATES[result])),
            search=self.search.strip(),
            operator=self.operator or None,
            since=None if self.days.value is None else midnight(now, self.days.value - 1),
            # What has been corrected needs nobody any more.
            uncorrected=result is Shown.NEEDS_YOU,
        )
