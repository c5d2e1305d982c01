"""Stores of one secret: the keyring of the operating system, and memory."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from enum import StrEnum
from typing import Protocol, TypeVar

from msgspec import Struct

from app.credentials.backends import Backend, refuse_outsider, system_backend, translated
from app.credentials.errors import CredentialsError, CredentialsLocked, CredentialsUnavailable
from app.credentials.shape import check_shape
from app.credentials.worker import Worker
from app.masked import Secret
from app.seams import blocking

T = TypeVar("T")

SERVICE = "gate-station"
TOKEN = "token"  # noqa: S105 - the entry's name
DEADLINE_S = 20.0
"""Long enough to type a password into the keyring's question."""


class Presence(StrEnum):
    """What is known of a kept secret."""

    STORED = "stored"
    MISSING = "missing"
    LOCKED = "locked"
    UNAVAILABLE = "unavailable"


class TokenState(Struct, frozen=True):
    """Whether the secret is there, with one sentence for the operator and the next action ("" where none)."""

    presence: Presence
    summary: str
    remedy: str = ""


class Store(Protocol):
    """Keeps one secret. Each call may raise CredentialsLocked or CredentialsUnavailable, except `status`."""

    def load(self) -> Secret | None: ...
    def save(self, secret: Secret) -> None: ...
    def clear(self) -> None: ...
    def status(self) -> TokenState: ...


class CredentialStore:
    """One secret of one station in the keyring of the operating system.

    The entry carries the station's id as its user name, so that two homes on one computer never share a token.
    Every call runs on a thread of its own and is given up after `deadline_s`.
    """

    def __init__(
        self,
        station_id: str,
        *,
        name: str = TOKEN,
        backend: Callable[[], Backend] = system_backend,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._station_id = station_id
        self._name = name
        # One service a secret: Windows moves entries about when a service name is used by several users.
        self._service = SERVICE if name == TOKEN else f"{SERVICE} {name}"
        self._backend = backend
        self._deadline_s = deadline_s
        self._worker = Worker()

    def load(self) -> Secret | None:
        """The kept secret, or None. Raises CredentialsLocked, CredentialsUnavailable."""
        blocking("keyring read")
        return self._run(self._read)

    def save(self, secret: Secret) -> None:
        """Keep `secret` in place of an older one, and read it back.

        Raises TokenMalformed, TokenTooLong, CredentialsLocked, CredentialsUnavailable.
        """
        blocking("keyring write")
        check_shape(secret, self._name)
        self._run(lambda backend: self._write(backend, secret))

    def clear(self) -> None:
        """Forget the secret; a missing one is no error. Raises CredentialsLocked, CredentialsUnavailable."""
        blocking("keyring delete")
        self._run(self._delete)

    def status(self) -> TokenState:
        """Whether the secret can be read now; never raises for a state of the keyring."""
        try:
            found = self.load()
        except CredentialsLocked as error:
            return TokenState(Presence.LOCKED, error.summary, error.remedy)
        except CredentialsUnavailable as error:
            return TokenState(Presence.UNAVAILABLE, error.summary, error.remedy)
        if found is None:
            return missing(self._name)
        return TokenState(Presence.STORED, f"The {self._name} is in the keyring of this computer.")

    def _run(self, work: Callable[[Backend], T]) -> T:
        def guarded() -> T:
            try:
                backend = self._backend()
                refuse_outsider(backend)
                return work(backend)
            except CredentialsError:
                raise
            except Exception as error:  # backends let errors of D-Bus, pywin32, ctypes and sockets through
                raise translated(error) from error

        return self._worker.run(guarded, self._deadline_s)

    def _read(self, backend: Backend) -> Secret | None:
        text = backend.get_password(self._service, self._station_id)
        return None if text is None else Secret(text)

    def _write(self, backend: Backend, secret: Secret) -> None:
        backend.set_password(self._service, self._station_id, secret.reveal())
        kept = backend.get_password(self._service, self._station_id)
        # keyring's null backend accepts everything and keeps nothing; a cut value would fail at the gate.
        if kept is None or not secrets.compare_digest(kept.encode(), secret.reveal().encode()):
            raise CredentialsUnavailable(
                f"The keyring did not keep the {self._name}.",
                remedy="Check the keyring of this computer, then save again.",
                detail="read back differs",
            )

    def _delete(self, backend: Backend) -> None:
        # Asked first, because deleting a missing entry is an error to every backend.
        if backend.get_password(self._service, self._station_id) is not None:
            backend.delete_password(self._service, self._station_id)


class SessionStore:
    """One secret in memory, gone when the program ends."""

    def __init__(self, *, name: str = TOKEN) -> None:
        self._name = name
        self._secret: Secret | None = None

    def load(self) -> Secret | None:
        return self._secret

    def save(self, secret: Secret) -> None:
        """Raises TokenMalformed, TokenTooLong."""
        check_shape(secret, self._name)
        self._secret = secret

    def clear(self) -> None:
        self._secret = None

    def status(self) -> TokenState:
        if self._secret is None:
            return missing(self._name)
        return TokenState(
            Presence.STORED,
            f"The {self._name} is kept for this session only.",
            "It has to be entered again after the next start.",
        )


def missing(name: str) -> TokenState:
    return TokenState(Presence.MISSING, f"No {name} is stored.", f"Enter the {name} in Settings.")
