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


class KeyMissing(JournalError):
    """The journal is encrypted and its key is not in the keyring; the recovery code opens it."""

    code = "journal.key-missing"


class KeyOutOfReach(JournalError):
    """The journal is encrypted and the keyring that holds its key is locked or cannot be reached now."""

    code = "journal.key-out-of-reach"


class PassphraseWanted(JournalError):
    """The journal opens with a passphrase, and none was given."""

    code = "journal.passphrase-wanted"


class NoPassphrase(JournalError):
    """The settings ask for a passphrase and none was chosen yet; no journal was made."""

    code = "journal.no-passphrase"


class NoKeyring(JournalError):
    """The settings ask for a key in the keyring and no keyring takes it; no journal was made."""

    code = "journal.no-keyring"


class NotEncrypted(JournalError):
    """The journal is in clear: it has no key, and no code that opens it."""

    code = "journal.not-encrypted"
