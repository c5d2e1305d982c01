"""The key of the audit trail: made once a station, kept in the keyring, never shown to anybody."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from app.credentials.errors import CredentialsError
from app.credentials.store import Store
from app.masked import Secret

log = logging.getLogger(__name__)

AUDIT = "audit"
KEYRING_DEADLINE_S = 5.0
"""How long a submission may wait for the keyring; after that it is kept with a row sealed without a key."""

RETRY_S = 300.0
"""Pause after a keyring that did not answer, so that its question does not come up with each submission."""

_LOCK_S = 5.0


class AuditKey:
    """Called for the key. None where the keyring is locked or missing: work goes on, and the rows say so.

    `lock` is a file that keeps two processes from each making a key at the same time. Safe from any thread.
    """

    def __init__(self, store: Store, lock: Path, *, monotonic: Callable[[], float]) -> None:
        self._store = store
        self._lock_path = lock
        self._monotonic = monotonic
        self._turn = threading.Lock()
        self._key: Secret | None = None
        self._retry_at: float | None = None

    def __call__(self) -> Secret | None:
        with self._turn:
            if self._key is None and (self._retry_at is None or self._monotonic() >= self._retry_at):
                self._key = self._loaded()
                self._retry_at = None if self._key else self._monotonic() + RETRY_S
            return self._key

    def _loaded(self) -> Secret | None:
        try:
            return self._store.load() or self._made()
        except (CredentialsError, OSError, Timeout) as trouble:
            log.info("audit rows are sealed without a key: %s", getattr(trouble, "code", type(trouble).__name__))
            return None

    def _made(self) -> Secret:
        with FileLock(self._lock_path, timeout=_LOCK_S):
            # Another process may have made it while this one waited.
            if (kept := self._store.load()) is not None:
                return kept
            made = Secret(secrets.token_urlsafe(32))
            self._store.save(made)
            return made
