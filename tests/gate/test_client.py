"""The client against a real gate on loopback, and against peers that misbehave byte by byte."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.gate.client import GateClient
from app.gate.errors import (
    AddressWrong,
    Forbidden,
    GateBusy,
    GateError,
    GateFailed,
    GateUnreachable,
    NotTheGate,
    TokenRefused,
    error_for,
    remedy_for,
)
from app.gate.proxies import proxy_for
from app.masked import Secret
from app.provisioning.fields import Kind
from app.provisioning.outcome import Difference, Outcome, Result
from app.provisioning.submission import encode_body
from app.seams import BlockedUiThread, allow_here, refuse_here
from app.training.gate import TrainingGate
from app.training.gate_faults import FAULTS, RETRY_AFTER_S, Fault
from tests.peers.tls import JSON_201, Peer

TOKEN = Secret("canary-token-5f1e77")
FIELDS = {"imei": "356938035643809", "iccid": "8901410321118510720"}
BODY = encode_body(FIELDS, "fields")


@pytest.fixture
def unproxied(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the machine that tests sits behind."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def gate() -> Iterator[TrainingGate]:
    with TrainingGate(token=TOKEN) as gate:
        yield gate


@pytest.fixture
def client(gate: TrainingGate) -> Iterator[GateClient]:
    client = GateClient(gate.base_url, timeout_s=20)
    yield client
    client.close()


def send(client: GateClient, key: str = "key-1", token: Secret = TOKEN) -> Outcome:
    return client.send(Kind.REGISTER, BODY, key, token, FIELDS).result()


def ask(base_url: str, timeout_s: float = 5) -> Outcome:
    """One attempt at a peer that is no training gate."""
    client = GateClient(base_url, timeout_s=timeout_s)
    try:
        return send(client)
    finally:
        client.close()


def test_what_goes_over_the_wire() -> None:
    with Peer(JSON_201) as peer:
        assert ask(peer.base_url).result is Result.ACCEPTED
        head, _, body = peer.requests[0].partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    assert first == "POST /api/v1/device_app_register/ HTTP/1.1"
    assert body == BODY
    assert headers == {
        "Host": f"127.0.0.1:{peer.port}",
        "Authorization": "Bearer canary-token-5f1e77",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": headers["User-Agent"],
        "Content-Type": "application/json",
        "Idempotency-Key": "key-1",
        "Content-Length": str(len(BODY)),
    }
    assert headers["User-Agent"].startswith("gate-station/")


EXPECTED = {
    Fault.NONE: (Result.ACCEPTED, "gate.accepted"),
    Fault.RESET_BEFORE: (Result.UNKNOWN, "gate.cut"),
    Fault.LOST_ANSWER: (Result.UNKNOWN, "gate.cut"),
    Fault.CUT: (Result.UNKNOWN, "gate.no-proof"),
    Fault.STALL: (Result.UNKNOWN, "gate.no-answer"),
    Fault.DRIP: (Result.UNKNOWN, "gate.no-answer"),
    Fault.SERVER_ERROR: (Result.FAILED, "gate.failed"),
    Fault.BAD_GATEWAY: (Result.FAILED, "gate.failed"),
    Fault.UNAVAILABLE: (Result.FAILED, "gate.failed"),
    Fault.GATEWAY_TIMEOUT: (Result.FAILED, "gate.failed"),
    Fault.REQUEST_TIMEOUT: (Result.FAILED, "gate.failed"),
    Fault.TOO_EARLY: (Result.FAILED, "gate.failed"),
    Fault.BUSY_SECONDS: (Result.BUSY, "gate.busy"),
    Fault.BUSY_DATE: (Result.BUSY, "gate.busy"),
    Fault.BUSY: (Result.BUSY, "gate.busy"),
    Fault.REFUSED: (Result.REJECTED, "gate.rejected"),
    Fault.UNAUTHORIZED: (Result.HELD, "gate.token-refused"),
    Fault.FORBIDDEN: (Result.HELD, "gate.forbidden"),
    Fault.NOT_FOUND: (Result.HELD, "gate.address-wrong"),
    Fault.NOT_ALLOWED: (Result.HELD, "gate.address-wrong"),
    Fault.CONFLICT: (Result.CONFLICT, "gate.conflict"),
    Fault.PORTAL: (Result.FAILED, "gate.not-the-gate"),
    Fault.REDIRECT: (Result.FAILED, "gate.not-the-gate"),
    Fault.EMPTY: (Result.UNKNOWN, "gate.no-proof"),
    Fault.TRUNCATED: (Result.UNKNOWN, "gate.no-proof"),
    Fault.WRONG_TYPE: (Result.UNKNOWN, "gate.no-proof"),
    Fault.OVERSIZE: (Result.UNKNOWN, "gate.no-proof"),
    Fault.ICCID_CHANGED: (Result.ACCEPTED, "gate.accepted"),
}


def test_every_fault_is_expected() -> None:
    assert set(EXPECTED) == set(Fault) == set(FAULTS)


@pytest.mark.parametrize("fault", Fault)
def test_each_fault_and_the_attempt_after_it(gate: TrainingGate, fault: Fault) -> None:
    slow = fault in {Fault.STALL, Fault.DRIP}
    impatient = GateClient(gate.base_url, timeout_s=1 if slow else 20)
    gate.fail_next(fault)
    outcome = send(impatient)
    impatient.close()
    assert (outcome.result, outcome.code) == EXPECTED[fault]
    assert len(gate.records) == (1 if FAULTS[fault].stores else 0)
    if outcome.result in {Result.BUSY, Result.FAILED} and fault is not Fault.BUSY:
        assert outcome.retry_after_s in {None, RETRY_AFTER_S}
    patient = GateClient(gate.base_url, timeout_s=20)
    again = send(patient)
    patient.close()
    assert again.result is Result.ACCEPTED
    assert len(gate.records) == 1
    bodies = {request.body for request in gate.requests}
    keys = {request.headers["Idempotency-Key"] for request in gate.requests}
    assert (bodies, keys) == ({BODY}, {"key-1"})


@pytest.mark.parametrize("fault", [Fault.BUSY_SECONDS, Fault.BUSY_DATE, Fault.UNAVAILABLE])
def test_retry_after_is_passed_on(gate: TrainingGate, client: GateClient, fault: Fault) -> None:
    gate.fail_next(fault)
    # A date has whole seconds, and the answer's own Date may fall into the next one.
    assert send(client).retry_after_s in {RETRY_AFTER_S, RETRY_AFTER_S - 1}


def test_the_register_documents_example(client: GateClient, gate: TrainingGate) -> None:
    fields = {
        "number": "+1234567890",
        "generic_id": "550e8400-e29b-41d4-a716-446655440000",
        "imei": "123456789012345",
        "device_brand": "Apple",
        "device_model": "iPhone 15 Pro",
        "device_type": "ph",
        "os_family": "iOS",
        "os_version": "17.2.1",
        "app_version": "2.1.0",
        "username": "john.doe",
        "push_key": "abc123def456ghi789",
        "home_mobile_network_name": "Verizon",
        "home_mobile_network_mccmnc": "31000",
    }
    sent = {key: value for key, value in fields.items() if key != "push_key"}
    outcome = client.send(Kind.REGISTER, encode_body(fields, "fields"), "register", TOKEN, sent).result()
    assert outcome.result is Result.ACCEPTED
    assert outcome.differences == ()
    assert json.loads(gate.requests[0].body) == fields
    assert gate.records[0]["push_key"] == "abc123def456ghi789"
    assert {"push_key", "device_token"}.isdisjoint(outcome.answer)
    assert outcome.expires_at == gate.records[0]["expires_at"]


def test_the_update_documents_example(client: GateClient, gate: TrainingGate) -> None:
    known = {"imei": "123456789012345", "username": "john.doe"}
    client.send(Kind.REGISTER, encode_body(known, "fields"), "register", TOKEN, known).result()
    fields = {
        "number": "+1234567890",
        "generic_id": "com.example.app.user123",
        "imei": "123456789012345",
        "imsi": "310260123456789",
        "iccid": "8901410321118510720",
        "username": "john.doe",
        "password": "$2a$10$N9qo8uL0ickgx2ZMRZoMye",
        "user_external_id": "ext_12345",
        "user_class": "premium",
    }
    sent = {key: value for key, value in fields.items() if key != "password"}
    gate.fail_next(Fault.ICCID_CHANGED)
    outcome = client.send(Kind.UPDATE, encode_body(fields, "data-string"), "update", TOKEN, sent).result()
    assert outcome.result is Result.ACCEPTED
    assert outcome.differences == (Difference("iccid", "8901410321118510720", "89014103211118510720"),)
    assert outcome.answer["status"] == "success"
    assert "password" not in outcome.answer
    body = json.loads(gate.requests[1].body)
    assert list(body) == ["data"]
    assert json.loads(body["data"]) == fields
    assert gate.requests[1].path == "/api/v1/device_app_user_update/"


def test_a_refusals_messages_stand_at_their_fields(client: GateClient, gate: TrainingGate) -> None:
    body = encode_body({"imei": "1234"}, "fields")
    outcome = client.send(Kind.REGISTER, body, "key", TOKEN, {"imei": "1234"}).result()
    assert outcome.result is Result.REJECTED
    assert [problem.field for problem in outcome.problems] == ["imei"]
    assert gate.records == []


def test_a_closed_door_is_unreachable_and_an_open_one_is_not(client: GateClient, gate: TrainingGate) -> None:
    gate.close_door()
    outcome = send(client)
    assert (outcome.result, outcome.code) == (Result.UNREACHABLE, "gate.unreachable")
    assert "refused the connection" in outcome.message
    gate.open_door()
    assert send(client).result is Result.ACCEPTED


@pytest.mark.parametrize("host", ["gate.invalid", "a..b", "x" * 64 + ".example", "exa mple.com"])
def test_a_name_that_leads_nowhere_is_unreachable(host: str) -> None:
    assert ask(f"https://{host}/api/v1").result is Result.UNREACHABLE


@pytest.mark.parametrize("address", ["http://gate.example/api/v1", "ftp://127.0.0.1/", "gate.example"])
def test_plain_http_is_for_this_computer(address: str) -> None:
    with pytest.raises(ValueError, match="https"):
        GateClient(address, timeout_s=1)


@pytest.mark.parametrize(
    ("answer", "hold", "result"),
    [
        (b"", False, Result.UNKNOWN),
        (b"HTTP/1.1 201 Cre", False, Result.UNKNOWN),
        (b"220 mail.example ESMTP\r\n", False, Result.UNKNOWN),
        (b"HTTP/1.1 201 Created\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\n{}", False, Result.UNKNOWN),
        (b"HTTP/1.1 201 Created\r\nX: " + b"x" * 200_000 + b"\r\n\r\n{}", False, Result.UNKNOWN),
        (b"HTTP/1.0 201 Created\r\nContent-Type: application/json\r\n\r\n{}", False, Result.ACCEPTED),
        (b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", False, Result.ACCEPTED),
        (b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", False, Result.UNKNOWN),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}", False, Result.ACCEPTED),
        # The head came, the body stalls: of a refusal the status is enough, of a success it is not.
        (b"HTTP/1.1 201 Created\r\nContent-Length: 9\r\n\r\n{}", True, Result.UNKNOWN),
        (b"HTTP/1.1 400 Bad Request\r\nContent-Length: 9\r\n\r\n{}", True, Result.REJECTED),
        (b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 9\r\n\r\n{}", False, Result.HELD),
        (b"HTTP/1.1 503 Out\r\nRetry-After: 9\r\nContent-Length: 9\r\n\r\n{}", True, Result.FAILED),
    ],
)
def test_answers_that_are_not_whole(answer: bytes, hold: bool, result: Result) -> None:
    with Peer(answer, hold=hold) as peer:
        outcome = ask(peer.base_url, timeout_s=1 if hold else 20)
    assert outcome.result is result
    assert outcome.retry_after_s == (9 if b"Retry-After" in answer else None)


def test_a_compressed_answer_is_not_unfolded() -> None:
    answer = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08"
    with Peer(answer) as peer:
        assert ask(peer.base_url).result is Result.UNKNOWN


def test_a_redirect_is_not_followed_with_the_token() -> None:
    with Peer(JSON_201) as other:
        answer = b"HTTP/1.1 307 Moved\r\nLocation: " + other.base_url.encode() + b"/\r\nContent-Length: 0\r\n\r\n"
        with Peer(answer) as peer:
            outcome = ask(peer.base_url)
            assert len(peer.requests) == 1
        assert (outcome.result, outcome.status) == (Result.FAILED, 307)
        assert "127.0.0.1" in outcome.message
        assert other.requests == []


@pytest.mark.parametrize("location", [b"http://[bad", b"https://h:port/", b"mailto:x", b"\xff\xfe"])
def test_a_redirect_to_nowhere_is_still_a_redirect(location: bytes) -> None:
    with Peer(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + b"\r\n\r\n") as peer:
        outcome = ask(peer.base_url)
    assert (outcome.result, outcome.code, outcome.status) == (Result.FAILED, "gate.not-the-gate", 302)


def test_an_answer_leaves_no_cookie_behind() -> None:
    with Peer(JSON_201.replace(b"\r\n", b"\r\nSet-Cookie: sessionid=1; Path=/\r\n", 1)) as peer:
        client = GateClient(peer.base_url, timeout_s=5)
        first, second = send(client), send(client)
        client.close()
        assert {first.result, second.result} == {Result.ACCEPTED}
        assert peer.requests[0] == peer.requests[1]


def test_what_an_answer_repeats_of_the_secrets_is_taken_out() -> None:
    body = b'{"detail": "Bearer canary-token-5f1e77 may not store $2a$10$N9qo8uL0ickgx2ZMRZoMye"}'
    # It says that it ends the connection: the next request would go over it otherwise.
    head = b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nConnection: close\r\n"
    head += b"Content-Length: %d\r\n\r\n" % len(body)
    fields = {"username": "ana", "password": "$2a$10$N9qo8uL0ickgx2ZMRZoMye"}
    with Peer(head + body) as peer:
        client = GateClient(peer.base_url, timeout_s=5)
        for shape in ("fields", "data-string"):
            outcome = client.send(Kind.UPDATE, encode_body(fields, shape), "key", TOKEN, {"username": "ana"}).result()
            assert outcome.message == "The gate refused it. Bearer •••••••• may not store ••••••••"
        client.close()


def test_this_computer_is_never_asked_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with Peer(JSON_201) as proxy, Peer(JSON_201) as peer:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("NO_PROXY", "")
        assert ask(peer.base_url).result is Result.ACCEPTED
        assert proxy.requests == []


def test_a_proxy_hears_the_name_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
    with Peer(refusal) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        outcome = ask("https://gate.invalid/api/v1")
        assert (outcome.result, outcome.code) == (Result.UNREACHABLE, "gate.proxy")
        assert outcome.message == f"The proxy 127.0.0.1:{proxy.port} asks for a sign-in (407)."
        (request,) = proxy.requests
    assert request.startswith(b"CONNECT gate.invalid:443 ")
    assert b"canary" not in request
    assert b"356938035643809" not in request


def test_a_proxy_that_only_the_system_finds_is_used_and_named(unproxied: None) -> None:
    refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
    with Peer(refusal) as proxy:
        asked: list[str] = []

        def find(address: str) -> str:
            asked.append(address)
            return f"http://127.0.0.1:{proxy.port}"

        client = GateClient("https://gate.example.com/api/v1", timeout_s=5, find_proxy=find)
        assert asked == []
        outcome = send(client)
        client.close()
        assert (outcome.result, outcome.code) == (Result.UNREACHABLE, "gate.proxy")
        assert asked == ["https://gate.example.com/api/v1"]
        (request,) = proxy.requests
        assert request.startswith(b"CONNECT gate.example.com:443 HTTP/1.1")
        assert b"canary" not in request


OTHER = "http://other.example:3128"


@pytest.mark.parametrize(
    ("address", "environment", "proxy"),
    [
        ("https://gate.example", {}, OTHER),
        ("https://gate.example", {"http": "http://proxy.example:1"}, OTHER),
        ("https://gate.example", {"https": "http://proxy.example:1"}, "http://proxy.example:1"),
        ("https://gate.example", {"all": "http://proxy.example:1"}, "http://proxy.example:1"),
        ("https://gate.example", {"https": "proxy.example:1"}, "http://proxy.example:1"),
        ("https://gate.example", {"https": "http://proxy.example:1", "no": "other.example, .example"}, ""),
        ("https://gate.example", {"all": "http://proxy.example:1", "no": "gate.example"}, ""),
        ("https://gate.example", {"all": "http://proxy.example:1", "no": "*"}, ""),
        ("https://gate.example", {"all": "http://proxy.example:1", "no": "te.example"}, "http://proxy.example:1"),
        ("https://gate.example", {"no": "shop.example"}, OTHER),
        ("http://127.0.0.1:8080", {"http": "http://proxy.example:1"}, ""),
        ("http://127.0.0.1:8080", {}, ""),
    ],
)
def test_the_environment_goes_before_what_the_system_finds(
    monkeypatch: pytest.MonkeyPatch, unproxied: None, address: str, environment: dict[str, str], proxy: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(f"{name}_proxy", value)
    assert proxy_for(address, lambda _: OTHER) == proxy


@pytest.mark.parametrize("host", ["127.0.0.1", "proxy.invalid"])
def test_a_proxy_that_is_not_there_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://ana:canary@{host}:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    outcome = ask("https://gate.invalid/api/v1")
    assert (outcome.result, outcome.code) == (Result.UNREACHABLE, "gate.proxy")
    assert outcome.message == f"The proxy {host}:9 cannot be reached."


def test_an_unusable_proxy_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "gopher://127.0.0.1:1")
    outcome = ask("https://gate.invalid/api/v1")
    assert (outcome.result, outcome.code) == (Result.UNREACHABLE, "gate.proxy")


def test_closing_ends_what_runs_and_what_comes_later(gate: TrainingGate) -> None:
    gate.fail_next(Fault.STALL, Fault.DRIP)
    client = GateClient(gate.base_url, timeout_s=300)
    with ThreadPoolExecutor(2) as threads:
        running = [threads.submit(send, client, f"key-{number}") for number in range(2)]
        assert gate.wait_for_requests(2, timeout_s=20)
        client.close()
        outcomes = [future.result() for future in running]
    assert {(outcome.result, outcome.code) for outcome in outcomes} == {(Result.UNKNOWN, "gate.closed")}
    later = send(client)
    assert (later.result, later.code) == (Result.UNREACHABLE, "gate.closed")
    assert len(gate.requests) == 2


def test_several_threads_share_a_client(client: GateClient, gate: TrainingGate) -> None:
    def register(number: int) -> Outcome:
        fields = {"imei": f"{number:015}"}
        return client.send(Kind.REGISTER, encode_body(fields, "fields"), f"key-{number}", TOKEN, fields).result()

    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(register, range(20)))
    assert {outcome.result for outcome in outcomes} == {Result.ACCEPTED}
    assert [outcome.answer["imei"] for outcome in outcomes] == [f"{number:015}" for number in range(20)]
    assert len(gate.records) == 20


def test_the_organization(client: GateClient) -> None:
    organization = client.organization(TOKEN)
    assert organization.name == "Training store"
    assert organization.fields["name"] == "training-store"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.UNAUTHORIZED, TokenRefused),
        (Fault.FORBIDDEN, Forbidden),
        (Fault.NOT_FOUND, AddressWrong),
        (Fault.NOT_ALLOWED, AddressWrong),
        (Fault.PORTAL, NotTheGate),
        (Fault.REDIRECT, NotTheGate),
        (Fault.EMPTY, NotTheGate),
        (Fault.BUSY, GateBusy),
        (Fault.SERVER_ERROR, GateFailed),
        (Fault.LOST_ANSWER, GateUnreachable),
        (Fault.REFUSED, GateError),
    ],
)
def test_troubles_of_the_organization(
    client: GateClient, gate: TrainingGate, fault: Fault, error: type[GateError]
) -> None:
    gate.fail_next(fault)
    with pytest.raises(GateError) as caught:
        client.organization(TOKEN)
    assert type(caught.value) is error
    assert caught.value.summary
    assert caught.value.remedy == error.remedy_text


def test_a_wrong_token_and_a_closed_door(client: GateClient, gate: TrainingGate) -> None:
    with pytest.raises(TokenRefused):
        client.organization(Secret("another"))
    assert send(client, token=Secret("another")).code == "gate.token-refused"
    gate.close_door()
    with pytest.raises(GateUnreachable):
        client.organization(TOKEN)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'{"name": "shop-12"}', "shop-12"),
        (b'{"name": "shop-12", "display_name": "Shop 12"}', "Shop 12"),
        (b'{"name": "shop-12", "display_name": " "}', "shop-12"),
        (b'{"name": null, "display_name": null}', None),
        (b'{"name": {"first": "x"}}', None),
        (b'{"detail": "hello"}', None),
        (b'["shop-12"]', None),
    ],
)
def test_names_of_an_organization(body: bytes, name: str | None) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    with Peer(head + body) as peer:
        client = GateClient(peer.base_url, timeout_s=5)
        if name is None:
            with pytest.raises(NotTheGate):
                client.organization(TOKEN)
        else:
            assert client.organization(TOKEN).name == name
        client.close()


def test_every_code_has_a_remedy() -> None:
    assert remedy_for("gate.token-refused") == TokenRefused.remedy_text
    assert remedy_for("gate.cut") == GateUnreachable.remedy_text
    assert error_for(Outcome(Result.REJECTED, "gate.rejected", "Refused.")).summary == "Refused."


def test_nothing_private_is_logged_or_shown(
    client: GateClient, gate: TrainingGate, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    gate.fail_next(Fault.NONE, Fault.UNAUTHORIZED, Fault.CUT, Fault.REFUSED)
    shown = [repr(client)] + [repr(send(client, f"key-{number}").message) for number in range(4)]
    with pytest.raises(TokenRefused) as caught:
        client.organization(Secret("canary-token-other"))
    shown += [repr(caught.value), caught.value.detail, repr(gate.requests)]
    text = caplog.text + "".join(shown)
    assert "canary" not in text
    assert FIELDS["imei"] not in text
    assert FIELDS["iccid"] not in text


def test_the_windows_thread_is_refused(client: GateClient, gate: TrainingGate) -> None:
    refuse_here()
    try:
        with pytest.raises(BlockedUiThread):
            send(client)
        with pytest.raises(BlockedUiThread):
            client.organization(TOKEN)
    finally:
        allow_here()
    assert gate.requests == []


def test_no_thread_is_left_behind(client: GateClient, gate: TrainingGate) -> None:
    send(client)
    # A byte now and then keeps every read of the socket short: only the deadline ends it.
    gate.fail_next(Fault.DRIP)
    impatient = GateClient(gate.base_url, timeout_s=2)
    assert send(impatient, "key-2").result is Result.UNKNOWN
    for thread in threading.enumerate():
        if thread.name == "gate-exchange":
            thread.join(10)
            assert not thread.is_alive()
    impatient.close()


def test_importing_the_client_is_cheap() -> None:
    heavy = "{'httpx', 'httpcore', 'truststore', 'pydantic', 'ssl'} & set(sys.modules)"
    code = f"import sys, app.gate.client, app.gate.errors; print(sorted({heavy}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
