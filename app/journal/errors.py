"""What can go wrong with the journal, in words an operator can act on."""

from __future__ import annotations

from app.errors import WorkstationError


class JournalError(WorkstationError):
    """Any trouble with the journal."""

    code = "journal.error"


class JournalUnusable(JournalError):
    """The file is damaged, not a journal, of a newer version, or may not be opened."""

    code = "journal.unusable"


class JournalDamaged(JournalUnusable):
    """The file is a journal and parts of it cannot be read; what can be read can be saved."""

    code = "journal.damaged"


class NotErasable(WorkstationError):
    """Some of what was to be erased is not final yet; nothing was erased."""

    code = "journal.not-erasable"


class NewerJournal(JournalUnusable):
    """The file was written by a newer version of the program; it is not damaged."""


class StepFailed(JournalUnusable):
    """A schema step did not run; the file is as it was, and `remedy` names the backup."""

    code = "journal.step-failed"


class JournalFull(JournalError):
    """The disk is full: what was being written is not kept, all before it is."""

    code = "journal.full"


class DiskRefused(JournalFull):
    """The system did not take or give what the journal needs; SQLite does not tell a quota from a failing disk."""

    code = "journal.disk"


class JournalBusy(JournalError):
    """Another program held the file for longer than a write waits."""

    code = "journal.busy"


class LeaseLost(JournalError):
    """Another process has taken over delivery; this one must not write what its attempt came to."""

    code = "journal.lease-lost"
