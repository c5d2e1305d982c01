"""The devices on the training bench. Every identifier is made up; each passes the checks of its kind.

IMEIs carry the allocation for test equipment (00 1, GSMA TS.06); German and American numbers come from the
ranges their regulators keep free for fiction.
"""

from __future__ import annotations

from msgspec.structs import replace

from app.identifiers.identity import Network, SimState
from app.masked import Identifier, Secret
from app.training.devices import makers
from app.training.devices.card import Sim
from app.training.devices.personality import Hardware, Personality, SeveralInOneLine

VODAFONE_DE = Sim(
    imsi=Identifier("262020000000001"),
    iccid=Identifier("8949200000000000016"),
    mnc_length=2,
    home_name="Vodafone",
    spn="Vodafone",
    number=Identifier("+4915228817386"),
)
SPARE_DE = Sim(
    imsi=Identifier("262020000000099"),
    iccid=Identifier("8949200000000000990"),
    mnc_length=2,
    home_name="Vodafone",
    spn="Vodafone",
    number=Identifier("+4915228895456"),
)
"""The card that goes into a device when a replacement is practised."""
T_MOBILE_US = Sim(
    imsi=Identifier("310260000000002"),
    iccid=Identifier("8901260000000000022"),
    mnc_length=3,
    home_name="T-Mobile",
    spn="T-Mobile",
    number=Identifier("+12025550142"),
)
MOVISTAR_ES = Sim(
    imsi=Identifier("214070000000003"),
    iccid=Identifier("8934070000000000031"),
    mnc_length=2,
    home_name="Movistar",
    spn="Movistar",
)
TIM_IT = Sim(
    imsi=Identifier("222010000000004"),
    iccid=Identifier("8939010000000000041"),
    mnc_length=2,
    home_name="TIM",
    spn="TIM",
)
VERIZON_US = Sim(
    imsi=Identifier("311480000000005"),
    iccid=Identifier("8914800000000000055"),
    mnc_length=3,
    home_name="Verizon",
    spn="Verizon",
    number=Identifier("+12025550155"),
)
ATT_US = Sim(
    imsi=Identifier("310410000000006"),
    iccid=Identifier("89014100000000000061"),
    mnc_length=3,
    home_name="AT&T",
    spn="AT&T",
    number=Identifier("+12025550161"),
)
ORANGE_FR_LOCKED = Sim(
    imsi=Identifier("208010000000008"),
    iccid=Identifier("8933010000000000085"),
    mnc_length=2,
    home_name="Orange",
    spn="Orange",
    state=SimState.PIN_REQUIRED,
    pin=Secret("4711"),
)
"""Its PIN is 4711."""
TELCEL_MX = Sim(
    imsi=Identifier("334020000000009"),
    iccid=Identifier("8952020000000000091"),
    mnc_length=3,
    home_name="TELCEL",
    spn="TELCEL",
)
TELEKOM_DE = Sim(
    imsi=Identifier("262010000000010"),
    iccid=Identifier("8949020000000000105"),
    mnc_length=2,
    home_name="Telekom.de",
    spn="Telekom.de",
    number=Identifier("+491713920001"),
)

O2_DE = Sim(
    imsi=Identifier("262030000000011"),
    iccid=Identifier("8949020000000000113"),
    mnc_length=2,
    home_name="o2 - de",
    spn="o2 - de",
    number=Identifier("+491713920011"),
)

