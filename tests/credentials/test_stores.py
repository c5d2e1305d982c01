"""One contract for every store of a secret: the real keyring, memory, and the vault over either."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.credentials.errors import CredentialsUnavailable, TokenMalformed, TokenTooLong
from app.credentials.shape import MAX_CHARACTERS
from app.credentials.store import CredentialStore, Presence, SessionStore, Store
from app.credentials.vault import Vault
from app.errors import WorkstationError
from app.masked import Secret
from app.seams import BlockedUiThread, allow_here, refuse_here
from tests.peers.keyring import unlocked_keyring

TOKEN = Secret("gst_live_3f9c1e7a.QxY-77~canary+/=")

KINDS = ["session", "vault over nothing"]
if sys.platform == "linux":
    KINDS += ["keyring", "vault over the keyring"]


@pytest.fixture(scope="module")
def keyring_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with unlocked_keyring(tmp_path_factory.mktemp("keyring")) as address:
        yield address


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store | Vault]:
    match request.param:
        case "session":
            yield SessionStore()
            return
        case "vault over nothing":
            yield Vault(None)
            return
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", request.getfixturevalue("keyring_address"))
    real = CredentialStore("station-a")
    yield real if request.param == "keyring" else Vault(real)
    real.clear()


def test_an_empty_store_is_missing_the_token(store: Store | Vault) -> None:
    assert store.load() is None
    state = store.status()
    assert state.presence is Presence.MISSING
    assert state.summary
    assert state.remedy


def test_what_is_saved_is_loaded(store: Store | Vault) -> None:
    store.save(TOKEN)
    assert store.load() == TOKEN
    assert store.status().presence is Presence.STORED


def test_the_newest_token_replaces_the_older(store: Store | Vault) -> None:
    store.save(Secret("older"))
    store.save(TOKEN)
    assert store.load() == TOKEN
    store.clear()
    assert store.load() is None


def test_clearing_twice_is_no_error(store: Store | Vault) -> None:
    store.save(TOKEN)
    store.clear()
    store.clear()
    assert store.status().presence is Presence.MISSING


def test_the_longest_token_is_kept_whole(store: Store | Vault) -> None:
    longest = Secret("x" * MAX_CHARACTERS)
    store.save(longest)
    assert store.load() == longest


@pytest.mark.parametrize("text", ["", " ", "two words", "line\n", "\ttab", "tökén", "nul\0", "Bearer abc", "\x7f"])
def test_a_text_that_is_no_token_is_refused_and_the_kept_one_stays(store: Store | Vault, text: str) -> None:
    store.save(TOKEN)
    with pytest.raises(TokenMalformed) as caught:
        store.save(Secret(text))
    assert caught.value.remedy
    assert store.load() == TOKEN


def test_a_token_too_long_for_windows_is_refused_everywhere(store: Store | Vault) -> None:
    with pytest.raises(TokenTooLong, match="1,280"):
        store.save(Secret("x" * (MAX_CHARACTERS + 1)))
    assert store.load() is None


def test_nothing_that_is_printed_shows_the_token(store: Store | Vault) -> None:
    store.save(TOKEN)
    shown = [repr(store), repr(store.status()), repr(store.load())]
    with pytest.raises(WorkstationError) as caught:
        store.save(Secret(TOKEN.reveal() + " "))
    shown += [repr(caught.value), str(caught.value), caught.value.detail]
    assert not any("canary" in text for text in shown)


@pytest.mark.skipif(sys.platform != "linux", reason="the real keyring of the tests is GNOME's")
class TestTheRealKeyring:
    @pytest.fixture(autouse=True)
    def _bus(self, keyring_address: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", keyring_address)

    def test_two_stations_and_two_names_never_share_an_entry(self) -> None:
        stores = [CredentialStore("station-a"), CredentialStore("station-b"), CredentialStore("station-a", name="key")]
        for index, store in enumerate(stores):
            store.save(Secret(f"secret-{index}"))
        assert [store.load() for store in stores] == [Secret(f"secret-{index}") for index in range(3)]
        stores[0].clear()
        assert [store.load() is None for store in stores] == [True, False, False]
        for store in stores[1:]:
            store.clear()

    def test_a_second_program_finds_what_the_first_saved(self) -> None:
        CredentialStore("station-a").save(TOKEN)
        assert CredentialStore("station-a").load() == TOKEN
        CredentialStore("station-a").clear()

    def test_the_environment_cannot_choose_another_keyring(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
        store = CredentialStore("station-a")
        store.save(TOKEN)
        assert store.load() == TOKEN
        store.clear()

    def test_the_window_thread_is_refused(self) -> None:
        store = CredentialStore("station-a")
        refuse_here()
        try:
            for call in (store.load, store.clear, store.status, lambda: store.save(TOKEN)):
                with pytest.raises(BlockedUiThread):
                    call()
        finally:
            allow_here()


def test_a_keyring_that_only_pretends_to_keep_is_found_out() -> None:
    from keyring.backends.null import Keyring as Forgetful

    with pytest.raises(CredentialsUnavailable, match="did not keep"):
        CredentialStore("station-a", backend=Forgetful).save(TOKEN)


def test_backends_that_protect_nothing_are_refused() -> None:
    from keyring.backends.chainer import ChainerBackend
    from keyring.backends.fail import Keyring as Failing

    # keyrings.alt is never installed here; the module's name is what gives it away.
    plaintext = type("PlaintextKeyring", (Failing,), {"__module__": "keyrings.alt.file", "priority": 1})
    for backend in (ChainerBackend, Failing, plaintext):
        state = CredentialStore("station-a", backend=backend).status()
        assert state.presence is Presence.UNAVAILABLE
        assert "does not protect" in state.summary


def test_the_token_is_in_no_file_in_clear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform != "linux":
        pytest.skip("the real keyring of the tests is GNOME's")
    with unlocked_keyring(tmp_path) as bus:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus)
        CredentialStore("station-a").save(TOKEN)
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert any(kept)
    for encoding in ("utf-8", "utf-16-le"):
        assert not any(TOKEN.reveal().encode(encoding) in content for content in kept)
