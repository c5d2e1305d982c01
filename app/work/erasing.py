"""Finding and erasing a person by what they are known by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from app.journal import reading
from app.journal.outbox import Journal
from app.journal.records import Entry
from app.journal.salvage import damaged_copies

_GROUPING = re.compile(r"[\s().\-/]")


class Erased(Struct, frozen=True):
    """How many submissions were erased; `damaged` are kept files of an earlier journal, which still hold values."""

    count: int
    damaged: tuple[Path, ...]


def find(journal: Journal, text: str, keys: Sequence[str] = reading.PERSON) -> list[Entry]:
    """All submissions in which one of `keys` is `text`, as typed or without the gaps people write into numbers."""
    found: dict[str, Entry] = {}
    for form in dict.fromkeys((text.strip(), _GROUPING.sub("", text))):
        if form:
            found |= {entry.id: entry for entry in journal.find_person(form, keys)}
    return sorted(found.values(), key=lambda entry: entry.seq, reverse=True)


def erase(journal: Journal, path: Path, ids: Sequence[str], *, operator: str) -> Erased:
    """Take every personal value out of these and write down that it was done, by whom, and to how many.

    Raises NotErasable, JournalError.
    """
    return Erased(journal.erase(ids, by=operator), tuple(damaged_copies(path)))
