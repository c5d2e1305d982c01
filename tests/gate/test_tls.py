"""The gate's certificate: what is trusted, and how what is not is named."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from app.gate.client import GateClient
from app.gate.errors import ExtraCaUnusable, TlsRefused
from app.gate.trust import tls_sentence
from app.masked import Secret
from app.provisioning.fields import Kind
from app.provisioning.outcome import Outcome, Result
from tests.peers.tls import JSON_201, Certificates, Peer, make_certificates

TOKEN = Secret("tls-canary-token-71")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("tls"))


def send(base_url: str, extra_ca: Path | str, timeout_s: float = 10) -> Outcome:
    client = GateClient(base_url, timeout_s=timeout_s, extra_ca=str(extra_ca))
    try:
        return client.send(
            Kind.REGISTER, b'{"imei":"356938035643809"}', "key", TOKEN, {"imei": "356938035643809"}
        ).result()
    finally:
        client.close()


def test_the_extra_authority_makes_its_gate_trusted(certificates: Certificates) -> None:
    with Peer(JSON_201, context=certificates.good) as peer:
        assert send(peer.base_url, certificates.authority).result is Result.ACCEPTED
        assert b"Bearer tls-canary-token-71" in peer.requests[0]


@pytest.mark.parametrize(
    ("certificate", "with_authority", "words"),
    [
        ("good", False, "authority that this computer does not know"),
        ("expired", True, "expired"),
        ("not_yet", True, "not valid yet"),
        ("other_host", True, "for another"),
        ("self_signed", True, "signed by itself"),
    ],
)
def test_a_bad_certificate_is_named_and_nothing_is_sent(
    certificates: Certificates, certificate: str, with_authority: bool, words: str
) -> None:
    authority = certificates.authority if with_authority else ""
    with Peer(JSON_201, context=getattr(certificates, certificate)) as peer:
        outcome = send(peer.base_url, authority)
        assert (outcome.result, outcome.code) == (Result.UNREACHABLE, "gate.tls")
        assert words in outcome.message
        client = GateClient(peer.base_url, timeout_s=10, extra_ca=str(authority))
        with pytest.raises(TlsRefused, match=words):
            client.organization(TOKEN)
        client.close()
        assert peer.requests == []


@pytest.mark.parametrize(("code", "words"), [(0x800B0101, "expired"), (-67602, "another name"), (None, "not trust it")])
def test_codes_of_other_systems_are_named_too(code: int | None, words: str) -> None:
    fault = ssl.SSLCertVerificationError("text of the system")
    if code is not None:
        fault.verify_code = code
    assert words in tls_sentence(fault)
    assert "text of the system" not in tls_sentence(fault)


def test_the_name_must_match_where_the_address_would(certificates: Certificates) -> None:
    with Peer(JSON_201, context=certificates.good) as peer:
        outcome = send(peer.base_url.replace("127.0.0.1", "localhost"), certificates.authority)
    assert (outcome.code, outcome.result) == ("gate.tls", Result.UNREACHABLE)
    assert "another name" in outcome.message


def test_a_peer_that_does_not_speak_tls_is_named() -> None:
    with Peer(JSON_201, at_once=True) as peer:
        outcome = send(peer.base_url.replace("http:", "https:"), "")
    assert (outcome.code, outcome.result) == ("gate.tls", Result.UNREACHABLE)
    assert "secure connection" in outcome.message


def test_a_handshake_that_never_ends_counts_as_not_sent() -> None:
    with Peer(b"", hold=True) as peer:
        outcome = send(peer.base_url.replace("http:", "https:"), "", timeout_s=0.3)
        assert (outcome.result, outcome.code) == (Result.UNREACHABLE, "gate.unreachable")
        assert peer.requests == []


@pytest.mark.parametrize(("content", "words"), [(None, "cannot be read"), (b"no certificate", "no certificate")])
def test_an_unusable_authority_file_is_named_and_not_passed_over(
    tmp_path: Path, certificates: Certificates, content: bytes | None, words: str
) -> None:
    path = tmp_path / "extra.pem"
    if content is not None:
        path.write_bytes(content)
    with Peer(JSON_201, context=certificates.good) as peer:
        outcome = send(peer.base_url, path)
        assert (outcome.result, outcome.code) == (Result.UNREACHABLE, "gate.extra-ca")
        assert "extra.pem" in outcome.message
        assert words in outcome.message
        client = GateClient(peer.base_url, timeout_s=5, extra_ca=str(path))
        with pytest.raises(ExtraCaUnusable):
            client.organization(TOKEN)
        # The file is put right: no restart needed.
        path.write_bytes(certificates.authority.read_bytes())
        assert client.send(Kind.REGISTER, b"{}", "key", TOKEN, {}).result().result is Result.ACCEPTED
        client.close()
