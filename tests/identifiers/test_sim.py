"""IMSI, ICCID and EID: every rule with an example, and what holds for all of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identifiers import eid, iccid, imsi, luhn
from app.identifiers.verdict import Grade

ICCID_BODIES = st.builds("89{}".format, st.text("0123456789", min_size=15, max_size=17))


def as_stored(number: str) -> str:
    """EF_ICCID as it stands on the card: F up to 20 nibbles, pairs swapped (3GPP TS 31.102 4.2.1)."""
    padded = number.ljust(20, "F")
    return "".join(padded[index + 1] + padded[index] for index in range(0, 20, 2))


@pytest.mark.parametrize(
    ("text", "value", "found", "grade"),
    [
        ("310260123456789", "310260123456789", [], Grade.OK),
        ("310 260 123-456-789", "310260123456789", [], Grade.OK),
        ("00101012345678", "00101012345678", [], Grade.OK),
        ("262011", "262011", ["imsi.short"], Grade.WARNING),
        ("000010123456789", "000010123456789", ["imsi.mcc"], Grade.WARNING),
        ("2990112345", "2990112345", ["imsi.short", "imsi.mcc"], Grade.WARNING),
        ("26201", None, ["imsi.length"], Grade.ERROR),
        ("3102601234567890", None, ["imsi.length"], Grade.ERROR),
        ("31026012345678X", None, ["imsi.characters"], Grade.ERROR),
        ("", None, ["imsi.characters"], Grade.ERROR),
    ],
)
def test_imsi(text: str, value: str | None, found: list[str], grade: Grade) -> None:
    verdict = imsi.check(text)
    assert (verdict.value.reveal() if verdict.value else None) == value
    assert [finding.code for finding in verdict.findings] == found
    assert verdict.grade is grade


@pytest.mark.parametrize(
    ("text", "grouped"),
    [
        ("310260123456789", "310 260 123456789"),
        ("262011234567890", "262 01 1234567890"),
        ("299011234567890", "299 011234567890"),
        ("262011", "262 01 1"),
        ("26201", "26201"),
        ("no imsi", "no imsi"),
    ],
)
def test_imsi_group(text: str, grouped: str) -> None:
    assert imsi.group(text) == grouped


@pytest.mark.parametrize(
    ("text", "value", "found"),
    [
        ("89014103211118510720", "89014103211118510720", []),
        ("8901 4103 2111 1851 0720", "89014103211118510720", []),
        ("8988211000000430010F", "8988211000000430010", []),
        ("8988211000000430010f", "8988211000000430010", []),
        ("894922000000000019ff", "894922000000000019", []),
        ("8901410321118510720", "8901410321118510720", ["iccid.check-digit"]),
        ("8901260123456789012", "8901260123456789012", ["iccid.check-digit"]),
        ("898603d0123456789012", "898603D0123456789012", ["iccid.hex-letters"]),
        ("89014103211118510", None, ["iccid.length"]),
        ("890141032111185107200", None, ["iccid.length"]),
        ("8901410321111851FFFF", None, ["iccid.length"]),
        ("0044200053671052499", None, ["iccid.prefix"]),
        ("8901410321G118510720", None, ["iccid.characters"]),
        ("FFFFFFFFFFFFFFFFFFFF", None, ["iccid.characters"]),
        ("", None, ["iccid.characters"]),
        ("9844200053671052499", None, ["iccid.prefix"]),
        ("98" * 11, None, ["iccid.prefix"]),
        ("988812010000400310F0", None, ["iccid.swapped"]),
    ],
)
def test_iccid(text: str, value: str | None, found: list[str]) -> None:
    verdict = iccid.check(text)
    assert (verdict.value.reveal() if verdict.value else None) == value
    assert [finding.code for finding in verdict.findings] == found
    assert verdict.grade is (Grade.ERROR if value is None else Grade.WARNING if found else Grade.OK)


@given(ICCID_BODIES)
def test_a_swapped_iccid_is_offered_as_printed(body: str) -> None:
    number = body + luhn.check_digit(body)
    assert iccid.check(number).grade is Grade.OK
    verdict = iccid.check(as_stored(number))
    assert verdict.value is None
    assert [(offer.code, offer.value.reveal()) for offer in verdict.offers] == [("iccid.swap-back", number)]
    assert iccid.group(number).replace(" ", "") == number


@given(st.text())
def test_swapping_twice_changes_nothing(text: str) -> None:
    assert iccid.swap_nibbles(iccid.swap_nibbles(text)) == text


def test_iccid_group() -> None:
    assert iccid.group("89014103211118510720") == "8901 4103 2111 1851 0720"
    assert iccid.group("8988211000000430010F") == "8988 2110 0000 0430 010"
    assert iccid.group("no iccid") == "no iccid"


@pytest.mark.parametrize(
    ("text", "form", "valid"),
    [
        ("89049032000001000000000000000074", True, True),
        ("89049032123451234512345678901235", True, True),
        ("89049032000001000000000000000047", True, False),
        ("00000000000000000000000000000001", False, True),
        ("8904903212345123451234567890123", False, False),
        ("8904903212345123451234567890123X", False, False),
    ],
)
def test_eid(text: str, form: bool, valid: bool) -> None:
    assert (eid.has_form(text), eid.is_valid(text)) == (form, valid)


@given(st.text("0123456789", min_size=28, max_size=28))
def test_one_wrong_digit_of_an_eid_is_seen(body: str) -> None:
    number = f"89{body}"
    number += f"{98 - int(number + '00') % 97:02d}"
    assert eid.is_valid(number)
    for place, digit in enumerate(number):
        assert not eid.is_valid(number[:place] + str((int(digit) + 1) % 10) + number[place + 1 :])
