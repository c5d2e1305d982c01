"""Phone numbers and MAC addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identifiers import mac, msisdn
from app.identifiers.verdict import Grade


@pytest.mark.parametrize(
    ("text", "region", "value", "found", "offers"),
    [
        ("+44 (20) 7946-0958", None, "+442079460958", [], []),
        ("+39 06 6982", "DE", "+39066982", [], []),
        ("\u202a+442079460958\u202c", None, "+442079460958", [], []),
        ("+1234567890", None, "+1234567890", ["msisdn.not-in-plan"], []),
        ("+44 (0)20 7946 0958", None, "+4402079460958", ["msisdn.not-e164"], ["+442079460958"]),
        ("020 7946 0958", "GB", "02079460958", ["msisdn.no-country-code"], ["+442079460958"]),
        ("020 7946 0958", None, "02079460958", ["msisdn.no-country-code"], []),
        ("020 7946 0958", "ZZ", "02079460958", ["msisdn.no-country-code"], []),
        ("00442079460958", None, "00442079460958", ["msisdn.no-country-code"], ["+442079460958"]),
        ("442079460958", None, "442079460958", ["msisdn.no-country-code"], ["+442079460958"]),
        ("51234", "FO", None, ["msisdn.length"], []),
        ("212345", "FO", "212345", ["msisdn.no-country-code"], ["+298212345"]),
        ("+123456", None, None, ["msisdn.length"], []),
        ("+1234567890123456", None, None, ["msisdn.length"], []),
        ("+44 ABC 7946", None, None, ["msisdn.characters"], []),
        ("44+2079460958", None, None, ["msisdn.characters"], []),
        ("++442079460958", None, None, ["msisdn.characters"], []),
        ("", None, None, ["msisdn.characters"], []),
    ],
)
def test_number(text: str, region: str | None, value: str | None, found: list[str], offers: list[str]) -> None:
    verdict = msisdn.check(text, region=region)
    assert (verdict.value.reveal() if verdict.value else None) == value
    assert [finding.code for finding in verdict.findings] == found
    assert [offer.value.reveal() for offer in verdict.offers] == offers
    assert verdict.grade is (Grade.ERROR if value is None else Grade.WARNING if found else Grade.OK)


def test_the_stations_country_comes_before_a_lost_plus() -> None:
    offers = msisdn.check("4930123456", region="US").offers
    assert [offer.value.reveal() for offer in offers] == ["+4930123456"]
    both = msisdn.check("4155552671", region="US").offers
    assert both[0].value.reveal() == "+14155552671"


def test_number_group() -> None:
    assert msisdn.group("+442079460958") == "+44 20 7946 0958"
    assert msisdn.group("+1234567890") == "+1234567890"
    assert msisdn.group("020 7946 0958") == "020 7946 0958"


@given(st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True))
def test_digits_of_a_number_are_never_changed(number: str) -> None:
    value = msisdn.check(number).value
    assert value is not None
    assert value.reveal() == number


@given(st.text("0123456789+ ", max_size=20), st.sampled_from([None, "GB", "US", "IT", "MX"]))
def test_an_offered_number_is_accepted_as_it_is(text: str, region: str | None) -> None:
    for offer in msisdn.check(text, region=region).offers:
        verdict = msisdn.check(offer.value.reveal())
        assert verdict.grade is Grade.OK
        assert verdict.value == offer.value


@pytest.mark.parametrize(
    "text",
    [
        "3C:5A:B4:01:02:03",
        "3c-5a-b4-01-02-03",
        "3c5a.b401.0203",
        "3c5ab4010203",
        " 3C 5A B4 01 02 03 ",
    ],
)
def test_mac_forms(text: str) -> None:
    verdict = mac.check(text)
    assert verdict.value is not None
    assert verdict.value.reveal() == mac.group(text) == "3c:5a:b4:01:02:03"
    assert verdict.grade is Grade.OK


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("02:00:00:00:00:00", "mac.placeholder"),
        ("00-00-00-00-00-00", "mac.zero"),
        ("01:00:5e:00:00:fb", "mac.multicast"),
        ("ff:ff:ff:ff:ff:ff", "mac.multicast"),
    ],
)
def test_addresses_that_name_no_device(text: str, code: str) -> None:
    verdict = mac.check(text)
    assert verdict.grade is Grade.WARNING
    assert [finding.code for finding in verdict.findings] == [code]


@pytest.mark.parametrize(
    "text", ["", "3c:5a:b4:01:02", "3c:5a:b4:01:02:0g", "3c5ab40102034", "3:c5a:b4:01:02:03", "3c:5a:b4:01:02:03:04:05"]
)
def test_what_is_no_mac(text: str) -> None:
    verdict = mac.check(text)
    assert verdict.value is None
    assert [finding.code for finding in verdict.findings] == ["mac.form"]
    assert mac.group(text) == text


@given(st.binary(min_size=6, max_size=6))
def test_every_mac_form_says_the_same(octets: bytes) -> None:
    forms = {octets.hex(), octets.hex(":").upper(), octets.hex("-"), octets.hex(".", 2)}
    assert {value.reveal() for form in forms if (value := mac.check(form).value)} == {octets.hex(":")}
