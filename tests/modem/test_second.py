"""Devices for two SIMs and eSIMs: the second IMEI with its slot, the EID; kept beside what goes out as JSON."""

from __future__ import annotations

import pytest

from app.identifiers.luhn import check_digit
from app.modem.at import parse
from app.modem.replies import equipment, sim
from tests.modem.devices import ICCID, IMEI, Ec25, ok, read
from tests.peers.ptys import Modem

SECOND = IMEI[:8] + "564381"
SECOND += check_digit(SECOND)
OTHER_TYPE = "490154203237518"
EID = "89049032000001000000000000000005"
EID = EID[:30] + f"{98 - int(EID[:30] + '00') % 97:02d}"


@pytest.mark.parametrize(
    ("command", "answer", "second", "slot"),
    [
        ("AT+CGSN", ok(IMEI, SECOND), SECOND, None),
        ("AT+CGSN", ok(f"+CGSN: {IMEI}", f"+CGSN: {SECOND}"), SECOND, None),
        ("AT+CGSN", ok(f"IMEI1: {IMEI}", f"IMEI2: {SECOND}"), SECOND, 2),
        ("AT+SIMCOMATI", ok(f"IMEI: {IMEI}", f"IMEI 2: {SECOND}"), SECOND, 2),
        ("AT+DEVCONINFO", ok(f"+DEVCONINFO: MN(SM-1);VER(X1);IMEI({IMEI});IMEI2({SECOND})"), SECOND, 2),
        ("AT+DEVCONINFO", ok(f"+DEVCONINFO: MN(SM-1);VER(X1);IMEI({IMEI},{SECOND})"), SECOND, None),
        # A maker's serial number that passes the check digit by chance is of another type.
        ("AT+CGSN", ok(IMEI, OTHER_TYPE), None, None),
        ("AT+CGSN", ok(IMEI, SECOND[:14] + str((int(SECOND[14]) + 1) % 10)), None, None),
        ("AT+CGSN", ok(IMEI, IMEI), None, None),
        ("AT+CGSN", ok(f"IMEI1: {IMEI}", f"IMEI2: {IMEI}"), None, None),
        ("AT+SIMCOMATI", ok(f"IMEI: {IMEI}", SECOND), None, None),
    ],
)
def test_a_second_imei(command: str, answer: str, second: str | None, slot: int | None) -> None:
    found = equipment.numbers(parse(command, answer.encode()))
    assert (found.imei, found.second_imei, found.second_slot) == (IMEI, second, slot)


def test_both_imeis_of_a_device_are_kept_and_told() -> None:
    identity = read(Modem(Ec25({"AT+CGSN": ok(IMEI, SECOND)})))
    assert (identity.value("imei"), identity.value("imei2"), identity.imei2_slot) == (IMEI, SECOND, None)
    assert [(warning.field, warning.code) for warning in identity.warnings] == [("imei", "imei.second")]
    assert SECOND not in str(identity.revealed())
    assert SECOND not in repr(identity)


def test_a_mediatek_phone_is_asked_for_its_second_slot() -> None:
    table = {"AT+CGMI": ok("MediaTek Inc."), "AT+EGMR=0,10": ok(f'+EGMR: "{SECOND}"')}
    modem = Modem(Ec25(table))
    identity = read(modem)
    assert (identity.value("imei2"), identity.imei2_slot) == (SECOND, 2)
    assert "slot 2" in identity.warnings[0].message
    assert modem.heard.count("AT+EGMR=0,10") == 1


@pytest.mark.parametrize("answer", ["ERROR", '+EGMR: "', f'+EGMR: "{IMEI}"', f'+EGMR: "{SECOND}1"'])
def test_what_is_no_second_imei_is_not_one(answer: str) -> None:
    table = {"AT+CGMI": ok("MediaTek Inc."), "AT+EGMR=0,10": ok(answer)}
    assert read(Modem(Ec25(table))).imei2 is None


def test_only_devices_that_may_have_one_are_asked() -> None:
    modem = Modem(Ec25())
    read(modem)
    assert "AT+EGMR=0,10" not in modem.heard


@pytest.mark.parametrize(
    ("command", "answer", "found"),
    [
        ("AT+SQNCCID?", f'+SQNCCID: "{ICCID}","{EID}"', EID),
        ("AT+CCID", f"{ICCID}\r\nEID: {EID}", EID),
        ("AT+SQNCCID?", f'+SQNCCID: "{ICCID}",""', None),
        ("AT+SQNCCID?", f'+SQNCCID: "{ICCID}","{EID[:-1]}0"', None),
        ("AT+SQNCCID?", f'+SQNCCID: "{ICCID}","{EID[:-2]}"', None),
    ],
)
def test_an_eid_beside_the_iccid(command: str, answer: str, found: str | None) -> None:
    reply = parse(command, ok(answer).encode())
    assert (sim.iccid(reply), sim.eid(reply)) == (ICCID, found)


def test_an_eid_is_kept() -> None:
    identity = read(Modem(Ec25({"AT+QCCID": ok(f'+QCCID: "{ICCID}","{EID}"')})))
    assert (identity.value("iccid"), identity.value("eid")) == (ICCID, EID)
    assert EID not in str(identity.revealed())


@pytest.mark.parametrize(
    ("maker", "command", "answer", "slot"),
    [
        ("Quectel", "AT+QUIMSLOT?", "+QUIMSLOT: 2", 2),
        ("Quectel", "AT+QUIMSLOT?", "+QUIMSLOT: 1", 1),
        ("Quectel", "AT+QUIMSLOT?", "+QUIMSLOT: 0", None),
        ("Sierra Wireless", "AT!UIMS?", "!UIMS: 0", 1),
        ("Sierra Wireless", "AT!UIMS?", "!UIMS: 1", 2),
        ("Sierra Wireless", "AT!UIMS?", "!UIMS: 3,1", 2),
        ("Sierra Wireless", "AT!UIMS?", "!UIMS: 7", None),
    ],
)
def test_the_slot_of_the_sim_in_use(maker: str, command: str, answer: str, slot: int | None) -> None:
    table = {"AT+CGMI": ok(maker), "AT+CCID": ok(f"+CCID: {ICCID}"), command: ok(answer)}
    modem = Modem(Ec25(table))
    assert read(modem).sim_slot is None
    assert command not in modem.heard
    assert read(Modem(Ec25({**table, "AT+CGSN": ok(IMEI, SECOND)}))).sim_slot == slot


def test_a_sim_in_the_slot_of_the_second_imei_is_told() -> None:
    table = {"AT+CGSN": ok(f"IMEI1: {IMEI}", f"IMEI2: {SECOND}"), "AT+QUIMSLOT?": ok("+QUIMSLOT: 2")}
    identity = read(Modem(Ec25(table)))
    assert [warning.code for warning in identity.warnings] == ["imei.second", "imei.other-slot"]
