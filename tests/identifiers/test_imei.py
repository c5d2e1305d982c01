"""IMEI, MEID and the Luhn digit: every rule with an example, and what holds for all of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identifiers import imei, luhn, meid
from app.identifiers.verdict import Grade, Verdict

GOOD = "356938035643809"
BODIES = st.text("0123456789", min_size=14, max_size=14).filter(lambda body: len(set(body)) > 1)
HEX_BODIES = st.builds(str.__add__, st.sampled_from("ABCDEF"), st.text("0123456789ABCDEF", min_size=13, max_size=13))


def codes(verdict: Verdict) -> list[str]:
    return [finding.code for finding in verdict.findings]


def offered(verdict: Verdict) -> dict[str, str]:
    return {offer.code: offer.value.reveal() for offer in verdict.offers}


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        f"  {GOOD}\r\n",
        "356938 035643 809",
        "35-693803-564380-9",
        "35\u2011693803\u2013564380\u00a09",
        "\u200e356938035643809\u200b",
    ],
)
def test_spaces_and_dashes_are_dropped(text: str) -> None:
    verdict = imei.check(text)
    assert verdict.value is not None
    assert verdict.value.reveal() == GOOD
    assert verdict.grade is Grade.OK


@pytest.mark.parametrize(
    ("text", "code", "kept"),
    [
        ("", "imei.characters", False),
        ("35693803564380X", "imei.characters", False),
        ("٣٥٦٩٣٨٠٣٥٦٤٣٨٠٩", "imei.characters", False),
        ("35693803564", "imei.length", False),
        ("35693803564380", "imei.length", False),
        ("356938035643809123", "imei.length", False),
        ("3569380356438012", "imei.is-imeisv", False),
        (GOOD[:-1] + "8", "imei.check-digit", True),
        ("123456789012345", "imei.check-digit", True),
        ("000000000000000", "imei.unprogrammed", True),
        ("888888888888888", "imei.unprogrammed", True),
        ("11111111111111", "imei.unprogrammed", False),
        ("0000000000000000", "imei.unprogrammed", False),
        ("A10000009296F2", "imei.is-meid", False),
        ("a1000000 9296f2", "imei.is-meid", False),
        ("270113178211300850", "imei.is-meid", False),
        ("80D9BBCA", "imei.characters", False),
    ],
)
def test_what_is_no_imei(text: str, code: str, kept: bool) -> None:
    verdict = imei.check(text)
    assert verdict.grade is Grade.ERROR
    assert codes(verdict) == [code]
    assert (verdict.value is not None) is kept


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        ("35693803564380", {"imei.add-check-digit": GOOD}),
        ("3569380356438012", {"imei.from-imeisv": GOOD}),
        ("35693803564380912", {"imei.from-imeisv": GOOD}),
        ("35693803564380" + "12" + luhn.check_digit("3569380356438012"), {"imei.from-imeisv": GOOD}),
        ("35693803564380913", {"imei.from-imeisv": GOOD}),
        ("356938035643800", {"imei.spare-digit": GOOD}),
        ("356938035643805", {}),
        ("35693803564380012", {}),
        ("00000000000000", {}),
        (GOOD, {}),
    ],
)
def test_conversions_are_offered(text: str, offers: dict[str, str]) -> None:
    assert offered(imei.check(text)) == offers


def test_lenient_makes_a_wrong_check_digit_a_warning_and_nothing_else() -> None:
    assert imei.check("123456789012345", lenient=True).grade is Grade.WARNING
    assert imei.check("356938035643800", lenient=True).grade is Grade.WARNING
    assert imei.check("000000000000000", lenient=True).grade is Grade.ERROR
    assert imei.check("35693803564", lenient=True).grade is Grade.ERROR


def test_group() -> None:
    assert imei.group(GOOD) == "356938 035643 809"
    assert imei.group("35693803564380") == "35693803564380"
    assert imei.group("not an imei") == "not an imei"


@given(BODIES)
def test_the_computed_digit_is_right(body: str) -> None:
    whole = imei.from_body(body)
    assert imei.check(whole).grade is Grade.OK
    assert offered(imei.check(body)) == {"imei.add-check-digit": whole}
    assert imei.group(whole).replace(" ", "") == whole


@given(BODIES, st.integers(0, 14), st.integers(1, 9))
def test_every_changed_digit_is_caught(body: str, place: int, step: int) -> None:
    whole = imei.from_body(body)
    changed = whole[:place] + str((int(whole[place]) + step) % 10) + whole[place + 1 :]
    assert imei.check(changed).grade is Grade.ERROR


@given(BODIES, st.integers(0, 13))
def test_swapped_neighbours_are_caught_but_for_09(body: str, place: int) -> None:
    whole = imei.from_body(body)
    pair = whole[place : place + 2]
    swapped = whole[:place] + pair[::-1] + whole[place + 2 :]
    missed = pair[0] == pair[1] or set(pair) == {"0", "9"}
    assert luhn.is_valid(swapped) is missed


@pytest.mark.parametrize(("digits", "digit"), [("7992739871", "3"), ("35693803564380", "9"), ("0", "0")])
def test_luhn_digit(digits: str, digit: str) -> None:
    assert luhn.check_digit(digits) == digit
    assert luhn.is_valid(digits + digit)


@pytest.mark.parametrize("text", ["", "5", "79927398710", "7992739871x", "7992739871٣"])
def test_luhn_refuses(text: str) -> None:
    assert not luhn.is_valid(text)


def test_luhn_digit_of_no_number() -> None:
    with pytest.raises(ValueError, match="substring"):
        luhn.check_digit("12A")


@pytest.mark.parametrize(
    ("text", "value", "found"),
    [
        ("A10000009296F2", "A10000009296F2", []),
        ("a1 0000 0092 96f2", "A10000009296F2", []),
        ("AF0123450ABCDEC", "AF0123450ABCDE", []),
        ("AF0123450ABCDE1", "AF0123450ABCDE", ["meid.check-digit"]),
        ("293608736500703710", "AF0123450ABCDE", []),
        ("FFFFFFFFFFFFFF", "FFFFFFFFFFFFFF", ["meid.unprogrammed"]),
        ("35693803564380", None, ["meid.form"]),
        ("9A0000009296F2", None, ["meid.form"]),
        ("293608736599999999", None, ["meid.form"]),
        ("80D9BBCA", None, ["meid.form"]),
        ("", None, ["meid.form"]),
    ],
)
def test_meid(text: str, value: str | None, found: list[str]) -> None:
    verdict = meid.check(text)
    assert (verdict.value.reveal() if verdict.value else None) == value
    assert codes(verdict) == found


@given(HEX_BODIES)
def test_meid_forms_agree(body: str) -> None:
    decimal = f"{int(body[:8], 16):010d}{int(body[8:], 16):08d}"
    whole = body + luhn.check_digit(body, base=16)
    assert meid.check(decimal).value == meid.check(whole).value == meid.check(body).value
    assert meid.is_meid(decimal)
    assert codes(imei.check(decimal)) == ["imei.is-meid"]
    assert meid.group(body).replace(" ", "") == body
