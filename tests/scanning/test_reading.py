"""What scans mean: labels as boxes print them, GS1, bare numbers, commands; and that nothing is guessed silently."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.identifiers import imei, luhn, plmn
from app.provisioning.workflows import ROWS as WORKFLOWS
from app.scanning.commands import ANSWERS, COMMANDS, PAGES
from app.scanning.meaning import Badge, Certainty, Found, Meaning, Ordered, Unknown, Unsure, What
from app.scanning.reading import Rules, read

IMEI, SECOND = "356938035643809", "490154203237518"
ICCID = "89014103211118510720"
IMSI = "310260123456789"
EID = "89049032123451234512345678901235"
GTIN = "09506000134352"


def found(text: str, rules: Rules | None = None) -> dict[str, str]:
    """The values of a scan that left no question, by what they are and their count."""
    meaning = read(text, rules or Rules())
    assert isinstance(meaning, Found), meaning
    return {f"{value.what}{value.number or ''}": value.text.reveal() for value in meaning.values}


def asked(text: str, rules: Rules | None = None) -> list[tuple[What, str]]:
    meaning = read(text, rules or Rules())
    assert isinstance(meaning, Unsure), meaning
    return [(value.what, value.text.reveal()) for value in meaning.readings]


BOTH = {"imei1": IMEI, "imei2": SECOND}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        # Bare numbers, as Code 128 on boxes and cards has them.
        (IMEI, {"imei": IMEI}),
        ("35 693803 564380 9", {"imei": IMEI}),
        ("35-693803-564380-9", {"imei": IMEI}),
        (f"*{IMEI}*", {"imei": IMEI}),
        (f"\x02{IMEI}\x03\r\n", {"imei": IMEI}),
        (f"]C0{IMEI}", {"imei": IMEI}),
        (ICCID, {"iccid": ICCID}),
        (f"{ICCID[:19]}F", {"iccid": ICCID[:19]}),
        ("8952 0204 1812 3456 789", {"iccid": "8952020418123456789"}),
        ("8986011F21001234567A", {"iccid": "8986011F21001234567A"}),
        (IMSI, {"imsi": IMSI}),
        (EID, {"eid": EID}),
        ("+52 55 1234 5678", {"msisdn": "+525512345678"}),
        ("tel:+525512345678", {"msisdn": "+525512345678"}),
        ("3C:5A:B4:01:02:03", {"mac": "3c:5a:b4:01:02:03"}),
        ("A0000049123456", {"meid": "A0000049123456"}),
        ("LPA:1$smdp.example.com$04386-AGYFT", {"esim-code": "LPA:1$smdp.example.com$04386-AGYFT"}),
        # Two in one code.
        (f"{IMEI}{SECOND}", BOTH),
        (f"{IMEI} {SECOND}", BOTH),
        (f"{IMEI}/{SECOND}", BOTH),
        (f"{IMEI},{SECOND}", BOTH),
        (f"{IMEI};{ICCID}", {"imei": IMEI, "iccid": ICCID}),
        # Box labels.
        (f"IMEI: {IMEI}", {"imei": IMEI}),
        (f"IMEI{IMEI}", {"imei": IMEI}),
        (f"IMEI1: {IMEI}\nIMEI2: {SECOND}", BOTH),
        (f"IMEI1:{IMEI}IMEI2:{SECOND}", BOTH),
        (f"IMEI 1 {IMEI} IMEI 2 {SECOND}", BOTH),
        (f"IMEI2：{SECOND} IMEI1：{IMEI}", BOTH),
        (f"IMEI (SIM 1): {IMEI}, IMEI (SIM 2): {SECOND}", BOTH),
        ("IMEI/MEID 35 693803 564380 9", {"imei": IMEI}),
        (f"(S/N) R58M12ABCDE IMEI {IMEI} EID {EID}", {"imei": IMEI, "serial": "R58M12ABCDE", "eid": EID}),
        (f"Model SM-A515F IMEI: {IMEI} Made in Vietnam", {"imei": IMEI}),
        (f"IMEI {IMEI} 128 GB", {"imei": IMEI}),
        ("MEID: 35693803564380", {"imei": "35693803564380"}),
        ("MEID HEX: A0000049123456", {"meid": "A0000049123456"}),
        (f'{{"imei":"{IMEI}","iccid":"{ICCID}"}}', {"imei": IMEI, "iccid": ICCID}),
        # SIM cards; what is secret on them stays unread.
        (f"ICCID {ICCID[:4]} {ICCID[4:8]} {ICCID[8:12]} {ICCID[12:16]} {ICCID[16:]}", {"iccid": ICCID}),
        (f"PIN1 1234 PUK1 12345678 ICCID {ICCID}", {"iccid": ICCID}),
        (f"SIM No. {ICCID} IMSI {IMSI} MSISDN +525512345678",
         {"iccid": ICCID, "imsi": IMSI, "msisdn": "+525512345678"}),
        # The screen of *#06#.
        (f"IMEI1 {IMEI}\nIMEI2 {SECOND}\nEID {EID}\nSN R58M12ABCDE", {**BOTH, "eid": EID, "serial": "R58M12ABCDE"}),
        (f"{IMEI} / 01", {"imei": IMEI}),
        (f"IMEI: {IMEI} / 78", {"imei": IMEI}),
        # GS1.
        (f"]C18002{IMEI}", {"imei": IMEI}),
        (f"\x1d8002{IMEI}", {"imei": IMEI}),
        (f"8002{IMEI}", {"imei": IMEI}),
        (f"]d201{GTIN}21ABC123\x1d8002{IMEI}", {"imei": IMEI, "gtin": GTIN, "serial": "ABC123"}),
        (f"]Q301{GTIN}8002{IMEI}\x1d21ABC123", {"imei": IMEI, "gtin": GTIN, "serial": "ABC123"}),
        (f"01{GTIN}21ABC123<GS>8002{IMEI}", {"imei": IMEI, "gtin": GTIN, "serial": "ABC123"}),
        (f"01{GTIN}21{IMEI}", {"imei": IMEI, "gtin": GTIN}),
        (f"(01){GTIN}(21)ABC123(8002){IMEI}", {"imei": IMEI, "gtin": GTIN, "serial": "ABC123"}),
        (f"(01) {GTIN} (21) {ICCID}", {"iccid": ICCID, "gtin": GTIN}),
        (f"[)>\x1e05\x1d01{GTIN}\x1d8002{IMEI}\x1e\x04", {"imei": IMEI, "gtin": GTIN}),
        (f"https://id.gs1.org/01/{GTIN}/21/ABC?8002={IMEI}", {"imei": IMEI, "gtin": GTIN, "serial": "ABC"}),
        (f"]C121{'A' * 90}", {"serial": "A" * 90}),
        # What is only likely takes neither the name that a key gives it, nor a place beside what is named.
        (f"(01){GTIN}(21){IMSI}", {"gtin": GTIN, "serial": IMSI}),
        (f"IMEI {IMEI}, {IMSI}", {"imei": IMEI}),
    ],
)  # fmt: skip
def test_labels_mean_what_they_say(text: str, values: dict[str, str]) -> None:
    assert found(text) == values


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        # Mexico's 334 020 and the French office 33; the check digit is right by chance.
        ("334020123456787", [(What.IMEI, "334020123456787"), (What.IMSI, "334020123456787")]),
        # A check digit that is missing, or stands before a software version, is never added silently.
        ("35693803564380", [(What.IMEI, IMEI), (What.IMSI, "35693803564380")]),
        ("3569380356438091", [(What.IMEI, IMEI)]),
        # A wrong check digit: St Kitts' network 356 93 does not exist, so it may as well be a misprint.
        ("356938035643808", [(What.IMEI, "356938035643808"), (What.IMSI, "356938035643808")]),
        ("861536030196002", [(What.IMEI, "861536030196002")]),
        # Its check digit is right, and it is what a device without an IMEI says.
        ("0" * 15, [(What.IMEI, "0" * 15)]),
        # As the card stores it: the two of every pair swapped.
        ("98101430121181157002", [(What.ICCID, ICCID)]),
    ],
)
def test_what_can_be_two_things_is_asked(text: str, readings: list[tuple[What, str]]) -> None:
    assert asked(text) == readings


def test_what_is_sure_beside_a_question_is_not_lost() -> None:
    meaning = read(f"{ICCID},334020123456787")
    assert isinstance(meaning, Unsure)
    assert [value.what for value in meaning.values] == [What.ICCID]
    assert meaning.text.reveal() == "334020123456787"


@pytest.mark.parametrize("text", ["", " ", "CRM-20418", "maria.lopez", "Telefono", "SN", "model.user@x.example", "123"])
def test_free_text_is_no_identifier(text: str) -> None:
    assert isinstance(read(text), Unknown)


@pytest.mark.parametrize(
    "text",
    [
        f"01{GTIN[:-1]}321ABC123",  # the check digit of the product's number is wrong
        f"]C121{'A' * 91}",  # longer than GS1 allows
    ],
)
def test_what_breaks_the_rules_of_gs1_is_unknown(text: str) -> None:
    assert isinstance(read(text), Unknown)


def test_the_station_s_own_ids_and_frames() -> None:
    rules = Rules(strip=("~", "END"), external_ids=("CRM-#####", "######", "###############"), region="MX")
    assert found("~CRM-20418END", rules) == {"external-id": "CRM-20418"}
    assert found("204180", rules) == {"external-id": "204180"}
    # What is an IMEI beyond doubt does not become an id because a pattern is wide.
    assert asked(IMEI, rules) == [(What.EXTERNAL_ID, IMEI), (What.IMEI, IMEI)]
    assert found(IMSI, rules) == {"external-id": IMSI}
    assert asked("5512345678", rules) == [(What.NUMBER, "+525512345678")]


@pytest.mark.parametrize(
    ("text", "what", "certainty"),
    [
        ("4006381333931", What.GTIN, Certainty.LIKELY),
        (EID, What.EID, Certainty.PROVED),
        (f"{EID[:-1]}6", What.EID, Certainty.LIKELY),
        (ICCID, What.ICCID, Certainty.PROVED),
        ("8986011F21001234567A", What.ICCID, Certainty.LIKELY),
        ("+525512345678", What.NUMBER, Certainty.PROVED),
        ("+15551234567", What.NUMBER, Certainty.LIKELY),
    ],
)
def test_a_bare_text_is_only_likely_unless_its_form_proves_it(text: str, what: What, certainty: Certainty) -> None:
    meaning = read(text)
    assert isinstance(meaning, Found)
    assert [(value.what, value.certainty) for value in meaning.values] == [(what, certainty)]


def test_printed_codes_never_change() -> None:
    assert {command.name: command.code for command in COMMANDS} == {
        "submit": "GSTC1LF",
        "next": "GSTC2EH",
        "cancel": "GSTC3XR",
        "first": "GSTC4FG",
        "second": "GSTC57E",
        "third": "GSTC6I8",
        "fourth": "GSTC73A",
        "agree": "GSTC8EV",
        "pin": "GSTC94X",
        "back": "GSTC10OL",
        "batch": "GSTC21E8",
        "log": "GSTC22JE",
        "export": "GSTC25BD",
        "unsent": "GSTC237W",
        "token": "GSTC243J",
        "register-device": "GSTC11SZ",
        "sim-replacement": "GSTC12H5",
        "device-upgrade": "GSTC135R",
        "plan-change": "GSTC14HO",
        "credential-update": "GSTC15IY",
        "crm-link": "GSTC16MO",
        "new-device-upgrade": "GSTC1792",
    }


def test_commands_and_badges() -> None:
    for command in COMMANDS:
        assert read(command.code) == read(command.code.lower()) == Ordered(command)
        assert 6 <= len(command.code) <= 10
        assert read(command.code[:-1] + ("0" if command.code[-1] != "0" else "1")) != Ordered(command)
    others = {"submit", "next", "cancel", "back", "agree", "pin", *ANSWERS, *PAGES}
    assert {command.name for command in COMMANDS} - others <= set(WORKFLOWS)
    for text in ("GSOP-0123456789AB", "gsop'0123456789ab", "GSOP0123456789AB"):
        meaning = read(text)
        assert isinstance(meaning, Badge)
        assert meaning.code.reveal() == "GSOP-0123456789AB"


def test_a_meaning_shows_no_whole_identifier() -> None:
    for text in (IMEI, f"IMEI1: {IMEI}\nIMEI2: {SECOND}", "334020123456787", "CRM-2041800000"):
        assert text not in repr(read(text))
        assert IMEI not in repr(read(text))


bodies = st.text("0123456789", min_size=14, max_size=14).filter(lambda body: len(set(body)) > 1)


@given(st.text())
def test_any_text_has_a_meaning(text: str) -> None:
    meaning = read(text)
    assert isinstance(meaning, Meaning)
    assert read(text, Rules(strip=("x", ""), external_ids=("*-#", "@@@"), region="MX")) is not None


@given(bodies, st.sampled_from(["", "IMEI: ", "IMEI/MEID ", "imei1=", "]C1\x1d8002", "(8002)"]))
def test_a_whole_imei_is_found_or_asked_about_and_never_changed(body: str, front: str) -> None:
    whole = imei.from_body(body)
    meaning = read(front + whole)
    if isinstance(meaning, Unsure):
        assert not front
        assert {reading.text.reveal() for reading in meaning.readings} == {whole}
        assert plmn.mcc_assigned(whole[:3])
    elif isinstance(meaning, Found) and meaning.values[0].what is What.IMEI:
        assert meaning.values[0].text.reveal() == whole
    else:
        # Only where another country's network begins so, and no office does.
        assert not front
        assert plmn.mcc_assigned(whole[:3])
        assert not imei.known_office(whole)


@given(bodies, st.sampled_from("0123456789"))
def test_fifteen_digits_with_a_wrong_check_digit_are_never_an_imei(body: str, last: str) -> None:
    digits = body + last
    assume(not luhn.is_valid(digits))
    meaning = read(digits)
    if isinstance(meaning, Found):
        assert [value.what for value in meaning.values] == [What.IMSI]
        assert plmn.mcc_assigned(digits[:3])
    elif isinstance(meaning, Unsure):
        assert all(reading.changed for reading in meaning.readings if reading.what is What.IMEI)


@given(st.text("0123456789", min_size=16, max_size=17))
def test_an_iccid_with_its_check_digit_is_proved(account: str) -> None:
    number = "89" + account
    number += luhn.check_digit(number)
    meaning = read(number)
    assert isinstance(meaning, Found)
    (value,) = meaning.values
    assert (value.what, value.text.reveal(), value.certainty) == (What.ICCID, number, Certainty.PROVED)


@given(st.text("0123456789", min_size=30, max_size=30))
def test_an_eid_is_no_iccid(front: str) -> None:
    body = front[:28] + "0000"
    eid = str(int("89" + body[2:]) + (98 - int("89" + body[2:]) % 97)).zfill(32)
    assert found(eid) == {"eid": eid}


@given(st.lists(bodies, min_size=2, max_size=2, unique=True), st.sampled_from(["", " ", "/", ",", "\n", " | "]))
def test_both_imeis_of_one_code_are_read_in_order(pair: list[str], between: str) -> None:
    first, second = (imei.from_body("35" + body[2:]) for body in pair)
    assume(first != second)
    meaning = read(first + between + second)
    if isinstance(meaning, Found):
        assert [(value.number, value.text.reveal()) for value in meaning.values] == [(1, first), (2, second)]
    else:
        # The numbers of St Kitts and its neighbours can be both.
        assert any(plmn.operator_name(each[:length]) for each in (first, second) for length in (5, 6))
