"""journal: whether it opens and is sound, and whether the queue moves."""

from __future__ import annotations

from collections.abc import Iterator

from app.gate.errors import remedy_for
from app.journal.outbox import Journal
from app.work.doctor.disk import MB
from app.work.doctor.line import Finding, Grade
from app.work.doctor.surroundings import Surroundings
from app.work.keeping import Code, Standing, spoken


def look(surroundings: Surroundings) -> Iterator[Finding]:
    """JournalError is left to the caller: it has its own sentence and remedy."""
    path = surroundings.paths.journal
    if not path.exists():
        yield Finding(Grade.OK, "There is no journal yet; the first submission makes it.")
        return
    standing = surroundings.encryption.standing()
    with surroundings.encryption.alone() as key:
        journal = Journal.open(path, key=key)
    try:
        pending, link = journal.pending_count(), journal.link()
    finally:
        journal.close()
    yield Finding(Grade.OK, f"The journal is sound: {path.stat().st_size / MB:.1f} MB, {pending} to be delivered.")
    yield from _kept(standing)
    if link.pause:
        yield Finding(Grade.WARNING, f"The queue is held: {link.pause.message}", remedy_for(link.pause.code))


def _kept(standing: Standing) -> Iterator[Finding]:
    trouble = spoken(standing)
    if trouble is not None:
        yield Finding(Grade.WARNING, trouble.summary, trouble.remedy)
    elif not standing.encrypted:
        yield Finding(Grade.OK, "It is not encrypted, as the settings ask.")
    elif standing.code is Code.KEPT:
        yield Finding(Grade.OK, "It is encrypted.")
    else:
        yield Finding(
            Grade.WARNING,
            "The journal is encrypted, and nobody has written its recovery code down.",
            "Make one: gate-station journal key new-recovery-code. Without it, a lost keyring is a lost journal.",
        )
