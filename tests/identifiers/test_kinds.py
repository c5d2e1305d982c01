"""What every kind of identifier keeps to, whatever is typed."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.identifiers import plmn
from app.identifiers.kinds import KINDS
from app.identifiers.verdict import Finding, Grade, Offer, Verdict
from app.masked import Identifier

SHAPED = st.one_of(
    st.text(),
    st.text("0123456789", max_size=24),
    st.text("0123456789ABCDEFabcdef:-. +", max_size=24),
    st.builds("89{}".format, st.text("0123456789ABCDEF", min_size=14, max_size=20)),
    st.builds("98{}".format, st.text("0123456789ABCDEF", min_size=14, max_size=20)),
)


def test_the_kinds() -> None:
    assert list(KINDS) == ["imei", "imsi", "iccid", "msisdn", "mac", "mccmnc", "meid"]
    assert all(kind.name == name and kind.label for name, kind in KINDS.items())


@pytest.mark.parametrize("name", KINDS)
@given(text=SHAPED, lenient=st.booleans())
@example(text="123456789012345", lenient=False)
@example(text="3569380356438012", lenient=True)
def test_no_text_upsets_a_check(name: str, text: str, lenient: bool) -> None:
    kind = KINDS[name]
    verdict = kind.check(text, lenient=lenient)
    assert verdict.value is not None or verdict.grade is Grade.ERROR
    if verdict.value is not None:
        again = kind.check(verdict.value.reveal(), lenient=lenient)
        assert again.value == verdict.value
        assert kind.group(text) != ""
    for finding in verdict.findings:
        assert finding.code.startswith(f"{name}.")
        assert finding.message.endswith(".")
        assert not set(re.findall(r"\w{5,}", text)) & set(re.findall(r"\w*\d\w*", finding.message))
    for offer in verdict.offers:
        assert offer.code.startswith(f"{name}.")
        assert kind.check(offer.value.reveal()).grade is not Grade.ERROR
        assert offer.value != verdict.value
    assert isinstance(kind.group(text), str)


@pytest.mark.parametrize("name", KINDS)
@given(text=st.text("0123456789ABCDEF:", min_size=7, max_size=24))
def test_a_verdict_prints_masked(name: str, text: str) -> None:
    verdict = KINDS[name].check(text)
    values = [verdict.value, *(offer.value for offer in verdict.offers)]
    printed = repr(verdict)
    assert not any(value and value.reveal() in printed for value in values)


@pytest.mark.parametrize("name", KINDS)
def test_what_is_not_understood_stays_as_it_is(name: str) -> None:
    assert KINDS[name].group("what is this?") == "what is this?"


def test_only_the_imei_has_a_lenient_check() -> None:
    assert KINDS["imei"].check("123456789012345").grade is Grade.ERROR
    assert KINDS["imei"].check("123456789012345", lenient=True).grade is Grade.WARNING
    assert KINDS["mccmnc"].check("29901", lenient=True) == plmn.check("29901")


def test_the_worst_finding_grades_a_verdict() -> None:
    warning = Finding(Grade.WARNING, "x.a", "A remark.")
    error = Finding(Grade.ERROR, "x.b", "A fault.")
    offer = Offer("x.c", "Mend it", Identifier("356938035643809"))
    assert Verdict(None).grade is Grade.OK
    assert Verdict(None, (warning,), (offer,)).grade is Grade.WARNING
    assert Verdict(None, (warning, error)).grade is Grade.ERROR
