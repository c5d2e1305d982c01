"""Times as an operator reads them: in the station's own time zone, as short as they can be understood."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QLocale

A_MINUTE_MS = 60_000
A_SECOND_MS = 1000


def moment(at: datetime, now: datetime) -> str:
    """`14:02` today, `12 Nov 14:02` this year, else `12 Nov 2025 14:02`. Both times are aware."""
    local, today = at.astimezone(), now.astimezone()
    if local.date() == today.date():
        return f"{local:%H:%M}"
    day = date(at, now)
    return f"{day} {local:%H:%M}"


def brief(at: datetime, now: datetime) -> str:
    """`moment` for a list, where a day of another year is enough."""
    return moment(at, now) if at.astimezone().year == now.astimezone().year else date(at, now)


def date(at: datetime, now: datetime) -> str:
    """`12 Nov`, with its year where that is not this one."""
    local = at.astimezone()
    month = QLocale().monthName(local.month, QLocale.FormatType.ShortFormat)
    year = "" if local.year == now.astimezone().year else f" {local.year}"
    return f"{local.day} {month}{year}"


def second(at: datetime, now: datetime) -> str:
    """`moment` with its seconds: attempts may lie close together."""
    return f"{moment(at, now)}:{at.astimezone():%S}"


def midnight(now: datetime, days_ago: int = 0) -> datetime:
    """When the day began that many days ago, by the station's clock."""
    day = now.astimezone().date() - timedelta(days=days_ago)
    # A naive time takes the offset of its own day, which is not today's after a change to summer time.
    return datetime(day.year, day.month, day.day).astimezone()


def lasted(ms: int) -> str:
    """`180 ms`, `2.4 s`, `3 min`."""
    if ms < A_SECOND_MS:
        return f"{ms} ms"
    return f"{ms / A_SECOND_MS:.1f} s" if ms < A_MINUTE_MS else f"{ms // A_MINUTE_MS} min"
