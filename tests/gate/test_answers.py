"""The table of answers: what each status, body and header means for a submission."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.gate.answers import LONGEST_WAIT_S, read, retry_after_s
from app.gate.endpoints import ORGANIZATION, ROWS
from app.gate.reply import NoReply, Reply
from app.provisioning.fields import Kind
from app.provisioning.outcome import Difference, FieldMessage, Outcome, Result

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
IMEI = "356938035643809"
SECRET = "canary-push-key"
JSON = {"content-type": "application/json"}


def outcome(
    status: int,
    body: object = b"",
    headers: dict[str, str] | None = None,
    whole: bool = True,
    sent: dict[str, str] | None = None,
) -> Outcome:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    reply = Reply(status, JSON if headers is None else headers, raw, whole)
    return read(reply, ROWS[Kind.REGISTER], sent=sent or {}, secrets=frozenset({SECRET}), now=NOW)


@pytest.mark.parametrize(
    ("status", "result", "code"),
    [
        (200, Result.ACCEPTED, "gate.accepted"),
        (201, Result.ACCEPTED, "gate.accepted"),
        (202, Result.ACCEPTED, "gate.accepted"),
        (203, Result.UNKNOWN, "gate.no-proof"),
        (204, Result.UNKNOWN, "gate.no-proof"),
        (226, Result.UNKNOWN, "gate.no-proof"),
        (301, Result.FAILED, "gate.not-the-gate"),
        (302, Result.FAILED, "gate.not-the-gate"),
        (304, Result.FAILED, "gate.not-the-gate"),
        (308, Result.FAILED, "gate.not-the-gate"),
        (400, Result.REJECTED, "gate.rejected"),
        (401, Result.HELD, "gate.token-refused"),
        (402, Result.REJECTED, "gate.rejected"),
        (403, Result.HELD, "gate.forbidden"),
        (404, Result.HELD, "gate.address-wrong"),
        (405, Result.HELD, "gate.address-wrong"),
        (407, Result.FAILED, "gate.proxy"),
        (408, Result.FAILED, "gate.failed"),
        (409, Result.CONFLICT, "gate.conflict"),
        (413, Result.REJECTED, "gate.rejected"),
        (422, Result.REJECTED, "gate.rejected"),
        (425, Result.FAILED, "gate.failed"),
        (429, Result.BUSY, "gate.busy"),
        (451, Result.REJECTED, "gate.rejected"),
        (500, Result.FAILED, "gate.failed"),
        (502, Result.FAILED, "gate.failed"),
        (503, Result.FAILED, "gate.failed"),
        (504, Result.FAILED, "gate.failed"),
        (511, Result.FAILED, "gate.not-the-gate"),
        (599, Result.FAILED, "gate.failed"),
        (101, Result.FAILED, "gate.not-the-gate"),
        (999, Result.FAILED, "gate.not-the-gate"),
    ],
)
def test_each_status_with_a_json_object(status: int, result: Result, code: str) -> None:
    found = outcome(status, {"status": "ok"})
    assert (found.result, found.code, found.status) == (result, code, status)
    assert found.message.endswith((".", "ok"))


@pytest.mark.parametrize(
    "content_type", ["application/json", "Application/JSON; charset=utf-8", "application/hal+json"]
)
def test_json_types_are_accepted(content_type: str) -> None:
    assert outcome(201, {}, {"content-type": content_type}).result is Result.ACCEPTED


def test_a_whole_object_needs_no_content_type() -> None:
    assert outcome(201, {"imei": IMEI}, {}).result is Result.ACCEPTED


@pytest.mark.parametrize(
    ("body", "headers", "result"),
    [
        (b"<html>Sign in</html>", {"content-type": "text/html"}, Result.FAILED),
        (b" <!doctype html>", {}, Result.FAILED),
        (b"Welcome", {"content-type": "text/plain"}, Result.FAILED),
        (b"<html>", JSON, Result.UNKNOWN),
        (b"", JSON, Result.UNKNOWN),
        (b"", {"content-type": "text/html"}, Result.UNKNOWN),
        (b"  \r\n", {}, Result.UNKNOWN),
        (b'{"imei": "35693', JSON, Result.UNKNOWN),
        (b'{"imei": 1} trailing', JSON, Result.UNKNOWN),
        (b'[{"imei": "1"}]', JSON, Result.UNKNOWN),
        (b"null", JSON, Result.UNKNOWN),
        (b'"created"', JSON, Result.UNKNOWN),
        (b'{"value": NaN}', JSON, Result.UNKNOWN),
        (b'{"value": "\\ud800"}', JSON, Result.UNKNOWN),
        (b'{"value": "\xff"}', JSON, Result.UNKNOWN),
        (b'{"a":' * 40 + b"1" + b"}" * 40, JSON, Result.UNKNOWN),
        (b'{"a":' * 100_000, JSON, Result.UNKNOWN),
        (b'{"value": ' + b"9" * 5000 + b"}", JSON, Result.UNKNOWN),
        (b'{"imei": "1"}', {"content-type": "text/html"}, Result.UNKNOWN),
    ],
)
def test_what_is_not_the_gates_record_is_not_accepted(body: bytes, headers: dict[str, str], result: Result) -> None:
    for status in (200, 201, 202):
        assert outcome(status, body, headers).result is result


def test_a_cut_answer_leaves_open_whether_it_was_stored() -> None:
    assert outcome(201, {"imei": IMEI}, whole=False).result is Result.UNKNOWN


@pytest.mark.parametrize(("status", "result"), [(400, Result.REJECTED), (401, Result.HELD), (503, Result.FAILED)])
def test_a_refusal_stands_without_its_body(status: int, result: Result) -> None:
    found = outcome(status, b'{"imei": ["cut he', whole=False)
    assert (found.result, found.problems) == (result, ())


@pytest.mark.parametrize(("sent", "result"), [(True, Result.UNKNOWN), (False, Result.UNREACHABLE)])
def test_no_answer(sent: bool, result: Result) -> None:
    found = read(NoReply(sent, "gate.cut", "Cut."), ROWS[Kind.UPDATE], sent={})
    assert found == Outcome(result, "gate.cut", "Cut.")


def test_an_organization_comes_with_200_only() -> None:
    reply = Reply(201, JSON, b'{"name": "Shop"}')
    assert read(reply, ORGANIZATION, sent={}).result is Result.UNKNOWN


def test_the_record_is_kept_with_unknown_fields_and_without_secrets() -> None:
    record = {
        "registration_id": "reg_12345abcdef",
        "app_config": {
            "api_refresh_interval": 300,
            "device_token": "hidden",
            "flags": [{"password": "hidden", "b": 1}],
        },
        "device_token": "hidden",
        "push_key": "hidden",
        "password": "hidden",
        "note": f"key {SECRET} stored",
        "expires_at": "2024-07-15T10:30:00Z",
        "imei": IMEI,
    }
    found = outcome(201, record, sent={"imei": IMEI})
    assert found.answer == {
        "registration_id": "reg_12345abcdef",
        "app_config": {"api_refresh_interval": 300, "flags": [{"b": 1}]},
        "note": "key •••••••• stored",
        "expires_at": "2024-07-15T10:30:00Z",
        "imei": IMEI,
    }
    assert found.expires_at == "2024-07-15T10:30:00Z"
    assert found.differences == ()


def test_what_an_attempt_came_to_prints_nothing_of_the_record() -> None:
    stored = outcome(201, {"imei": "490154203237518", "username": "ana"}, sent={"imei": IMEI})
    assert stored.differences == (Difference("imei", IMEI, "490154203237518"),)
    assert repr(stored) == "Outcome(accepted, gate.accepted, 201)"
    assert [IMEI[:8] in repr(each) for each in stored.differences] == [False]


@pytest.mark.parametrize("expires_at", [None, 5, "", ["2024"]])
def test_an_expiry_that_is_no_text_is_none(expires_at: object) -> None:
    assert outcome(201, {"expires_at": expires_at}).expires_at is None


@pytest.mark.parametrize(
    ("sent", "stored", "shown"),
    [
        ("8901410321118510720", "89014103211118510720", "89014103211118510720"),
        (IMEI, int(IMEI), ...),
        ("17.2", 17.2, ...),
        ("17", 17.5, "17.5"),
        ("premium", None, None),
        ("true", True, ...),
        ("premium", "Premium", "Premium"),
        ("007", 7, "7"),
        ("x", ["x"], "['x']"),
    ],
)
def test_differences_are_by_what_is_written(sent: str, stored: object, shown: object) -> None:
    for key in ("iccid", "user_class"):
        found = outcome(201, {key: stored}, sent={key: sent})
        expected = () if shown is ... else (Difference(key, sent, shown if shown is None else str(shown)),)
        assert found.differences == expected
        assert ("differs" in found.message) is bool(expected)


def test_only_fields_on_both_sides_differ_and_never_secret_ones() -> None:
    record: dict[str, Any] = {"imsi": "310260123456789", "password": "other", "user_class": "basic"}
    found = outcome(201, record, sent={"password": "$2a$10$sent", "user_class": "premium", "imei": IMEI})
    assert found.differences == (Difference("user_class", "premium", "basic"),)


@pytest.mark.parametrize(
    ("location", "host"),
    [
        ("https://portal.example/login?token=abc", "portal.example"),
        ("//elsewhere.example:8080/x", "elsewhere.example"),
        ("/login", "another page"),
        ("", "another page"),
        ("http://[bad", "another page"),
        ("https://<script>/", "another page"),
    ],
)
def test_a_redirect_names_the_host_only(location: str, host: str) -> None:
    found = outcome(302, b"", {"location": location})
    assert found.message == f"The answer pointed to {host}, which was not followed."


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "120"}, 120.0),
        ({"retry-after": " 1.5 "}, 1.5),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "٣"}, None),
        ({"retry-after": "9" * 400}, LONGEST_WAIT_S),
        ({"retry-after": "Sun, 01 Mar 2026 12:00:30 GMT"}, 30.0),
        ({"retry-after": "Sunday, 01-Mar-26 12:00:30 GMT"}, 30.0),
        ({"retry-after": "Sun, 01 Mar 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after": "Sun, 01 Mar 2099 12:00:00 GMT"}, LONGEST_WAIT_S),
        ({"retry-after": "Sun, 01 Mar 99999 12:00:00 GMT"}, None),
        # The gate's clock is a year behind this one; its own Date tells how long it means.
        ({"retry-after": "Sat, 01 Mar 2025 12:00:45 GMT", "date": "Sat, 01 Mar 2025 12:00:00 GMT"}, 45.0),
        ({"retry-after": "Sun, 01 Mar 2026 12:00:30 GMT", "date": "nonsense"}, 30.0),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_s(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("status", "kept"), [(429, 7.0), (503, 7.0), (408, 7.0), (400, None), (401, None), (409, None)]
)
def test_retry_after_counts_where_it_is_tried_again(status: int, kept: float | None) -> None:
    assert outcome(status, {"detail": "x"}, {**JSON, "retry-after": "7"}).retry_after_s == kept


def test_a_refusal_says_what_the_gate_says_without_repeating_identifiers() -> None:
    found = outcome(400, {"imei": [f"{IMEI} is in use, key {SECRET}."], "detail": "Look again."}, sent={"imei": IMEI})
    assert found.problems == (
        FieldMessage("imei", "•••••••••••3809 is in use, key ••••••••."),
        FieldMessage("", "Look again."),
    )
    assert found.message == "The gate refused it. IMEI: •••••••••••3809 is in use, key ••••••••."


HEADER_VALUES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["application/json", "text/html", "10", "-1", "Sun, 01 Mar 2026 12:00:30 GMT", "https://a.example"]
    ),
)
HEADERS = st.dictionaries(
    st.sampled_from(["content-type", "retry-after", "date", "location"]), HEADER_VALUES, max_size=4
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["imei", "iccid", "detail", "errors", "data", "field", "message", "x"]), inner),
    ),
    max_leaves=8,
)
BODIES = st.one_of(st.binary(max_size=200), VALUES.map(lambda value: json.dumps(value).encode()))


@settings(max_examples=200)
@given(status=st.integers(100, 999), headers=HEADERS, body=BODIES, whole=st.booleans())
def test_any_answer_has_an_outcome_and_only_an_object_is_accepted(
    status: int, headers: dict[str, str], body: bytes, whole: bool
) -> None:
    found = read(Reply(status, headers, body, whole), ROWS[Kind.REGISTER], sent={"imei": IMEI}, now=NOW)
    assert found.status == status
    assert found.message
    # Storable: the journal keeps it as UTF-8 JSON.
    json.dumps(dict(found.answer), ensure_ascii=False).encode()
    "".join(problem.message for problem in found.problems).encode()
    found.message.encode()
    if found.result is Result.ACCEPTED:
        assert status in {200, 201, 202}
        assert whole
        assert isinstance(json.loads(body), dict)
    assert found.retry_after_s is None or 0 <= found.retry_after_s <= LONGEST_WAIT_S
