"""journal: whether it opens and is sound, and whether the queue moves."""

from __future__ import annotations

from collections.abc import Iterator

from app.gate.errors import remedy_for
from app.journal.outbox import Journal
from app.work.doctor.disk import MB
from app.work.doctor.line import Finding, Grade
from app.work.doctor.surroundings import Surroundings


def look(surroundings: Surroundings) -> Iterator[Finding]:
    """JournalError is left to the caller: it has its own sentence and remedy."""
    path = surroundings.paths.journal
    if not path.exists():
        yield Finding(Grade.OK, "There is no journal yet; the first submission makes it.")
        return
    journal = Journal.open(path)
    try:
        pending, link = journal.pending_count(), journal.link()
    finally:
        journal.close()
    yield Finding(Grade.OK, f"The journal is sound: {path.stat().st_size / MB:.1f} MB, {pending} to be delivered.")
    if link.pause:
        yield Finding(Grade.WARNING, f"The queue is held: {link.pause.message}", remedy_for(link.pause.code))
