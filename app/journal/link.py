"""The link to the gate as the journal keeps it: back-off, the breaker, and the pause of the queue. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from app.provisioning.outcome import RECALLED, Outcome, Result

BREAKER_AFTER = 5
"""Failures in a row after which everything waits and one goes ahead to probe; see `after` for what counts."""

_ANSWERED = frozenset({Result.ACCEPTED, Result.REJECTED, Result.CONFLICT, Result.HELD})
_CLOSES = frozenset({Result.BUSY, Result.UNREACHABLE, Result.UNKNOWN})
_OFFLINE = frozenset({Result.UNREACHABLE, Result.UNKNOWN})


class Backoff(Struct, frozen=True):
    """Exponential with full jitter: a random part of `initial_s` doubled at each failure, at most `max_s`.

    `random` gives 0 to 1. Source: "Exponential Backoff And Jitter", AWS Architecture Blog.
    """

    initial_s: float
    max_s: float
    random: Callable[[], float]

    def delay_s(self, failures: int, retry_after_s: float | None = None) -> float:
        """The wait after `failures` in a row (1 for the first); what the gate asked for goes before the formula."""
        if retry_after_s:
            return retry_after_s
        # 2 to the 32nd exceeds every maximum; beyond it the power would only overflow.
        doubled: float = self.initial_s * 2 ** min(max(failures - 1, 0), 32)
        return self.random() * min(self.max_s, doubled)


class Route(Struct, frozen=True):
    """How the gate was asked: its address, and which token in the row of those the station has had."""

    base_url: str
    token_generation: int


class Pause(Struct, frozen=True):
    """Why the queue stands: the gate refused the station, not a submission. Ends when the route changes."""

    code: str
    message: str
    base_url: str
    token_generation: int
    since: datetime

    @property
    def route(self) -> Route:
        return Route(self.base_url, self.token_generation)


class Link(Struct, frozen=True):
    """`failures` in a row, the last at `changed_at`; `next_probe_at` is when the next attempt may go out, None for
    at once.

    `offline_since` is set while the gate gives no answer; `code` and `message` are the last trouble's.
    """

    failures: int = 0
    failed_id: str | None = None
    offline_since: datetime | None = None
    next_probe_at: datetime | None = None
    changed_at: datetime | None = None
    code: str = ""
    message: str = ""
    pause: Pause | None = None

    @property
    def online(self) -> bool:
        return self.offline_since is None

    def open_at(self, now: datetime) -> bool:
        """Whether an attempt may go out. A clock set back behind the start of the wait ends it."""
        return self.pause is None and (
            self.next_probe_at is None
            or self.next_probe_at <= now
            or (self.changed_at is not None and self.changed_at > now)
        )


def after(
    link: Link, outcome: Outcome, id: str, now: datetime, *, began: datetime | None, route: Route, backoff: Backoff
) -> Link:
    """The link after an attempt of submission `id` that `began` then, None for one that ended with the one before it.
    Only a HELD outcome pauses, and only an answer resets.

    A FAILED outcome is the submission's own trouble until several in a row had it; the same one failing again
    says nothing new of the gate, and a RECALLED one, which never went out, says nothing at all. Nor do attempts
    that were under way when the last trouble came: together they count once, and the longest of their waits holds.
    """
    result = outcome.result
    if outcome.code == RECALLED:
        return link
    if result in _ANSWERED:
        pause = link.pause
        if result is Result.HELD:
            pause = Pause(outcome.code, outcome.message, route.base_url, route.token_generation, now)
        return Link(pause=pause)
    repeated = result is Result.FAILED and link.failed_id == id
    together = link.failures > 0 and link.changed_at is not None and (began is None or began < link.changed_at <= now)
    failures = link.failures + (0 if repeated or together else 1)
    closes = result in _CLOSES or bool(outcome.retry_after_s) or failures >= BREAKER_AFTER
    probe_at = now + timedelta(seconds=backoff.delay_s(failures, outcome.retry_after_s)) if closes else None
    if together and link.next_probe_at is not None:
        probe_at = max(probe_at or link.next_probe_at, link.next_probe_at)
    offline_since = link.offline_since
    if result in _OFFLINE:
        offline_since = offline_since or now
    elif result is Result.BUSY:
        offline_since = None
    return replace(
        link,
        failures=failures,
        failed_id=id,
        offline_since=offline_since,
        next_probe_at=probe_at,
        changed_at=now,
        code=outcome.code,
        message=outcome.message,
    )
