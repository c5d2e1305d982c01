"""The training gate, asked over plain HTTP with the standard library: it must stand without our own client."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from app.masked import Secret
from app.training.gate import TrainingGate
from app.training.gate_faults import ELSEWHERE, Fault

TOKEN = Secret("training-token-11")
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DEVICE = {"imei": "356938035643809", "iccid": "8901410321118510720", "username": "ana"}
REGISTER, UPDATE = "/device_app_register/", "/device_app_user_update/"


@pytest.fixture
def gate() -> Iterator[TrainingGate]:
    with TrainingGate(token=TOKEN, now=lambda: NOW) as gate:
        yield gate


def call(
    gate: TrainingGate,
    path: str,
    body: object = None,
    *,
    key: str = "",
    token: Secret = TOKEN,
    method: str = "",
) -> tuple[int, Any, http.client.HTTPMessage]:
    host, _, base = gate.base_url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=20)
    headers = {"Authorization": f"Bearer {token.reveal()}", "Content-Type": "application/json"}
    if key:
        headers["Idempotency-Key"] = key
    raw = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
    try:
        connection.request(method or ("GET" if raw is None else "POST"), f"/{base}{path}", raw, headers)
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    is_json = answer.headers.get("Content-Type") == "application/json"
    return answer.status, json.loads(content) if is_json and content else content, answer.headers


def register(gate: TrainingGate, **fields: str) -> tuple[int, Any]:
    return call(gate, REGISTER, fields)[:2]


def update(gate: TrainingGate, **fields: str) -> tuple[int, Any]:
    return call(gate, UPDATE, {"data": json.dumps(fields)})[:2]


def test_a_registration_is_stored_and_answered_with_its_record(gate: TrainingGate) -> None:
    status, answer = register(gate, **DEVICE)
    assert (status, answer) == (
        201,
        {
            "registration_id": "reg_000001",
            "status": "registered",
            "device_token": "device_token_000001",
            "registration_timestamp": "2026-03-01T12:00:00Z",
            "expires_at": "2026-08-30T12:00:00Z",
            **DEVICE,
        },
    )
    assert gate.records == [answer]
    (request,) = gate.requests
    assert (request.method, request.path, request.authorized) == ("POST", "/api/v1/device_app_register/", True)
    assert json.loads(request.body) == DEVICE


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"imei": "35693803564380"}, "imei"),
        ({"imei": "35693803564380x"}, "imei"),
        ({"imei": ""}, "imei"),
        ({"imei": 356938035643809}, "imei"),
        ({"generic_id": "a", "number": "5551234"}, "number"),
        ({"generic_id": "a", "iccid": "89"}, "iccid"),
        ({"generic_id": "a", "imsi": "31026012345678901"}, "imsi"),
        ({"generic_id": "a", "mac_addr": "x"}, "mac_addr"),
        ({"generic_id": "a" * 256}, "generic_id"),
        ({"username": "ana"}, "non_field_errors"),
    ],
)
def test_a_bad_registration_is_refused_by_field(gate: TrainingGate, fields: dict[str, object], named: str) -> None:
    status, answer, _ = call(gate, REGISTER, fields)
    assert status == 400
    assert list(answer) == [named]
    assert gate.records == []


def test_a_bad_update_is_422(gate: TrainingGate) -> None:
    register(gate, **DEVICE)
    assert update(gate, imei="12")[0] == 422
    assert update(gate, username="nobody") == (422, {"detail": "No device matches."})


def test_a_device_is_registered_once(gate: TrainingGate) -> None:
    register(gate, imei="356938035643809", generic_id="one")
    assert register(gate, imei="356938035643809")[0] == 409
    assert register(gate, imei="356938035643817", generic_id="one")[0] == 409
    assert register(gate, imei="356938035643817", generic_id="two")[0] == 201
    assert len(gate.records) == 2


def test_the_same_key_gets_the_same_answer_unless_keys_are_not_honoured(gate: TrainingGate) -> None:
    first = call(gate, REGISTER, DEVICE, key="one")
    assert call(gate, REGISTER, DEVICE, key="one")[:2] == first[:2]
    assert call(gate, REGISTER, {"imei": "356938035643817"}, key="one")[0] == 422
    assert call(gate, REGISTER, DEVICE, key="two")[0] == 409
    gate.honours_keys = False
    assert call(gate, REGISTER, DEVICE, key="one")[0] == 409
    assert len(gate.records) == 1


def test_a_refused_request_may_come_again_corrected_under_its_key(gate: TrainingGate) -> None:
    assert call(gate, REGISTER, {"imei": "1"}, key="one")[0] == 400
    assert call(gate, REGISTER, DEVICE, key="one")[0] == 201


@pytest.mark.parametrize(
    ("fields", "changed"),
    [
        ({"imei": "356938035643809", "iccid": "89014103211118510720", "imsi": "310260123456789"}, 0),
        ({"imei": "490154203237518", "username": "ana"}, 0),
        ({"generic_id": "second", "username": "ana"}, 1),
        ({"username": "ana", "user_class": "basic"}, 1),
    ],
)
def test_an_update_finds_its_record_by_the_most_anchors_then_the_newest(
    gate: TrainingGate, fields: dict[str, str], changed: int
) -> None:
    register(gate, **DEVICE)
    register(gate, generic_id="second", username="ana" if changed else "ben")
    before = gate.records
    status, answer = update(gate, **fields)
    assert status == 201
    expected = {**before[changed], **fields, "updated_at": "2026-03-01T12:00:00Z", "status": "success"}
    assert gate.records[changed] == expected
    assert gate.records[1 - changed] == before[1 - changed]
    assert answer == {key: value for key, value in expected.items() if key != "device_token"}


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"x"', b'{"number": "1"}', b'{"data": {"imei": "1"}}', b'{"data": "{"}', b'{"data": "[]"}'],
)
def test_a_body_of_the_wrong_shape_is_refused(gate: TrainingGate, body: bytes) -> None:
    assert call(gate, UPDATE, body)[0] == 400


def test_the_shapes_can_be_swapped() -> None:
    with TrainingGate(register_body="data-string", update_body="fields", token=TOKEN) as gate:
        assert call(gate, REGISTER, DEVICE)[:2] == (400, {"data": ["This field is required."]})
        assert call(gate, REGISTER, {"data": json.dumps(DEVICE)})[0] == 201
        assert call(gate, UPDATE, {"username": "ana", "user_class": "basic"})[0] == 201


def test_a_token_a_path_and_a_method_that_are_wrong(gate: TrainingGate) -> None:
    assert call(gate, REGISTER, DEVICE, token=Secret("other"))[:2] == (401, {"detail": "Invalid token."})
    assert not gate.requests[0].authorized
    assert call(gate, "/device_app_register", DEVICE)[0] == 404
    assert call(gate, REGISTER)[0] == 405
    assert call(gate, "/me/organization/", {})[0] == 405
    assert call(gate, "/me/organization/", token=Secret("other"))[0] == 401
    assert call(gate, "/me/organization/")[1]["name"] == "training-store"
    assert gate.records == []


def test_every_gate_has_a_token_of_its_own() -> None:
    assert TrainingGate().token != TrainingGate().token


def test_faults_wait_their_turn_and_then_it_works_again(gate: TrainingGate) -> None:
    gate.fail_next(Fault.NONE, Fault.SERVER_ERROR, Fault.UNAVAILABLE, Fault.UNAUTHORIZED)
    statuses = [register(gate, imei=f"{number:015}")[0] for number in range(5)]
    assert statuses == [201, 500, 503, 401, 201]
    assert [record["imei"] for record in gate.records] == ["0" * 15, "000000000000004"]
    gate.always = Fault.FORBIDDEN
    assert [register(gate, **DEVICE)[0] for _ in range(2)] == [403, 403]
    gate.fail_next(Fault.BUSY)
    gate.forget_faults()
    assert register(gate, **DEVICE)[0] == 201


def test_answers_of_single_faults(gate: TrainingGate) -> None:
    gate.fail_next(Fault.REDIRECT, Fault.BUSY_SECONDS, Fault.BUSY_DATE, Fault.PORTAL, Fault.ICCID_CHANGED)
    status, _, headers = call(gate, REGISTER, DEVICE)
    assert (status, headers["Location"]) == (302, ELSEWHERE)
    assert call(gate, REGISTER, DEVICE)[2]["Retry-After"] == "2"
    assert call(gate, REGISTER, DEVICE)[2]["Retry-After"] == "Sun, 01 Mar 2026 12:00:02 GMT"
    assert call(gate, REGISTER, DEVICE)[1].startswith(b"<!doctype html>")
    assert call(gate, REGISTER, DEVICE)[1]["iccid"] == "89014103211118510720"


def test_a_refusal_meets_no_fault_but_its_travel(gate: TrainingGate) -> None:
    gate.fail_next(Fault.EMPTY, Fault.LOST_ANSWER)
    assert register(gate, imei="1")[0] == 400
    with pytest.raises(ConnectionResetError):
        register(gate, imei="1")


def test_a_lost_answer_is_stored_and_a_reset_before_it_is_not(gate: TrainingGate) -> None:
    gate.fail_next(Fault.RESET_BEFORE, Fault.LOST_ANSWER)
    for stored in (0, 1):
        with pytest.raises(ConnectionResetError):
            register(gate, **DEVICE)
        assert len(gate.records) == stored


def test_a_cut_answer_ends_early(gate: TrainingGate) -> None:
    gate.fail_next(Fault.CUT)
    with pytest.raises(http.client.IncompleteRead):
        register(gate, **DEVICE)


def test_a_drip_is_whole_in_the_end(gate: TrainingGate) -> None:
    gate.drip_s = 0.0001
    gate.fail_next(Fault.DRIP)
    assert register(gate, **DEVICE)[0] == 201


def test_a_closed_door_refuses_and_ends_what_stalls(gate: TrainingGate) -> None:
    host, port = gate.base_url.split("/")[2].split(":")
    gate.fail_next(Fault.STALL)
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(b"GET /api/v1/me/organization/ HTTP/1.1\r\n\r\n")
        assert gate.wait_for_requests(1, timeout_s=20)
        gate.close_door()
        assert connection.recv(100) == b""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)), timeout=20)
    gate.open_door()
    assert register(gate, **DEVICE)[0] == 201
    assert not gate.wait_for_requests(99, timeout_s=0.01)


def test_a_request_that_is_too_large_is_not_read(gate: TrainingGate) -> None:
    host, port = gate.base_url.split("/")[2].split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(b"POST /api/v1/device_app_register/ HTTP/1.1\r\nContent-Length: 1000001\r\n\r\n")
        assert connection.recv(12) == b"HTTP/1.1 413"
    assert gate.requests == []


def test_a_request_whose_sender_ended_in_the_middle_is_none(gate: TrainingGate) -> None:
    host, port = gate.base_url.split("/")[2].split(":")
    with socket.create_connection((host, int(port)), timeout=20) as sender:
        sender.sendall(b"POST /api/v1/device_app_register/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
        sender.shutdown(socket.SHUT_WR)
        assert sender.recv(1) == b""
    assert gate.requests == []
