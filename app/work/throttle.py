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

    @property
    def limited(self) -> bool:
        """Whether there is a rate to keep."""
        return bool(self._rate)

    def wait_s(self) -> float:
        """Seconds until one may be taken; 0 for at once."""
        if not self._rate:
            return 0.0
        now = self._monotonic()
        self._level = min(self._size, self._level + (now - self._filled_at) * self._rate)
        self._filled_at = now
        return max(0.0, (1 - self._level) / self._rate)

    def take(self) -> None:
        self._level -= 1
