"""Where the station keeps its token: the keyring, or memory where no keyring works."""

from __future__ import annotations

from enum import StrEnum

from app.credentials.errors import CredentialsUnavailable
from app.credentials.store import Presence, SessionStore, Store, TokenState
from app.masked import Secret


class Where(StrEnum):
    """Where a secret is, or would be put."""

    KEYRING = "keyring"
    SESSION = "this session only"


class Vault:
    """The keyring in front, memory behind it.

    A locked keyring is never bypassed silently: its owner can unlock it, and a copy in memory would hide that.
    `keyring=None` keeps the secret in memory only: the training station, which must not touch a real token.
    """

    def __init__(self, keyring: Store | None, *, session: SessionStore | None = None) -> None:
        self._keyring = keyring
        self._session = session or SessionStore()
        self._where = Where.SESSION if keyring is None else Where.KEYRING

    @property
    def where(self) -> Where:
        """As the last call found it; the keyring until it has been seen missing."""
        return self._where

    def load(self) -> Secret | None:
        """The token in use, or None; one that was entered for this session goes first. Raises CredentialsLocked."""
        held = self._session.load()
        if held is not None or self._keyring is None:
            return held
        try:
            found = self._keyring.load()
        except CredentialsUnavailable:
            self._where = Where.SESSION
            return None
        self._where = Where.KEYRING
        return found

    def save(self, secret: Secret) -> Where:
        """Keep `secret` and say where. Raises TokenMalformed, TokenTooLong, CredentialsLocked."""
        if self._keyring is not None:
            try:
                self._keyring.save(secret)
            except CredentialsUnavailable:
                self._where = Where.SESSION
            else:
                self._session.clear()
                self._where = Where.KEYRING
                return self._where
        self._session.save(secret)
        return self._where

    def save_for_session(self, secret: Secret) -> None:
        """Keep `secret` in memory only, by the operator's choice: the way on when a keyring stays locked.

        Raises TokenMalformed, TokenTooLong.
        """
        self._session.save(secret)
        self._where = Where.SESSION

    def clear(self) -> None:
        """Forget the token everywhere. Raises CredentialsLocked when the keyring's copy could not be reached."""
        self._session.clear()
        if self._keyring is None:
            return
        try:
            self._keyring.clear()
        except CredentialsUnavailable:
            self._where = Where.SESSION
        else:
            self._where = Where.KEYRING

    def status(self) -> TokenState:
        """Whether a token is there, and where; never raises for a state of the keyring."""
        held = self._session.status()
        if held.presence is Presence.STORED or self._keyring is None:
            return held
        state = self._keyring.status()
        self._where = Where.SESSION if state.presence is Presence.UNAVAILABLE else Where.KEYRING
        return state