QUECTEL_EC25 = Personality(
    name="quectel-ec25",
    label="Quectel EC25",
    vid=0x2C7C,
    pid=0x0125,
    hardware=Hardware("Quectel", "EC25", "EC25EFAR06A06M4G", Identifier("001017010000134")),
    sim=VODAFONE_DE,
    serving=Network("Vodafone.de", "26202"),
    answers=makers.QUECTEL,
)
SIMCOM_SIM7600 = Personality(
    name="simcom-sim7600",
    label="SIMCom SIM7600G-H",
    vid=0x1E0E,
    pid=0x9001,
    hardware=Hardware("SIMCOM INCORPORATED", "SIMCOM_SIM7600G-H", "LE20B04SIM7600G22", Identifier("001017020000207")),
    sim=T_MOBILE_US,
    serving=Network("T-Mobile", "310260"),
    answers=makers.SIMCOM,
    cmee=2,
)
HUAWEI_E3372 = Personality(
    name="huawei-e3372",
    label="Huawei E3372 (talks all the time)",
    vid=0x12D1,
    pid=0x1506,
    hardware=Hardware("huawei", "E3372", "21.200.07.00.00", Identifier("001017030000379")),
    sim=MOVISTAR_ES,
    serving=Network("Movistar", "21407"),
    answers=makers.HUAWEI,
    unknown="COMMAND NOT SUPPORT",
    cmee=0,
    storm=(
        "^RSSI:19",
        '^HCSQ:"LTE",49,40,150,20',
        "^DSFLOWRPT:0000003A,00000000,00000000,0000000000001A2B,00000000000003C4,0003E800,0003E800",
        "^STIN:1,0,0",
        "^RSSI:20",
    ),
    several=SeveralInOneLine.REFUSED,
)
TELIT_LE910 = Personality(
    name="telit-le910",
    label="Telit LE910",
    vid=0x1BC7,
    pid=0x1201,
    hardware=Hardware("Telit", "LE910C1-EUX", "25.30.224-B001-P0F.224700", Identifier("001017040000443")),
    sim=TIM_IT,
    serving=Network("I TIM", "22201"),
    answers=makers.TELIT,
    cmee=0,
)
UBLOX_SARA_R4 = Personality(
    name="ublox-sara-r4",
    label="u-blox SARA-R4",
    vid=0x05C6,
    pid=0x90B2,
    hardware=Hardware(
        "u-blox",
        "SARA-R410M-02B",
        "L0.0.00.00.05.06 [Feb 03 2018 13:00:41]",
        Identifier("001017050000515"),
        serial="352250000000515",
    ),
    sim=VERIZON_US,
    serving=Network("Verizon Wireless", "311480"),
    answers=makers.UBLOX,
    cmee=0,
)
SIERRA_EM7455 = Personality(
    name="sierra-em7455",
    label="Sierra EM7455",
    vid=0x1199,
    pid=0x9071,
    hardware=Hardware(
        "Sierra Wireless, Incorporated",
        "EM7455",
        "SWI9X30C_02.24.05.06 r7040 CARMD-EV-FRMWR2 2017/05/19 06:23:09",
        Identifier("001017060000687"),
        serial="LQ650000000687",
        svn="20",
    ),
    sim=ATT_US,
    serving=Network("AT&T", "310410"),
    answers=makers.SIERRA,
)
SAMSUNG_PHONE = Personality(
    name="samsung-phone",
    label="Samsung Galaxy phone",
    vid=0x04E8,
    pid=0x6860,
    hardware=Hardware(
        "Samsung",
        "SM-S938B",
        "S938BXXU1AYA1/S938BOXM1AYA1/S938BXXU1AYA1/S938BXXU1AYA1",
        Identifier("001017070000750"),
        serial="R5CY100000A",
    ),
    sim=None,
    answers=makers.SAMSUNG,
    standard=False,
)
MEDIATEK_PHONE = Personality(
    name="mediatek-phone",
    label="MediaTek phone for two SIMs",
    vid=0x0E8D,
    pid=0x2008,
    hardware=Hardware(
        "MediaTek Inc.",
        "MT6765",
        "MOLY.LR12A.R3.MP.V98.P75",
        Identifier("001017080000840"),
        imei2=Identifier("001017080000857"),
    ),
    sim=O2_DE,
    serving=Network("o2 - de", "26203"),
    answers=makers.MEDIATEK,
)
SIM_LOCKED = replace(
    SIMCOM_SIM7600,
    name="sim-locked",
    label="SIMCom SIM7600G-H, SIM locked",
    hardware=replace(SIMCOM_SIM7600.hardware, imei=Identifier("001017020000827")),
    sim=ORANGE_FR_LOCKED,
    serving=None,
    cmee=1,
)
NO_SIM = replace(
    QUECTEL_EC25,
    name="no-sim",
    label="Quectel EC25, no SIM",
    hardware=replace(QUECTEL_EC25.hardware, imei=Identifier("001017010000993")),
    sim=None,
    serving=None,
)
ROAMING = replace(
    QUECTEL_EC25,
    name="roaming",
    label="Quectel EC25, roaming",
    hardware=replace(QUECTEL_EC25.hardware, imei=Identifier("001017010001058")),
    sim=TELCEL_MX,
    serving=Network("T-Mobile", "310260"),
)
SLOW = replace(
    UBLOX_SARA_R4,
    name="slow",
    label="u-blox SARA-R4, slow",
    hardware=replace(UBLOX_SARA_R4.hardware, imei=Identifier("001017050001125")),
    sim=TELEKOM_DE,
    serving=Network("Telekom.de", "26201"),
    latency_s=0.8,
)
DIES_HALF_WAY = replace(
    TELIT_LE910,
    name="dies-half-way",
    label="Telit LE910, falls off the bus",
    hardware=replace(TELIT_LE910.hardware, imei=Identifier("001017040001292")),
    dies_after=4,
)
SILENT = replace(
    QUECTEL_EC25,
    name="silent",
    label="A port that never answers",
    silent=True,
)

ALL: tuple[Personality, ...] = (
    QUECTEL_EC25,
    SIMCOM_SIM7600,
    HUAWEI_E3372,
    TELIT_LE910,
    UBLOX_SARA_R4,
    SIERRA_EM7455,
    SAMSUNG_PHONE,
    MEDIATEK_PHONE,
    SIM_LOCKED,
    NO_SIM,
    ROAMING,
    SLOW,
    DIES_HALF_WAY,
    SILENT,
)
BY_NAME = {personality.name: personality for personality in ALL}
