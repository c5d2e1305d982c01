"""Times as the journal keeps them: ISO 8601 in UTC, of one width, so that texts sort as times do."""

from __future__ import annotations

from datetime import UTC, datetime


def text_of(moment: datetime) -> str:
    """`2026-11-22T01:59:04.123456Z`. The moment carries its zone."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


moment_of = datetime.fromisoformat
"""The moment, with its zone, that such a text says; as the zone is UTC, `Z` will do for it."""


def maybe_text(moment: datetime | None) -> str | None:
    return None if moment is None else text_of(moment)


def maybe_moment(text: str | None) -> datetime | None:
    return None if text is None else moment_of(text)
