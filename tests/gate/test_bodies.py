"""Reading what the gate says of an error, in the forms a Django REST service has."""

from __future__ import annotations

import json

import pytest

from app.gate.bodies import LONGEST_MESSAGE, MOST_MESSAGES, Scrub, messages_in

JSON = "application/json"


def said(value: object, content_type: str = JSON) -> list[tuple[str, str]]:
    return list(messages_in(json.dumps(value).encode(), content_type))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"detail": "Not found."}, [("", "Not found.")]),
        ({"imei": ["Too short.", "Not digits."]}, [("imei", "Too short."), ("imei", "Not digits.")]),
        ({"imei": "Too short."}, [("imei", "Too short.")]),
        ({"password": ["This field may not be blank."]}, [("password", "This field may not be blank.")]),
        ({"non_field_errors": ["Name the device."]}, [("", "Name the device.")]),
        ({"data": {"imei": ["Too short."]}}, [("imei", "Too short.")]),
        ({"data": ["Value must be valid JSON."]}, [("", "Value must be valid JSON.")]),
        ({"errors": {"iccid": ["Bad."]}}, [("iccid", "Bad.")]),
        ({"errors": [{"field": "imei", "message": "Bad."}]}, [("imei", "Bad.")]),
        ({"errors": [{"field": "data.imei", "detail": "Bad.", "code": "invalid"}]}, [("imei", "Bad.")]),
        ({"imei": [{"message": "Bad.", "code": "invalid"}]}, [("imei", "Bad.")]),
        ({"data.imei": ["Bad."]}, [("imei", "Bad.")]),
        ({"errors": {"0": {"imei": ["Bad."]}}}, [("imei", "Bad.")]),
        ({"plan": ["Unknown."]}, [("", "plan: Unknown.")]),
        ({"detail": {"imei": ["Bad."]}, "status": "error", "code": 400}, [("imei", "Bad.")]),
        (["One.", "Two."], [("", "One."), ("", "Two.")]),
        ("Just this.", [("", "Just this.")]),
        ({"status": "error"}, [("", "status: error")]),
        ({"detail": "Twice.", "message": "Twice."}, [("", "Twice.")]),
        ({"detail": "two\nlines\tand\u0000more"}, [("", "two lines and more")]),
        ({}, [("", "{}")]),
        ({"code": 5}, [("", '{"code": 5}')]),
    ],
)
def test_forms(value: object, expected: list[tuple[str, str]]) -> None:
    assert said(value) == expected


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (b"", JSON, []),
        (b"   ", "", []),
        (b"Bad request", "text/plain", [("", "Bad request")]),
        (b'{"cut": ', JSON, [("", '{"cut":')]),
        (
            b"<html><head><title>x</title><style>p{}</style></head><body><h1>Bad &amp; wrong</h1><script>a()</script>"
            b"<p>Go\n away</p></body></html>",
            "text/html",
            [("", "Bad & wrong Go away")],
        ),
        (b"caf\xe9", "text/plain", [("", "caf\ufffd")]),
        (b'{"detail": "half \\ud800 pair"}', JSON, [("", "half pair")]),
        (b"[" * 50_000, JSON, [("", "[" * (LONGEST_MESSAGE - 1) + "…")]),
    ],
)
def test_other_bodies_are_text(body: bytes, content_type: str, expected: list[tuple[str, str]]) -> None:
    assert list(messages_in(body, content_type)) == expected


def test_long_texts_and_long_lists_are_cut() -> None:
    assert [len(text) for _, text in said({"detail": "word " * 1000})] == [LONGEST_MESSAGE]
    assert len(said({"errors": [f"number {count}" for count in range(500)]})) == MOST_MESSAGES


def test_a_scrub_takes_the_longest_first_and_leaves_short_and_open_texts() -> None:
    scrub = Scrub(frozenset({"abc", "token-1", "token-1-long"}), {"imei": "356938035643809", "user_class": "premium"})
    assert (
        scrub.text("abc token-1-long token-1 356938035643809 premium")
        == "abc •••••••• •••••••• •••••••••••3809 premium"
    )
    assert scrub.secrets_in({"a": ["x token-1", 5, None], "imei": "356938035643809"}) == {
        "a": ["x ••••••••", 5, None],
        "imei": "356938035643809",
    }
