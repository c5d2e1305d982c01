"""Every way a keyring can fail, against a real one: missing bus, missing service, locked, silent."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.credentials.backends import translated
from app.credentials.errors import CredentialsError, CredentialsLocked, CredentialsUnavailable
from app.credentials.store import CredentialStore, Presence, SessionStore
from app.credentials.vault import Vault, Where
from app.masked import Secret
from tests.peers.keyring import PrivateBus, PrivateKeyring, unlocked_keyring

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the real keyring of the tests is GNOME's")

TOKEN = Secret("gst_live_3f9c1e7a.canary")
DEADLINE_S = 5.0


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateBus]:
    bus = PrivateBus(tmp_path)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
    yield bus
    bus.stop()


@pytest.fixture
def keyring(bus: PrivateBus, tmp_path: Path) -> Iterator[PrivateKeyring]:
    keyring = PrivateKeyring(bus, tmp_path / "home")
    yield keyring
    keyring.stop()


@pytest.fixture
def locked(bus: PrivateBus, tmp_path: Path) -> Iterator[PrivateKeyring]:
    """A keyring that has the token, started again without its password."""
    first = PrivateKeyring(bus, tmp_path / "home")
    CredentialStore("station-a").save(TOKEN)
    first.stop()
    keyring = PrivateKeyring(bus, tmp_path / "home", unlocked=False)
    yield keyring
    keyring.stop()


def a_store() -> CredentialStore:
    return CredentialStore("station-a", deadline_s=DEADLINE_S)


def refusals(store: CredentialStore) -> list[CredentialsError]:
    """What load, save and clear raise."""
    found = []
    for call in (store.load, lambda: store.save(TOKEN), store.clear):
        with pytest.raises(CredentialsError) as caught:
            call()
        found.append(caught.value)
    return found


def assert_unavailable(store: CredentialStore) -> None:
    assert {type(error) for error in refusals(store)} == {CredentialsUnavailable}
    state = store.status()
    assert state.presence is Presence.UNAVAILABLE
    assert state.remedy


def assert_locked(store: CredentialStore) -> None:
    errors = refusals(store)
    assert {type(error) for error in errors} == {CredentialsLocked}
    assert not any("canary" in f"{error!r}{error}{error.detail}" for error in errors)
    state = store.status()
    assert state.presence is Presence.LOCKED
    assert state.remedy


def test_no_bus_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    assert_unavailable(a_store())


def test_a_dead_bus(bus: PrivateBus) -> None:
    bus.stop()
    assert_unavailable(a_store())


def test_an_address_that_makes_no_sense(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "nonsense")
    assert_unavailable(a_store())


@pytest.mark.usefixtures("bus")
def test_a_bus_without_a_keyring() -> None:
    assert_unavailable(a_store())


@pytest.mark.usefixtures("locked")
def test_a_locked_keyring() -> None:
    assert_locked(a_store())


def test_a_keyring_that_was_never_set_up(bus: PrivateBus, tmp_path: Path) -> None:
    keyring = PrivateKeyring(bus, tmp_path / "home", unlocked=False)
    try:
        assert_locked(a_store())
    finally:
        keyring.stop()


def test_a_keyring_that_waits_for_its_owner_is_given_up_and_asked_again_later(keyring: PrivateKeyring) -> None:
    keyring.freeze()
    store = CredentialStore("station-a", deadline_s=0.2)
    with pytest.raises(CredentialsLocked, match="no answer in time"):
        store.save(TOKEN)
    assert store.status().presence is Presence.LOCKED
    keyring.thaw()
    assert a_store().status().presence in {Presence.STORED, Presence.MISSING}


def test_a_question_on_the_screen_is_never_joined_by_a_second(keyring: PrivateKeyring) -> None:
    keyring.freeze()
    store = CredentialStore("station-a", deadline_s=0.2)
    for call in (lambda: store.save(TOKEN), lambda: store.save(Secret("newer")), store.load):
        with pytest.raises(CredentialsLocked):
            call()
    waiting = [thread for thread in threading.enumerate() if thread.name == "keyring"]
    assert len(waiting) == 1
    assert waiting[0].daemon
    keyring.thaw()
    waiting[0].join()
    assert a_store().load() == TOKEN


def test_a_keyring_that_dies_and_comes_back(bus: PrivateBus, tmp_path: Path) -> None:
    first = PrivateKeyring(bus, tmp_path / "home")
    a_store().save(TOKEN)
    first.stop()
    assert a_store().status().presence is Presence.UNAVAILABLE
    second = PrivateKeyring(bus, tmp_path / "home")
    try:
        assert a_store().load() == TOKEN
    finally:
        second.stop()


def test_a_keyring_that_was_started_again_between_two_calls(bus: PrivateBus, tmp_path: Path) -> None:
    first = PrivateKeyring(bus, tmp_path / "home")
    a_store().save(TOKEN)
    first.stop()
    second = PrivateKeyring(bus, tmp_path / "home")
    try:
        assert a_store().load() == TOKEN
    finally:
        second.stop()


@pytest.mark.usefixtures("keyring")
def test_another_bus_is_another_keyring(bus: PrivateBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_store().save(TOKEN)
    (tmp_path / "other").mkdir()
    with unlocked_keyring(tmp_path / "other") as other:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", other)
        assert a_store().load() is None
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        assert a_store().load() == TOKEN


@pytest.mark.usefixtures("keyring")
def test_all_secrets_of_a_process_go_over_one_connection(bus: PrivateBus) -> None:
    def connections() -> int:
        """How many there have been; the one that asks is one of them."""
        with bus.connect() as asking:
            return int(asking.unique_name.rpartition(".")[2])

    before = connections()
    for name in ("token", "audit", "journal"):
        store = CredentialStore("station-a", name=name)
        store.save(TOKEN)
        assert store.load() == TOKEN
        store.clear()
    assert connections() - before == 1 + 1


@pytest.mark.usefixtures("keyring")
def test_secrets_asked_for_at_the_same_time_wait_for_each_other() -> None:
    stores = [CredentialStore("station-a", name=name) for name in ("token", "audit", "journal")]
    wanted = [Secret(f"secret-{index}") for index in range(len(stores))]
    for store, secret in zip(stores, wanted, strict=True):
        store.save(secret)
    with ThreadPoolExecutor(len(stores)) as pool:
        for _ in range(10):
            assert list(pool.map(CredentialStore.load, stores)) == wanted


class TestTheVault:
    @pytest.mark.usefixtures("bus")
    def test_without_a_keyring_the_token_lasts_for_the_session_and_that_is_said(self) -> None:
        vault = Vault(a_store())
        assert vault.load() is None
        assert vault.status().presence is Presence.UNAVAILABLE
        assert vault.save(TOKEN) is Where.SESSION
        assert vault.where == "this session only"
        assert vault.load() == TOKEN
        assert vault.status().presence is Presence.STORED
        assert "session" in vault.status().summary
        assert Vault(a_store()).load() is None
        vault.clear()
        assert vault.load() is None

    @pytest.mark.usefixtures("keyring")
    def test_with_a_keyring_nothing_stays_in_memory(self) -> None:
        session = SessionStore()
        session.save(Secret("entered-before"))
        vault = Vault(a_store(), session=session)
        assert vault.load() == Secret("entered-before")
        assert vault.save(TOKEN) is Where.KEYRING
        assert session.load() is None
        assert vault.load() == TOKEN
        assert vault.where == "keyring"
        assert "keyring" in vault.status().summary

    @pytest.mark.usefixtures("locked")
    def test_a_locked_keyring_is_not_passed_over_unless_the_operator_says_so(self) -> None:
        vault = Vault(a_store())
        for call in (vault.load, lambda: vault.save(TOKEN), vault.clear):
            with pytest.raises(CredentialsLocked):
                call()
        assert vault.status().presence is Presence.LOCKED
        vault.save_for_session(TOKEN)
        assert vault.load() == TOKEN
        assert vault.where is Where.SESSION


@pytest.mark.parametrize("status", [-128, -25293, -25308])
def test_the_results_of_a_locked_keychain_mean_locked(status: int) -> None:
    error = RuntimeError("Can't get password from keychain")
    error.__cause__ = OSError(status, "Unknown Error")
    assert isinstance(translated(error), CredentialsLocked)


@pytest.mark.parametrize("status", [-67030, 1312])
def test_other_results_of_the_system_mean_unavailable(status: int) -> None:
    found = translated(OSError(status, "CredWrite", "canary"))
    assert isinstance(found, CredentialsUnavailable)
    assert str(status) in found.detail
    assert "canary" not in found.detail
