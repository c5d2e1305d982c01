"""What can go wrong with a kept secret, in words an operator can act on."""

from __future__ import annotations

from app.errors import WorkstationError


class CredentialsError(WorkstationError):
    """Any trouble with the keyring or with a secret that should go there."""

    code = "credentials.error"


class CredentialsLocked(CredentialsError):
    """A keyring is there but waits for its owner; the same call may work later."""

    code = "credentials.locked"


class CredentialsUnavailable(CredentialsError):
    """No keyring that can be trusted with a secret; the session is the only place left."""

    code = "credentials.unavailable"


class TokenTooLong(CredentialsError):
    """The secret is longer than every supported keyring can keep."""

    code = "credentials.token-too-long"


class TokenMalformed(CredentialsError):
    """The secret is empty or has characters that no HTTP bearer token has."""

    code = "credentials.token-malformed"


class CodeMisspelt(CredentialsError):
    """What was typed cannot be a recovery code."""

    code = "credentials.code-misspelt"


class PassphraseWeak(CredentialsError):
    """The passphrase is too short to protect anything."""

    code = "credentials.passphrase-weak"


class KeyNotOpened(CredentialsError):
    """A recovery code or a passphrase is not the one that the key lies under."""

    code = "credentials.key-not-opened"


class KeyFileUnusable(CredentialsError):
    """The file of sealed keys cannot be read or written."""

    code = "credentials.key-file"
