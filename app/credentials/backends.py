"""Which keyring each operating system gets, and what its failures mean.

The backend is chosen here and not by keyring itself: its search loses the backends in a frozen program, obeys
PYTHON_KEYRING_BACKEND, and falls back to a plaintext file (keyrings.alt) where nothing else is installed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Protocol

from app.credentials.errors import CredentialsError, CredentialsLocked, CredentialsUnavailable

OUTSIDERS = ("keyrings.", "keyring.backends.chainer", "keyring.backends.fail")
"""Modules refused as backends: keyrings.* holds plaintext files, the chainer would find them, fail keeps nothing."""

LOCKED_KINDS = frozenset({"KeyringLocked", "LockedException", "PromptDismissedException"})
"""Errors of keyring and SecretStorage that mean a locked keyring or a question left unanswered."""

LOCKED_STATUSES = frozenset({-128, -25293, -25308})
"""macOS Security results: userCanceled, errSecAuthFailed, errSecInteractionNotAllowed (SecBase.h)."""

NO_KEYRING_REMEDY = {
    "win32": "Sign in to Windows with a desktop session, then try again.",
    "darwin": "Sign in to the Mac with a desktop session, then try again.",
    "linux": "Start a keyring service such as GNOME Keyring or KWallet, then try again.",
}


class Backend(Protocol):
    """The part of `keyring.backend.KeyringBackend` that is used."""

    def get_password(self, service: str, username: str, /) -> str | None: ...
    def set_password(self, service: str, username: str, password: str, /) -> None: ...
    def delete_password(self, service: str, username: str, /) -> None: ...


def system_backend() -> Backend:
    """The keyring of this operating system; opens nothing yet. Raises whatever its libraries raise."""
    if sys.platform == "win32":
        from keyring.backends.Windows import WinVaultKeyring

        return WinVaultKeyring()  # type: ignore[no-untyped-call] # keyring's class has no types
    if sys.platform == "darwin":
        from keyring.backends.macOS import Keyring

        return Keyring()  # type: ignore[no-untyped-call] # keyring's class has no types
    from app.credentials.secret_service import SecretServiceKeyring

    return SecretServiceKeyring()  # type: ignore[no-untyped-call] # keyring's class has no types


def refuse_outsider(backend: Backend) -> None:
    """Raise CredentialsUnavailable for a backend that would keep the secret in a plain file, or not at all."""
    module = type(backend).__module__
    if module.startswith(OUTSIDERS):
        raise CredentialsUnavailable(
            "The keyring that was chosen does not protect what it keeps.",
            remedy=no_keyring_remedy(),
            detail=f"refused backend {module}",
        )


def translated(error: BaseException) -> CredentialsError:
    """The workstation's error for a failure of the keyring library or of what lies below it."""
    chain = tuple(_chain(error))
    # Class names and status numbers only: a foreign text could repeat what it was handed.
    detail = " < ".join(" ".join([type(link).__name__, *map(str, _statuses(link))]) for link in chain)
    if any(type(link).__name__ in LOCKED_KINDS or LOCKED_STATUSES.intersection(_statuses(link)) for link in chain):
        return CredentialsLocked(
            "The keyring is locked.",
            remedy="Unlock it, or answer the question it shows, then try again.",
            detail=detail,
        )
    return CredentialsUnavailable("No keyring can be reached.", remedy=no_keyring_remedy(), detail=detail)


def no_keyring_remedy() -> str:
    return NO_KEYRING_REMEDY.get(sys.platform, NO_KEYRING_REMEDY["linux"])


def _chain(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    while link is not None:
        yield link
        link = link.__cause__ or link.__context__


def _statuses(error: BaseException) -> list[int]:
    return [argument for argument in error.args if isinstance(argument, int)]
