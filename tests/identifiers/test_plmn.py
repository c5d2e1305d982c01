"""Networks: MNC length, operator names, countries, and the tables behind them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from app.identifiers import plmn
from app.identifiers.verdict import Grade

CORPUS = Path(__file__).parents[3] / "shared" / "at-corpus" / "cases.json"


def recorded(kind: str) -> list[dict[str, Any]]:
    """The scored cases of one class, where the corpus stands beside the checkout."""
    if not CORPUS.exists():
        return []
    cases = json.loads(CORPUS.read_text(encoding="utf-8"))
    return [case for case in cases if case["class"] == kind and case.get("scored", True)]


@pytest.mark.parametrize(
    ("imsi", "code"),
    [
        ("262011234567890", "26201"),
        ("602021234567890", "60202"),
        ("310260123456789", "310260"),
        ("311480123456789", "311480"),
        ("302720123456789", "302720"),
        ("334020123456789", "334020"),
        ("708001123456789", "708001"),
        ("710211234567890", "71021"),
        ("710300123456789", "710300"),
        ("714011234567890", "71401"),
        ("714020123456789", "714020"),
        ("722341123456789", "722341"),
        ("722345123456789", "72234"),
        ("722070123456789", "722070"),
        ("732101123456789", "732101"),
        ("738002123456789", "738002"),
        ("738011234567890", "73801"),
        ("740001234567890", "74000"),
        ("350001234567890", "35000"),
        ("350007123456789", "350007"),
        ("364491234567890", "36449"),
        ("374121234567890", "37412"),
        ("374130123456789", "374130"),
        ("404451234567890", "40445"),
        ("405101234567890", "40510"),
        ("405034123456789", "405034"),
        ("405511234567890", "40551"),
        ("405751123456789", "405751"),
        ("405799123456789", "405799"),
        ("405854123456789", "405854"),
        ("405925123456789", "405925"),
        ("502121234567890", "50212"),
        ("502152123456789", "502152"),
        ("441011234567890", "44101"),
        ("441200123456789", "441200"),
        ("001010123456789", "00101"),
        ("001001123456789", "001001"),
        ("999701234567890", "99970"),
        ("901401234567890", "90140"),
        ("460001", "46000"),
    ],
)
def test_home_network_by_table(imsi: str, code: str) -> None:
    home = plmn.split(imsi)
    assert home is not None
    assert home.code == code
    assert home.source == plmn.E212_TABLE
    assert plmn.guess_mnc_length(imsi) == (len(home.mnc), plmn.E212_TABLE)


@pytest.mark.parametrize(
    ("length", "code", "source"),
    [
        (2, "31026", plmn.EF_AD),
        (3, "310260", plmn.EF_AD),
        (0, "310260", plmn.E212_TABLE),
        (15, "310260", plmn.E212_TABLE),
        (None, "310260", plmn.E212_TABLE),
    ],
)
def test_the_card_knows_better_where_it_says_so(length: int | None, code: str, source: str) -> None:
    home = plmn.split("310260123456789", length)
    assert home is not None
    assert (home.code, home.source) == (code, source)


def test_home_network_of_a_country_code_nobody_has() -> None:
    assert plmn.split("299011234567890") is None
    assert plmn.split("299011234567890", 2) == plmn.HomePlmn("299", "01", plmn.EF_AD)


@pytest.mark.parametrize("text", ["", "26201", "26201x123456789", "0xx000000000000", "٢٦٢٠١١٢٣٤٥٦٧٨٩٠"])
def test_home_network_of_what_is_no_imsi(text: str) -> None:
    assert plmn.split(text) is None
    assert plmn.split(text, 2) is None


@pytest.mark.parametrize("case", recorded("mnc_from_imsi"), ids=lambda case: case["id"])
def test_recorded_imsis(case: dict[str, Any]) -> None:
    line = next(line for line in case["raw_response"].split("\r\n") if line)
    home = plmn.split(line)
    wanted = case["expected"]
    assert (home.mcc if home else None, home.mnc if home else None) == (wanted["mcc"], wanted["mnc"])
    assert (len(home.mnc) if home else None) == wanted["mnc_length"]


@given(st.text("0123456789", min_size=6, max_size=15), st.sampled_from([None, 2, 3]))
def test_a_home_network_begins_its_imsi(imsi: str, length: int | None) -> None:
    home = plmn.split(imsi, length)
    if home is None:
        assert length is None
        assert not plmn.mcc_assigned(imsi[:3])
    else:
        assert imsi.startswith(home.code)
        assert len(home.mnc) == (length or len(home.mnc))
        assert plmn.check(home.code, imsi=imsi).grade is (Grade.OK if plmn.mcc_assigned(home.mcc) else Grade.ERROR)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("334020", "Telcel"),
        ("311480", "Verizon"),
        ("310260", "T-Mobile"),
        ("310410", "AT&T"),
        ("26202", "Vodafone"),
        ("50501", "Telstra"),
        ("405854", "Jio"),
        ("00101", "Test network"),
        ("90140", "1NCE"),
        ("29999", None),
        ("", None),
    ],
)
def test_operator_name(code: str, name: str | None) -> None:
    assert plmn.operator_name(code) == name


@pytest.mark.parametrize(
    ("mcc", "country", "assigned"),
    [
        ("262", "DE", True),
        ("234", "GB", True),
        ("316", "US", True),
        ("425", "IL", True),
        ("750", "FK", True),
        ("001", None, True),
        ("901", None, True),
        ("999", None, True),
        ("000", None, False),
        ("299", None, False),
        ("26", None, False),
    ],
)
def test_country(mcc: str, country: str | None, assigned: bool) -> None:
    assert plmn.country_of(mcc) == country
    assert plmn.mcc_assigned(mcc) is assigned


@pytest.mark.parametrize(
    ("text", "imsi", "value", "found"),
    [
        ("310260", None, "310260", []),
        ("310-260", "310260123456789", "310260", []),
        ("310 26", "310 260 123456789", "31026", []),
        ("31000", "310000123456789", "31000", []),
        ("00101", "", "00101", []),
        ("310260", "334020123456789", "310260", ["mccmnc.imsi"]),
        ("299011", None, "299011", ["mccmnc.mcc"]),
        ("3102", None, None, ["mccmnc.form"]),
        ("3102601", None, None, ["mccmnc.form"]),
        ("31026x", None, None, ["mccmnc.form"]),
        ("", None, None, ["mccmnc.form"]),
    ],
)
def test_network_code(text: str, imsi: str | None, value: str | None, found: list[str]) -> None:
    verdict = plmn.check(text, imsi=imsi)
    assert (verdict.value.reveal() if verdict.value else None) == value
    assert [finding.code for finding in verdict.findings] == found
    assert verdict.grade is (Grade.ERROR if found else Grade.OK)


def test_group() -> None:
    assert plmn.group("310260") == "310 260"
    assert plmn.group("26201") == "262 01"
    assert plmn.group("Telcel") == "Telcel"


def test_tables_are_well_formed() -> None:
    mccs = list(resources.rows("mcc.tsv"))
    codes = [row[0] for row in mccs]
    assert codes == sorted(set(codes))
    assert all(re.fullmatch(r"\d{3}", mcc) and re.fullmatch(r"([A-Z]{2}(,[A-Z]{2})*)?", iso) for mcc, iso, _ in mccs)
    for prefix, length, _ in resources.rows("mnc_lengths.tsv"):
        assert re.fullmatch(r"\d{3,6}", prefix)
        assert prefix[:3] in codes
        assert int(length) in plmn.MNC_LENGTHS


@pytest.mark.parametrize("table", ["operators.tsv", "operators_extra.tsv"])
def test_operators_fit_their_country_and_the_mnc_lengths(table: str) -> None:
    """A code must come out of its own IMSIs, or run into a longer one of the same operator (33402, 334020)."""
    countries = {mcc: iso.split(",") for mcc, iso, _ in resources.rows("mcc.tsv")}
    seen: set[str] = set()
    for code, name, iso in resources.rows(table):
        assert re.fullmatch(r"\d{5,6}", code)
        assert name.strip() == name != ""
        assert iso in countries[code[:3]]
        assert code not in seen
        seen.add(code)
        home = plmn.split(f"{code}000000000")
        assert home is not None
        assert plmn.operator_name(home.code) in {plmn.operator_name(code), None}, code
