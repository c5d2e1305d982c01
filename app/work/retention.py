"""Removing what the retention setting no longer keeps: at the start, and daily in a window left open for weeks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

EVERY = timedelta(days=1)


class Retention:
    """`days` is the setting in force, 0 to keep all; `purge` removes what was accepted before a time."""

    def __init__(
        self, purge: Callable[[datetime], int], *, days: Callable[[], float], now: Callable[[], datetime]
    ) -> None:
        self._purge, self._days, self._now = purge, days, now
        self._last: datetime | None = None

    def due(self) -> bool:
        """Whether a day has passed since the last time; also after the clock was set back."""
        return self._last is None or not timedelta(0) <= self._now() - self._last < EVERY

    def run(self) -> int:
        """Remove what is too old and give how many there were. Raises JournalError; it is due again a day later."""
        self._last = self._now()
        days = self._days()
        return self._purge(self._last - timedelta(days=days)) if days else 0
