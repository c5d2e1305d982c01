"""The check over a real server with TLS: what is newer is told, and each trouble in its own words."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.policy import Policy
from app.seams import BlockedUiThread, allow_here, refuse_here
from app.settings import Settings, SettingsError
from app.updates.announcement import MOST_BYTES
from app.updates.checking import Silent, UpdateCheck
from app.updates.errors import UpdateError, UpdateRefused, UpdateUnreachable
from tests.peers.releases import PAGE, announced, answer, public
from tests.peers.tls import Certificates, Peer, make_certificates

KEY, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
NOW = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("tls"))


def check(peer: Peer, certificates: Certificates, version: str = "1.2.0", **more: str) -> UpdateCheck:
    settings = Settings().changed(
        {"updates.url": f"{peer.base_url}/release", "gate.extra_ca": str(certificates.authority), **more}
    )
    return UpdateCheck(settings=settings, keys=(public(KEY),), now=lambda: NOW, version=version)


def test_a_newer_version_is_told_with_its_page(certificates: Certificates) -> None:
    with Peer(answer(announced(KEY)), context=certificates.good) as peer:
        release = check(peer, certificates).look()
    assert release is not None
    assert (release.version, release.page) == ("9.0.0", PAGE)
    (request,) = peer.requests
    assert request.startswith(b"GET /api/v1/release HTTP/1.1\r\n")
    assert b"authorization" not in request.lower()
    assert b"cookie" not in request.lower()


@pytest.mark.parametrize("version", ["9.0.0", "9.0.1", "10.0.0", "9.0.1rc1"])
def test_what_is_not_newer_is_never_offered(certificates: Certificates, version: str) -> None:
    with Peer(answer(announced(KEY)), context=certificates.good) as peer:
        assert check(peer, certificates, version).look() is None


@pytest.mark.parametrize("version", ["9.0.0rc1", "8.10.0", "0.1.0"])
def test_versions_are_compared_by_their_numbers(certificates: Certificates, version: str) -> None:
    with Peer(answer(announced(KEY)), context=certificates.good) as peer:
        assert check(peer, certificates, version).look()


def test_one_that_another_key_signed_is_refused(certificates: Certificates) -> None:
    with (
        Peer(answer(announced(OTHER)), context=certificates.good) as peer,
        pytest.raises(UpdateRefused, match="not signed by the makers"),
    ):
        check(peer, certificates).look()


def test_one_that_has_expired_is_refused(certificates: Certificates) -> None:
    old = announced(KEY, expires="2026-11-30T00:00:00Z")
    with (
        Peer(answer(old), context=certificates.good) as peer,
        pytest.raises(UpdateRefused, match="good until 2026-11-30"),
    ):
        check(peer, certificates).look()


def test_a_large_answer_is_not_read_to_its_end(certificates: Certificates) -> None:
    with (
        Peer(answer(b" " * (MOST_BYTES + 1)), context=certificates.good) as peer,
        pytest.raises(UpdateRefused, match="too large"),
    ):
        check(peer, certificates).look()


def test_a_redirect_is_not_followed(certificates: Certificates) -> None:
    with Peer(answer(announced(KEY)), context=certificates.good) as elsewhere:
        moved = answer(b"", "302 Found", f"Location: {elsewhere.base_url}/release")
        with (
            Peer(moved, context=certificates.good) as peer,
            pytest.raises(UpdateUnreachable, match=r"sends elsewhere for new versions \(302\)"),
        ):
            check(peer, certificates).look()
        assert elsewhere.requests == []


@pytest.mark.parametrize("status", ["404 Not Found", "500 Internal Server Error", "204 No Content"])
def test_another_answer_is_told_by_its_number(certificates: Certificates, status: str) -> None:
    with (
        Peer(answer(announced(KEY), status), context=certificates.good) as peer,
        pytest.raises(UpdateUnreachable, match=status[:3]),
    ):
        check(peer, certificates).look()


@pytest.mark.parametrize("bad", ["expired", "other_host", "self_signed"])
def test_a_certificate_that_is_not_trusted_ends_the_check(certificates: Certificates, bad: str) -> None:
    with (
        Peer(answer(announced(KEY)), context=getattr(certificates, bad)) as peer,
        pytest.raises(UpdateUnreachable, match="certificate was refused"),
    ):
        check(peer, certificates).look()
    assert peer.requests == []


def test_a_certificate_file_that_is_none_is_told(certificates: Certificates, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pem"
    broken.write_text("no certificate")
    with (
        Peer(b"", context=certificates.good) as peer,
        pytest.raises(UpdateUnreachable, match="extra certificate authority"),
    ):
        check(peer, certificates, **{"gate.extra_ca": str(broken)}).look()


def test_an_answer_that_is_cut_off_is_refused(certificates: Certificates) -> None:
    with (
        Peer(answer(announced(KEY))[:-5], context=certificates.good) as peer,
        pytest.raises(UpdateError),
    ):
        check(peer, certificates).look()


def test_no_network_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings = Settings().changed({"updates.url": f"https://127.0.0.1:{port}/release"})
    with pytest.raises(UpdateUnreachable, match="cannot be reached") as told:
        UpdateCheck(settings=settings, keys=(public(KEY),), now=lambda: NOW).look()
    assert "network" in told.value.remedy


def test_a_proxy_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings = Settings().changed({"updates.url": "https://updates.invalid/release"})
    asked = UpdateCheck(
        settings=settings,
        keys=(public(KEY),),
        now=lambda: NOW,
        find_proxy=lambda _: f"http://127.0.0.1:{port}",
    )
    with pytest.raises(UpdateUnreachable, match="proxy"):
        asked.look()


@pytest.mark.parametrize(
    ("keys", "changes", "silent"),
    [
        ((), {}, Silent.NO_KEY),
        ((public(KEY),), {"updates.check": "off"}, Silent.OFF),
        ((public(KEY),), {"updates.url": ""}, Silent.NO_ADDRESS),
    ],
)
def test_nobody_is_asked_without_a_key_an_address_or_the_wish(
    certificates: Certificates, keys: tuple[bytes, ...], changes: dict[str, str], silent: Silent
) -> None:
    with Peer(answer(announced(KEY)), context=certificates.good) as peer:
        settings = check(peer, certificates).settings.changed(changes)
        asked = UpdateCheck(settings=settings, keys=keys, now=lambda: NOW)
        assert asked.silent is silent
        assert asked.look() is None
    assert peer.requests == []


def test_the_policy_of_the_computer_switches_it_off_for_good() -> None:
    settings = Settings(policy=Policy(settings={"updates.check": "off"}))
    asked = UpdateCheck(
        settings=settings.changed({"updates.url": "https://www.example.com/release"}),
        keys=(public(KEY),),
        now=lambda: NOW,
    )
    assert asked.silent is Silent.OFF
    with pytest.raises(SettingsError, match="fixed by the policy"):
        settings.changed({"updates.check": "on"})


@pytest.mark.parametrize("address", ["http://127.0.0.1/release", "http://www.example.com/r", "ftp://example.com", "x"])
def test_only_https_is_asked(address: str) -> None:
    with pytest.raises(SettingsError, match=r"updates\.url"):
        Settings().changed({"updates.url": address})


def test_the_window_s_thread_does_not_wait_for_it(certificates: Certificates) -> None:
    with Peer(answer(announced(KEY)), context=certificates.good) as peer:
        asked = check(peer, certificates)
        refuse_here()
        try:
            with pytest.raises(BlockedUiThread):
                asked.look()
        finally:
            allow_here()
