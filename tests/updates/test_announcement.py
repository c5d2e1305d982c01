"""What is believed of an announcement: only what a pinned key signed, byte for byte, and while it is good."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from app.updates.announcement import MOST_BYTES, read, release_keys
from app.updates.errors import UpdateRefused
from tests.peers.releases import GOOD, PAGE, announced, public, signed

KEY, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
KEYS = (public(KEY),)
PAYLOAD = announced(KEY).partition(b"\n")[2]
FIRST_LINE = announced(KEY).removesuffix(PAYLOAD)
NOW = datetime(2026, 12, 1, tzinfo=UTC)
EXPIRES = datetime(2027, 3, 1, tzinfo=UTC)


def test_what_a_pinned_key_signed_is_read() -> None:
    release = read(announced(KEY), KEYS, NOW)
    assert (release.version, release.page, release.expires) == ("9.0.0", PAGE, EXPIRES)


def test_any_of_the_pinned_keys_will_do_so_that_one_can_follow_another() -> None:
    assert read(announced(OTHER), (*KEYS, public(OTHER)), NOW).version == "9.0.0"


@given(st.integers(min_value=0, max_value=len(PAYLOAD) - 1), st.integers(min_value=1, max_value=255))
def test_no_byte_of_what_is_signed_can_be_changed(place: int, change: int) -> None:
    changed = bytearray(PAYLOAD)
    changed[place] ^= change
    with pytest.raises(UpdateRefused, match="not signed"):
        read(FIRST_LINE + bytes(changed), KEYS, NOW)


@pytest.mark.parametrize("keys", [(), (public(OTHER),)])
def test_another_key_is_not_believed(keys: tuple[bytes, ...]) -> None:
    with pytest.raises(UpdateRefused, match="not signed by the makers"):
        read(announced(KEY), keys, NOW)


def test_what_the_key_signed_for_something_else_is_not_believed() -> None:
    with pytest.raises(UpdateRefused, match="not signed"):
        read(b"Ed25519 " + base64.b64encode(KEY.sign(PAYLOAD)) + b"\n" + PAYLOAD, KEYS, NOW)


def test_nothing_is_parsed_before_the_signature_is_right() -> None:
    with pytest.raises(UpdateRefused, match="not signed"):
        read(signed(OTHER, b"not even JSON"), KEYS, NOW)
    with pytest.raises(UpdateRefused, match="not well formed"):
        read(signed(KEY, b"not even JSON"), KEYS, NOW)


@pytest.mark.parametrize("raw", [b"", b"\n", b"<html>Sign in</html>\n", b"Ed25519", b"Ed25519 \n{}", b"Ed25519 *\n{}"])
def test_what_is_no_announcement_is_refused(raw: bytes) -> None:
    with pytest.raises(UpdateRefused):
        read(raw, KEYS, NOW)


def test_one_that_is_too_large_is_refused_though_it_is_signed() -> None:
    with pytest.raises(UpdateRefused, match="too large"):
        read(announced(KEY) + b" " * MOST_BYTES, KEYS, NOW)


def test_one_that_has_expired_is_refused_with_the_day() -> None:
    assert read(announced(KEY), KEYS, EXPIRES - timedelta(seconds=1))
    with pytest.raises(UpdateRefused, match="good until 2027-03-01") as told:
        read(announced(KEY), KEYS, EXPIRES)
    assert "clock" in told.value.remedy


@pytest.mark.parametrize(
    "other",
    [
        {"version": "newest"},
        {"version": 9},
        {"page": "http://www.example.com/9"},
        {"page": "https://"},
        {"page": "https://someone@www.example.com/9"},
        {"page": "file:///etc/passwd"},
        {"expires": "tomorrow"},
        {"expires": "2027-03-01T00:00:00"},
        {"run": "setup.exe"},
    ],
)
def test_a_signed_one_of_another_form_is_refused(other: dict[str, object]) -> None:
    with pytest.raises(UpdateRefused, match="not well formed"):
        read(announced(KEY, **other), KEYS, NOW)


@pytest.mark.parametrize("payload", [b"[]", b"null", b"{}", b'{"version": "9.0.0"}', b"\xff"])
def test_a_signed_one_without_its_parts_is_refused(payload: bytes) -> None:
    with pytest.raises(UpdateRefused, match="not well formed"):
        read(signed(KEY, payload), KEYS, NOW)


def test_a_pinned_key_is_a_public_key() -> None:
    assert all(len(key) == len(public(KEY)) for key in release_keys())
    assert set(GOOD) == {"version", "page", "expires"}
