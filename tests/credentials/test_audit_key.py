"""The key of the audit trail: made once, the same for every process, and never in the way of work."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from app.credentials.audit_key import RETRY_S, AuditKey
from app.credentials.errors import CredentialsLocked
from app.credentials.store import CredentialStore, SessionStore
from app.masked import Secret
from tests.peers.submissions import Clock


class Locked(SessionStore):
    """A store that its owner has locked until told otherwise."""

    locked = True
    asked = 0

    def load(self) -> Secret | None:
        self.asked += 1
        if self.locked:
            raise CredentialsLocked("The keyring is locked.", remedy="Unlock it.")
        return super().load()


def test_it_is_made_once_and_kept(tmp_path: Path) -> None:
    store = SessionStore(name="audit")
    keys = [AuditKey(store, tmp_path / "lock", monotonic=Clock().monotonic)() for _ in range(2)]
    assert keys[0] is not None
    assert keys[0] == keys[1] == store.load()
    assert len(keys[0].reveal()) == 43


def test_two_that_start_at_once_agree(tmp_path: Path) -> None:
    store, found = SessionStore(name="audit"), []
    gate = threading.Barrier(4)

    def ask() -> None:
        key = AuditKey(store, tmp_path / "lock", monotonic=Clock().monotonic)
        gate.wait()
        found.append(key())

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert set(found) == {store.load()}


def test_a_locked_keyring_is_asked_again_after_a_while_only(tmp_path: Path) -> None:
    store, clock = Locked(name="audit"), Clock()
    key = AuditKey(store, tmp_path / "lock", monotonic=clock.monotonic)
    assert key() is None
    assert key() is None
    assert store.asked == 1
    store.locked = False
    clock.passed_s = RETRY_S
    made = key()
    assert made is not None
    assert key() == made
    assert made.reveal() not in repr(key)


def test_no_keyring_is_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    assert AuditKey(CredentialStore("a", name="audit"), tmp_path / "lock", monotonic=Clock().monotonic)() is None


def test_a_lock_that_cannot_be_made_is_no_key(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert AuditKey(SessionStore(), tmp_path / "file" / "lock", monotonic=Clock().monotonic)() is None
