"""The makers' table: every command only reads, and a device is asked its own commands first."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from app.modem.allowed import is_allowed
from app.modem.vendors import GENERIC, PROFILES, profile_of, unusual, usual
from tests.modem.devices import ICCID, IMEI, ok, read
from tests.peers.ptys import Modem

OTHER = "356938035643817"
FIELDS = ("manufacturer", "model", "revision", "imei", "imsi", "iccid", "sim_state", "imei2", "sim_slot")


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
        'AT+EGMR=1,10,"356938035643809"',
        'AT+SPIMEI=0,"356938035643809"',
        "AT%IMEI=356938035643809",
        "AT+CPIN?\rATZ",
        "AT+CPIN?;Z",
        "AT+CPIN?;+CFUN=1",
        "AT+CFUN=1;+CPIN?",
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
        ("MediaTek Inc.", "MT6765", "MediaTek"),
        ("UNISOC", "UIS8581", "UNISOC"),
        ("Spreadtrum", None, "UNISOC"),
        ("Motorola CE, Copyright 2000", "I250-000", "Motorola"),
        ("Nokia", "Nokia E71", "Nokia"),
        ("LGE", "LG-H815", "LG"),
        ("LG Electronics", "LM-G710", "LG"),
        ("Gosuncn", "GM500", "others"),
        ("Acme", "A1", "generic"),
        ("Algeria Telecom", "ALG-1", "generic"),
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
        ("MediaTek Inc.", "AT+ICCID?", f"+ICCID: {ICCID}"),
        ("UNISOC", "AT+CCID", f'+CCID: "{ICCID}"'),
        ("SEQUANS", "AT+SQNCCID?", f'+SQNCCID: "{ICCID}",""'),
    ],
)
def test_the_makers_own_command_comes_first(manufacturer: str, command: str, answer: str) -> None:
    modem = Modem(
        {"AT": ok(), "AT+CGMI": ok(manufacturer), "AT+CGSN": ok(IMEI), "AT+CGSN=1": ok(IMEI), command: ok(answer)}
    )
    assert read(modem).value("iccid") == ICCID
    assert [heard for heard in modem.heard if "CID" in heard] == [command]


@pytest.mark.parametrize(
    ("table", "field", "value"),
    [
        # Motorola G24 manual 3-4
        ({"AT+CGMI": ok("Motorola"), "AT+CGSN?": ok(f'+CGSN: "{IMEI}"')}, "imei", IMEI),
        ({"AT+CGMI": ok("Motorola"), "AT+CGMM": ok('+CGMM: "GSM900","GSM1800","MODEL=G24"')}, "model", "G24"),
        # Nokia E71: four lines, the first is the version
        (
            {"AT+CGMI": ok("Nokia"), "AT+CGMR": ok("V 200.21.118", "28-10-09", "RM-346", "(c) Nokia")},
            "revision",
            "V 200.21.118",
        ),
        ({"AT+CGMI": ok("LGE"), "AT%IMEI?": ok(f"%IMEI: {IMEI}")}, "imei", IMEI),
        ({"AT+CGMI": ok("LGE"), "AT%SWV": ok("[LGH815AT-00-V10a]")}, "revision", "[LGH815AT-00-V10a]"),
        ({"AT+CGMI": ok("LGE"), "AT+CGSN": ok(IMEI), "AT%IMEI2?": ok(f"%IMEI2: {OTHER}")}, "imei2", OTHER),
        ({"AT+CGMI": ok("MediaTek Inc."), "AT+EGMR=0,7": ok(f'+EGMR: "{IMEI}"')}, "imei", IMEI),
        ({"AT+CGMI": ok("UNISOC"), "AT+SPIMEI?": ok(f"+SPIMEI: {IMEI}")}, "imei", IMEI),
        ({"AT+CGMI": ok("Spreadtrum"), "AT+SPIMEI?": ok(IMEI)}, "imei", IMEI),
    ],
)
def test_what_phones_answer(table: Mapping[str, str], field: str, value: str) -> None:
    assert read(Modem({"AT": ok(), **table})).value(field) == value


@pytest.mark.parametrize("field", FIELDS)
def test_no_command_is_asked_twice(field: str) -> None:
    for profile in (*PROFILES, GENERIC):
        asked = [*usual(profile, field), *unusual(profile, field)]
        assert len(asked) == len(set(asked))
