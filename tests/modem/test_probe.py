"""A device to an Identity, over a real pseudo-terminal and a real socket."""

from __future__ import annotations

import pytest

from app.identifiers.iccid import swap_nibbles
from app.identifiers.identity import Identity, Network, ReadStatus, SimState
from app.modem.allowed import is_allowed
from app.modem.probe import identify
from tests.modem.devices import EC25, ICCID, IMEI, IMSI, NUMBER, Ec25, answered_in_turn, ok, read
from tests.peers.ptys import Modem, TcpModem

WHOLE = {
    "status": "ok",
    "manufacturer": "Quectel",
    "model": "EC25",
    "revision": "EC25EFAR06A04M4G",
    "imei": IMEI,
    "imsi": IMSI,
    "iccid": ICCID,
    "number": NUMBER,
    "sim_state": "ready",
    "home_mobile_network_name": "Test",
    "home_mobile_network_mccmnc": "26202",
    "serving_network": {"name": "Elsewhere", "mccmnc": "20801"},
    "warnings": [],
}


def shown(identity: Identity, *fields: str) -> dict[str, object]:
    revealed = identity.revealed()
    return {field: revealed[field] for field in fields}


@pytest.mark.parametrize("echo", [False, True])
@pytest.mark.parametrize(("several", "few"), [(True, 11), (False, 16)])
def test_a_whole_device_is_read_in_few_questions_and_left_as_found(echo: bool, several: bool, few: int) -> None:
    device = Ec25()
    modem = Modem(answered_in_turn(device) if several else device, echo=echo)
    identity = read(modem)
    assert shown(identity, *WHOLE) == WHOLE
    assert len(modem.heard) <= few
    assert (device.form, modem.echo) == (0, echo)
    assert all(is_allowed(command) for command in modem.heard)
    assert identity.sources["imei"] == "AT+CGSN"
    assert identity.sources["home_mobile_network_mccmnc"] == "AT+CIMI, EF_AD"


def test_over_a_socket() -> None:
    with TcpModem(Modem(Ec25())) as peer:
        assert shown(identify(peer.path), *WHOLE) == WHOLE


def test_the_equipment_is_reported_first() -> None:
    seen: list[Identity] = []
    read(Modem(Ec25()), progress=seen.append)
    known = [
        [name for name in ("manufacturer", "imei", "iccid", "imsi", "number") if seen_one.value(name)]
        for seen_one in seen
    ]
    assert known[0] == ["manufacturer"]
    assert ["manufacturer", "imei"] in known
    assert known.index(["manufacturer", "imei", "iccid"]) < len(known) - 1
    assert all(identity.status is ReadStatus.PARTIAL for identity in seen)


@pytest.mark.parametrize("default", ["\r\nERROR\r\n", "\r\nOK\r\n", "\r\nCOMMAND NOT SUPPORT\r\n", "+CME ERROR: 4\r\n"])
@pytest.mark.parametrize(
    ("command", "answer", "field", "value"),
    [
        ("ATI", ok("Acme", "A1", "Revision: 1.2"), "model", "A1"),
        ("ATI", ok("Manufacturer: Acme", f"IMEI: {IMEI}"), "imei", IMEI),
        ("AT+SIMCOMATI", ok("Manufacturer: SIMCOM", f"IMEI: {IMEI}"), "imei", IMEI),
        ("AT+DEVCONINFO", ok(f"+DEVCONINFO: MN(SM-1);VER(X1);IMEI({IMEI})"), "imei", IMEI),
        ("AT+CGSN=1", ok(f'+CGSN: "{IMEI}"'), "imei", IMEI),
        ("AT+CGSN?", ok(f'+CGSN: "{IMEI}"'), "imei", IMEI),
        ("AT+CIMI?", ok(f"+CIMI: {IMSI}"), "imsi", IMSI),
        ("AT^ICCID?", ok(f'^ICCID: "{ICCID}"'), "iccid", ICCID),
        ("AT+CICCID", ok(f"+ICCID: {ICCID}"), "iccid", ICCID),
        ("AT#CCID", ok(f"#CCID: {ICCID}"), "iccid", ICCID),
        ("AT!ICCID?", ok(f"!ICCID: {ICCID}F"), "iccid", ICCID),
        ("AT^SCID", ok(f"^SCID: {ICCID}"), "iccid", ICCID),
        ("AT%XICCID", ok(f"%XICCID: {ICCID}F"), "iccid", ICCID),
        ("AT+SQNCCID?", ok(f'+SQNCCID: "{ICCID}",""'), "iccid", ICCID),
        ("AT+ZGETICCID?", ok(f"+ZGETICCID: {ICCID}"), "iccid", ICCID),
        ("AT+CRSM=176,12258,0,0,10", ok(f'+CRSM: 144,0,"{swap_nibbles(ICCID + "F")}"'), "iccid", ICCID),
        ("AT+CRSM=176,28423,0,0,9", ok('+CRSM: 144,0,"082926201232547698"'), "imsi", "262022123456789"),
        ("AT#SWPKGV", ok("25.30.226", "M0F.2"), "revision", "25.30.226"),
        ("AT#QSS?", ok("#QSS: 2,0"), "sim_state", "absent"),
        ("AT+CNUM", ok(f'+CNUM: "","{NUMBER}",145'), "number", NUMBER),
        (
            "AT+CRSM=178,28480,1,4,28",
            ok(f'+CRSM: 144,0,"{"F" * 28}0791947121436587FFFFFFFFFFFF"'),
            "number",
            "+491712345678",
        ),
        ("AT+CRSM=176,28486,0,0,17", ok('+CRSM: 144,0,"0054657374FFFF"'), "home_mobile_network_name", "Test"),
    ],
)
def test_a_device_that_knows_one_command_only(default: str, command: str, answer: str, field: str, value: str) -> None:
    identity = read(Modem({"AT": ok(), command: answer}, default=default))
    assert identity.value(field) == value
    others = {"imei", "imsi", "iccid", "number", "meid"} - {field}
    assert {name: identity.value(name) for name in others} == dict.fromkeys(others)


