"""The makers' table: every command only reads, and a device is asked its own commands first."""

from __future__ import annotations

import pytest

from app.modem.allowed import is_allowed
from app.modem.vendors import GENERIC, PROFILES, profile_of, unusual, usual
from tests.modem.devices import ICCID, IMEI, ok, read
from tests.peers.ptys import Modem

FIELDS = ("manufacturer", "model", "revision", "imei", "imsi", "iccid", "sim_state")


@pytest.mark.parametrize("profile", [*PROFILES, GENERIC], ids=lambda profile: profile.name)
@pytest.mark.parametrize("field", FIELDS)
def test_every_command_of_a_profile_is_on_the_list(profile: object, field: str) -> None:
    assert [command for command in getattr(profile, field) if not is_allowed(command)] == []


@pytest.mark.parametrize(
    "command",
    [
        "ATZ",
        "AT&F",
        "AT&W",
        "ATD1;",
        "ATE0",
        "AT+CFUN=1",
        "AT+CNMI=2,1",
        'AT+CPBS="ON"',
        'AT+CSCS="GSM"',
        "AT+CLCK=1",
        "AT+CRSM=214,28486,0,0,1",
        "AT+COPS=0",
        "AT+COPS=?",
        "AT+EGMR=1,7",
        "AT+CPIN?\rATZ",
        "AT+CIMI\n",
        "at+cimi",
        "",
    ],
)
def test_what_writes_is_not(command: str) -> None:
    assert not is_allowed(command)


@pytest.mark.parametrize(
    ("manufacturer", "model", "name"),
    [
        ("Quectel", "EG25", "Quectel"),
        ("SIMCOM_Ltd", None, "SIMCom"),
        ("INCORPORATED", "A7670E", "SIMCom"),
        ("huawei", "E3372", "Huawei"),
        ("ZTE CORPORATION", "MF190", "ZTE"),
        ("Telit", "LE910C1", "Telit"),
        ("Cinterion", "EHS6", "Cinterion"),
        ("u-blox", "SARA-R410M", "u-blox"),
        ("Sierra Wireless, Incorporated", "EM7455", "Sierra Wireless"),
        ("Fibocom", "L850", "Fibocom"),
        ("Nordic Semiconductor ASA", "nRF9160-SICA", "Nordic"),
        ("SAMSUNG", "SM-G960F", "Samsung"),
        ("SEQUANS Communications", "GM02S", "Sequans"),
        ("Acme", "A1", "generic"),
        (None, None, "generic"),
    ],
)
def test_a_device_finds_its_profile(manufacturer: str | None, model: str | None, name: str) -> None:
    assert profile_of(manufacturer, model).name == name


@pytest.mark.parametrize(
    ("manufacturer", "command", "answer"),
    [
        ("Quectel", "AT+QCCID", f"+QCCID: {ICCID}F"),
        ("SIMCOM INCORPORATED", "AT+CICCID", f"+ICCID: {ICCID}"),
        ("huawei", "AT^ICCID?", f'^ICCID: "{ICCID}"'),
        ("Telit", "AT#CCID", f"#CCID: {ICCID}"),
        ("Cinterion", "AT^SCID", f"^SCID: {ICCID}"),
        ("Sierra Wireless", "AT!ICCID?", f"!ICCID: {ICCID}"),
        ("Nordic Semiconductor ASA", "AT%XICCID", f"%XICCID: {ICCID}F"),
        ("SEQUANS", "AT+SQNCCID?", f'+SQNCCID: "{ICCID}",""'),
    ],
)
def test_the_makers_own_command_comes_first(manufacturer: str, command: str, answer: str) -> None:
    modem = Modem(
        {"AT": ok(), "AT+CGMI": ok(manufacturer), "AT+CGSN": ok(IMEI), "AT+CGSN=1": ok(IMEI), command: ok(answer)}
    )
    assert read(modem).value("iccid") == ICCID
    assert [heard for heard in modem.heard if "CID" in heard] == [command]


@pytest.mark.parametrize("field", FIELDS)
def test_no_command_is_asked_twice(field: str) -> None:
    for profile in (*PROFILES, GENERIC):
        asked = [*usual(profile, field), *unusual(profile, field)]
        assert len(asked) == len(set(asked))
