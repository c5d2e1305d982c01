"""Answers to values, pure: every general rule with an example of its own."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.identifiers import luhn
from app.identifiers.iccid import swap_nibbles
from app.identifiers.identity import SimState
from app.modem.at import Reply, parse
from app.modem.replies import card, equipment, network, sim, text

IMEI = "356938035643809"
ICCID = "894902000012345678" + luhn.check_digit("894902000012345678")


def answered(command: str, *lines: str, final: str = "OK") -> Reply:
    return parse(command, "".join(f"\r\n{line}\r\n" for line in (*lines, final)).encode("latin-1"))


@pytest.mark.parametrize(
    ("lines", "imei", "imeisv", "meid"),
    [
        ([IMEI], IMEI, None, None),
        ([f'+CGSN: "{IMEI}"'], IMEI, None, None),
        ([f"IMEI: +GSN: {IMEI}"], IMEI, None, None),
        ([f"{IMEI},XX12"], IMEI, None, None),
        (["35-693803-564380-9"], IMEI, None, None),
        ([f"{IMEI[:14]}07"], None, f"{IMEI[:14]}07", None),
        ([f"{IMEI}07"], IMEI, f"{IMEI[:14]}07", None),
        (["SN0042", IMEI], IMEI, None, None),
        (["356938035643800", IMEI], IMEI, None, None),
        (["356938035643800"], "356938035643800", None, None),
        (["80A1B2C3"], None, None, None),
        (["0x80A1B2C3"], None, None, None),
        (["2623AAAA0009707"], None, None, None),
        (["0x00A1000013FB653A:0x80D9BBCA"], None, None, "A1000013FB653A"),
        (["+MEID: A1000013FB653A"], None, None, "A1000013FB653A"),
        (["IMEI SV: 12", "+CSQ: 356938035643809"], None, None, None),
        ([], None, None, None),
    ],
)
def test_equipment_numbers(lines: list[str], imei: str | None, imeisv: str | None, meid: str | None) -> None:
    assert equipment.numbers(answered("AT+CGSN", *lines)) == equipment.Numbers(imei, imeisv, meid)


def test_after_an_error_a_bare_line_is_no_value() -> None:
    assert equipment.numbers(answered("AT+CGSN", IMEI, final="ERROR")).imei is None


@pytest.mark.parametrize(
    ("command", "lines", "maker", "model", "revision"),
    [
        ("ATI", ["Manufacturer: Acme", "Model: A1", "Revision: 1.2", f"IMEI: {IMEI}"], "Acme", "A1", "1.2"),
        ("ATI", ["Quectel", "EC25", "Revision: EC25X"], "Quectel", "EC25", "EC25X"),
        ("ATI", ["Cinterion", "BGS2-W", "REVISION 01.301"], "Cinterion", "BGS2-W", "01.301"),
        ("ATI", ["Acme", "A1", "1.2.3"], "Acme", "A1", "1.2.3"),
        ("ATI", ["SIM800 R14.18"], None, "SIM800", "R14.18"),
        ("ATI", ["144"], None, None, None),
        ("ATI4", ["LE910-EUG"], None, "LE910-EUG", None),
        ("ATI4", ["332"], None, None, None),
        ("ATI", ["Model: I: SCH-1/99", "Revision: I: u7, ver: B"], None, "SCH-1/99", "u7, ver: B"),
        ("ATI", ["Manufacturer: ", "Model: A1"], None, "A1", None),
        (
            "ATI",
            ["Manufacturer: +GMI: Acme Inc.", "Model: +GMI: Acme Inc.+GMM: Model:A-7", "Revision: +GMR: A7V05, 5051"],
            *("Acme Inc.", "A-7", "A7V05, 5051"),
        ),
        ("AT+DEVCONINFO", [f"+DEVCONINFO: MN(SM-1);VER(X1/Y1);IMEI({IMEI});CON(AT,MTP)"], None, "SM-1", "X1/Y1"),
    ],
)
def test_information_blocks(
    command: str, lines: list[str], maker: str | None, model: str | None, revision: str | None
) -> None:
    reply = answered(command, *lines)
    assert (equipment.manufacturer(reply), equipment.model(reply), equipment.revision(reply)) == (
        maker,
        model,
        revision,
    )


@pytest.mark.parametrize(
    ("line", "model"),
    [
        ('+CGMM: "L850 LTE Module","L850"', "L850 LTE Module"),
        ('"GSM900","GSM1800","MODEL=I250-000"', "I250-000"),
        ('"GSM900","A7"', "A7"),
        (" MULTIBAND  900E  1800 ", "MULTIBAND  900E  1800"),
        ("004E006F006B00690061", "Nokia"),
        ("+CGMI: Acme", None),
        ("Manufacturer: Acme", None),
        ("\xff\xfe", None),
        ("unknown", None),
        ("1" * 300, None),
    ],
)
def test_models(line: str, model: str | None) -> None:
    assert equipment.model(answered("AT+CGMM", line)) == model


def test_of_several_lines_the_first_is_the_revision() -> None:
    assert equipment.revision(answered("AT+CGMR", "V 07.01", "11-11-11", "RM-1")) == "V 07.01"
    assert equipment.revision(answered("AT#SWPKGV", "25.30.226", "M0F.2")) == "25.30.226"


@pytest.mark.parametrize(
    "line",
    [
        ICCID,
        f"{ICCID}F",
        f"{ICCID}f",
        f'+CCID: "{ICCID}",""',
        f'+CCID: "{ICCID}","89049032000001000000001234567890"',
        f"ICCID: {ICCID}F",
        f"!ICCID: {ICCID}F",
        f"^ICCID: {swap_nibbles(f'{ICCID}F')}",
    ],
)
def test_iccids(line: str) -> None:
    assert sim.iccid(answered("AT+CCID", line)) == ICCID


@pytest.mark.parametrize(
    "line", ["00" + ICCID[2:], "89049032000001000000001234567890", "+CME: 1", "ERROR", "", "+CREG: 0," + ICCID]
)
def test_what_is_no_iccid(line: str) -> None:
    assert sim.iccid(answered("AT+CCID", line)) is None


def test_letters_of_an_iccid_are_kept() -> None:
    assert sim.iccid(answered("AT^ICCID?", '^ICCID: "898602C0123456789012"')) == "898602C0123456789012"


@pytest.mark.parametrize(
    "line", ["262011234567890", "<IMSI>: 262011234567890", "+CIMI: 262011234567890", '+CIMI: "262011234567890"']
)
def test_imsis(line: str) -> None:
    assert sim.imsi(answered("AT+CIMI", line)) == "262011234567890"


@pytest.mark.parametrize("line", ["2620112345678901", "26201", "0xx000000000000", "+CMTI: 262011234567890"])
def test_what_is_no_imsi(line: str) -> None:
    assert sim.imsi(answered("AT+CIMI", line)) is None


@pytest.mark.parametrize(
    ("lines", "numbers"),
    [
        (['+CNUM: "","+491721234567",145'], ["+491721234567"]),
        (['+CNUM: ,"1721234567",161'], ["1721234567"]),
        (["+CNUM: my own,+491721234567,145"], ["+491721234567"]),
        (['+CNUM: "a, b","491721234567",145,,4'], ["+491721234567"]),
        (['+CNUM: "Do"nn","",0', '+CNUM: "Fax","+49172",145'], ["+49172"]),
        (['+CNUM: "","002B003400390031",145'], ["+491"]),
        (['+CLIP: "123456789",129'], []),
        (["+CNUM: ,,145"], []),
        ([], []),
    ],
)
def test_own_numbers(lines: list[str], numbers: list[str]) -> None:
    assert sim.own_numbers(answered("AT+CNUM", *lines)) == numbers


@pytest.mark.parametrize(
    ("lines", "final", "state"),
    [
        (["+CPIN: PH_NET PIN"], "OK", SimState.PIN_REQUIRED),
        (["+CPIN: SIM REMOVED"], "OK", SimState.ABSENT),
        (["+CPIN: SIM CRASH"], "OK", SimState.FAILURE),
        ([], "+CME ERROR: SIM_NOT_INSERTED", SimState.ABSENT),
        (["+CPIN: READY"], "OK", SimState.READY),
        (["+CPIN:READY"], "OK", SimState.READY),
        (["READY"], "OK", SimState.READY),
        (["READY", "+CPIN: SIM PIN"], "OK", SimState.PIN_REQUIRED),
        (["READY"], "+CME ERROR: 10", SimState.ABSENT),
        (["+CPIN: SIM PUK"], "OK", SimState.PUK_REQUIRED),
        (["+CPIN: SIM PIN2"], "OK", SimState.READY),
        (["+CPIN: PH-NET PIN"], "OK", SimState.PIN_REQUIRED),
        (["+CPIN: NOT INSERTED"], "OK", SimState.ABSENT),
        ([], "+CME ERROR: 10", SimState.ABSENT),
        ([], "+CME ERROR: 14", SimState.BUSY),
        ([], "+CME ERROR: 515", SimState.BUSY),
        ([], "+CME ERROR: 4", SimState.UNKNOWN),
        ([], "+CME ERROR: SIM PUK required", SimState.PUK_REQUIRED),
        ([], "+CME ERROR: SIM not inserted", SimState.ABSENT),
        ([], "ERROR", SimState.UNKNOWN),
        ([], "OK", SimState.UNKNOWN),
    ],
)
def test_sim_states(lines: list[str], final: str, state: SimState) -> None:
    assert sim.state(answered("AT+CPIN?", *lines, final=final)) is state


@pytest.mark.parametrize(
    ("command", "line", "state"),
    [
        ("AT#QSS?", "#QSS: 0,0", SimState.ABSENT),
        ("AT#QSS?", "#QSS: 2,1", SimState.UNKNOWN),
        ("AT#QSS?", "#QSS: 2,3", SimState.READY),
        ("AT+QSIMSTAT?", "+QSIMSTAT: 0,0", SimState.ABSENT),
        ("AT^SYSINFO", "^SYSINFO:2,3,0,5,255,0,4", SimState.ABSENT),
        ("AT^SYSINFO", "^SYSINFO:2", SimState.UNKNOWN),
    ],
)
def test_makers_sim_states(command: str, line: str, state: SimState) -> None:
    assert sim.maker_state(answered(command, line)) is state


def crsm(data: str, sw: str = "144,0") -> Reply:
    return answered("AT+CRSM=176,28486,0,0,17", f'+CRSM: {sw},"{data}"')


def test_a_card_that_refuses_gives_no_value_although_ok_follows() -> None:
    assert card.provider_name(crsm("0054657374", sw="148,4")) is None
    assert card.answer(crsm("", sw="108,34")) == card.CardAnswer(108, 34)
    assert card.CardAnswer(108, 34).right_length == 34


def test_card_files() -> None:
    swapped = swap_nibbles(f"{ICCID}F")
    assert card.iccid_of(crsm(swapped)) == ICCID
    assert card.iccid_of(crsm(f"{ICCID}F")) == ICCID
    assert card.imsi_of(crsm("082926101160845740")) == "262011106487504"
    assert card.imsi_of(crsm("07011010000021F3FF")) == "001010000123"
    assert card.mnc_length(crsm("00000003")) == 3
    assert card.mnc_length(crsm("000000")) is None
    assert card.mnc_length(crsm("0000000F")) is None
    assert card.provider_name(crsm("0054657374FFFF")) == "Test"
    assert card.provider_name(crsm("FFFF")) is None
    assert card.own_number(crsm("FFFF" + "0791947121436587FFFFFFFFFFFF")) == "+491712345678"
    assert card.own_number(crsm("FF" * 28)) is None
    assert card.iccid_of(answered("AT+CRSM=176,12258,0,0,10", f'+CRSM: 144,0,"{swapped}",""')) == ICCID


@pytest.mark.parametrize(
    ("data", "name"),
    [("80005400650073FFFF", "Tes"), ("8103085465F3", "Teѳ"), ("8202043041B0", "A\u0460")],
)
def test_names_in_ucs2(data: str, name: str) -> None:
    assert text.alpha(bytes.fromhex(data)) == name


def test_length_of_a_record() -> None:
    assert card.file_length(crsm("621B8205422100220283026F40")) == 0x22
    assert card.file_length(crsm("000000446F4004000000000102011C")) == 0x1C
    assert card.file_length(crsm("")) is None


@pytest.mark.parametrize(
    ("line", "name", "code"),
    [
        ('+COPS: 0,0,"T-Mobile USA, In",7', "T-Mobile USA, In", None),
        ("+COPS: 0,0,TELE2,0", "TELE2", None),
        ('+COPS: 0,0,"TELE2,0', "TELE2", None),
        ('+COPS: 0,2,"26201",7', None, "26201"),
        ('+COPS: 000,002,"310410"', None, "310410"),
        ('+COPS: 0,2,"000Z00"', None, None),
        ('+COPS: 0,2,"123"', None, None),
        ('+COPS: 0,2,"000123"', None, None),
        ('+COPS: 0,0,"004F0032"', "O2", None),
        ('+COPS: 0,2,"00320036003200300031"', None, "26201"),
        ('+COPS: 0,0,""', None, None),
        ("+COPS: 0", None, None),
    ],
)
def test_serving_networks(line: str, name: str | None, code: str | None) -> None:
    (serving,) = network.serving(answered("AT+COPS?", line))
    assert (serving.name, serving.mccmnc) == (name, code)


@pytest.mark.parametrize("plain", ["Verizon", "12345678", "CAFE", "26201", "DEADBEE", "00"])
def test_plain_texts_stay_plain(plain: str) -> None:
    assert text.decoded(plain) == plain


@settings(max_examples=150)
@given(
    st.text(
        st.characters(min_codepoint=0x20, max_codepoint=0x17F, exclude_categories=["C", "Z"]), min_size=2, max_size=20
    )
)
def test_ucs2_gives_back_what_was_written(name: str) -> None:
    written = name.encode("utf-16-be").hex()
    # Digits alone are a number before they are anything else.
    assume(not written.isdigit() or name.isascii())
    assert text.decoded(written) == name


@settings(max_examples=150)
@given(st.text("0123456789", min_size=6, max_size=15))
def test_an_imsi_on_a_card_comes_back(imsi: str) -> None:
    nibbles = ("9" if len(imsi) % 2 else "1") + imsi
    nibbles += "F" * (len(nibbles) % 2)
    data = f"{len(nibbles) // 2:02X}" + swap_nibbles(nibbles)
    assert card.imsi_of(crsm(data.ljust(18, "F"))) == imsi