def test_a_locked_sim_is_a_state_and_no_pin_is_sent() -> None:
    modem = Modem({"AT+CPIN?": ok("+CPIN: SIM PIN")}, default="+CME ERROR: 11\r\n")
    assert shown(read(modem), "status", "sim_state", "imei") == {
        "status": "partial",
        "sim_state": "pin-required",
        "imei": None,
    }
    assert not [command for command in modem.heard if command.startswith("AT+CPIN=")]


def test_a_locked_sim_still_tells_its_iccid() -> None:
    locked = {"AT+CPIN?": ok("+CPIN: SIM PUK"), "AT+CIMI": "\r\n+CME ERROR: 12\r\n"}
    assert shown(read(Modem(Ec25(locked))), "status", "sim_state", "imei", "iccid", "imsi") == {
        "status": "partial",
        "sim_state": "puk-required",
        "imei": IMEI,
        "iccid": ICCID,
        "imsi": None,
    }


def test_without_a_sim_the_card_is_left_alone() -> None:
    modem = Modem(Ec25({"AT+CPIN?": "\r\n+CME ERROR: 10\r\n"}))
    assert read(modem).sim_state is SimState.ABSENT
    assert "AT+QCCID" not in modem.heard


def test_a_bare_error_is_asked_for_its_reason_which_is_put_back() -> None:
    reasons = {"AT+CMEE?": ok("+CMEE: 0"), "AT+CPIN?": "\r\nERROR\r\n"}
    cmee = [0]

    def answer(command: str) -> bytes:
        if command.startswith("AT+CMEE="):
            cmee.append(int(command[-1]))
            return ok().encode()
        if command == "AT+CPIN?" and cmee[-1]:
            return b"\r\n+CME ERROR: 10\r\n"
        return {**EC25, **reasons}.get(command, "\r\nERROR\r\n").encode()

    assert read(Modem(answer)).sim_state is SimState.ABSENT
    assert cmee == [0, 1, 0]


def test_a_busy_sim_is_waited_for() -> None:
    answers = iter(["\r\n+CME ERROR: 14\r\n"])
    device = Ec25()

    def answer(command: str) -> bytes | None:
        return next(answers, EC25["AT+CPIN?"]).encode() if command == "AT+CPIN?" else device(command)

    assert read(Modem(answer)).status is ReadStatus.OK


def test_the_home_network_is_the_sims_while_roaming() -> None:
    identity = read(Modem(Ec25({"AT+CRSM=176,28486,0,0,17": "\r\nERROR\r\n"})))
    assert identity.home_mobile_network_mccmnc == "26202"
    assert identity.home_mobile_network_name not in {None, "Elsewhere"}
    assert identity.serving_network == Network("Elsewhere", "20801")


def test_an_imei_is_worked_out_from_the_imeisv_and_said_so() -> None:
    identity = read(Modem(Ec25({"AT+CGSN": ok(f"{IMEI[:14]}07")})))
    assert (identity.value("imeisv"), identity.value("imei")) == (f"{IMEI[:14]}07", IMEI)
    assert "imei.from-imeisv" in {warning.code for warning in identity.warnings}


def test_a_wrong_check_digit_makes_the_reader_look_elsewhere() -> None:
    serial_number = "356938035643800"
    better = read(Modem(Ec25({"AT+CGSN": ok(serial_number), "AT+CGSN=1": ok(f'+CGSN: "{IMEI}"')})))
    assert (better.value("imei"), better.warnings) == (IMEI, ())
    marked = read(Modem(Ec25({"AT+CGSN": ok(serial_number)})))
    assert marked.value("imei") == serial_number
    assert [(warning.field, warning.code) for warning in marked.warnings] == [("imei", "imei.check-digit")]
    assert serial_number not in marked.warnings[0].message


def test_the_card_says_which_length_it_wants() -> None:
    wanted = {
        "AT+CRSM=176,28486,0,0,17": ok('+CRSM: 108,6,""'),
        "AT+CRSM=176,28486,0,0,6": ok('+CRSM: 144,0,"004F6E65FFFF"'),
    }
    assert read(Modem(Ec25(wanted))).home_mobile_network_name == "One"


def test_answers_without_a_final_result_are_read() -> None:
    unfinished = {"AT+CPIN?": "+CPIN: READY\r\n", "AT+CIMI": f"{IMSI}\r\n"}
    assert shown(read(Modem(Ec25(unfinished))), *WHOLE) == WHOLE


def test_announcements_everywhere() -> None:
    device = Ec25()
    noise = b"\r\n^RSSI:12\r\n\r\nRING\r\n"

    def answer(command: str) -> bytes:
        return noise + (device(command) or b"").replace(b"\r\nOK\r\n", noise + b"\r\nOK\r\n") + noise

    assert shown(read(Modem(answer)), *WHOLE) == WHOLE


def test_numeric_results() -> None:
    device = Ec25()

    def answer(command: str) -> bytes:
        return (device(command) or b"").replace(b"\r\nOK\r\n", b"0\r").replace(b"\r\nERROR\r\n", b"4\r")

    assert shown(read(Modem(answer)), *WHOLE) == WHOLE
