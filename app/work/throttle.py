"""How many requests a second go out at most."""

from __future__ import annotations

from collections.abc import Callable


class Bucket:
    """A token bucket: at most `rate_per_s` on average (0: no limit), a second's worth at once. `monotonic` gives
    seconds."""

    def __init__(self, rate_per_s: float, monotonic: Callable[[], float]) -> None:
        self._rate = rate_per_s
        self._size = max(1.0, rate_per_s)
        self._monotonic = monotonic
        self._level = self._size
        self._filled_at = monotonic()

    def wait_s(self) -> float:
        """Seconds until one may be taken; 0 for at once."""
        return max(0.0, (1 - self._filled()) / self._rate) if self._rate else 0.0

    def room(self, most: int) -> int:
        """How many of `most` may be taken now."""
        return min(most, int(self._filled())) if self._rate else most

    def take(self, count: int = 1) -> None:
        self._level -= count

    def _filled(self) -> float:
        now = self._monotonic()
        self._level = min(self._size, self._level + (now - self._filled_at) * self._rate)
        self._filled_at = now
        return self._level
