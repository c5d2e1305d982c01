"""The answers of each maker's devices, as their manuals and recorded sessions give them.

Rows hold what differs from the standard commands, which every modem here knows (`STANDARD`).
"""

from __future__ import annotations

from app.training.devices.personality import Answer

Answers = dict[str, Answer]


def device(text: str) -> Answer:
    return Answer(text)


def card(text: str) -> Answer:
    return Answer(text, of_card=True)


LABELLED = "Manufacturer: {manufacturer}\nModel: {model}\nRevision: {revision}\nIMEI: {imei}\n+GCAP: +CGSM,+DS,+ES"

STANDARD: Answers = {
    # 3GPP TS 27.007 5.1 to 5.4, 5.6, 7.1; ITU-T V.250 6.1.4 to 6.1.7
    "+CGMI": device("{manufacturer}"),
    "+CGMM": device("{model}"),
    "+CGMR": device("{revision}"),
    "+GMI": device("{manufacturer}"),
    "+GMM": device("{model}"),
    "+GMR": device("{revision}"),
    "+CGSN": device("{imei}"),
    "+GSN": device("{imei}"),
    "+CIMI": card("{imsi}"),
    "+CNUM": card("{number_line}"),
    "+CFUN?": device("+CFUN: 1"),
    "+CSCS?": device('+CSCS: "IRA"'),
}

QUECTEL: Answers = STANDARD | {
    # EC2x&EG9x AT Commands Manual: ATI, +QCCID, +QSIMSTAT, +CGSN
    "I": device("{manufacturer}\n{model}\nRevision: {revision}"),
    "+QCCID": card("+QCCID: {iccid_padded}"),
    "+CCID": card("+CCID: {iccid_padded}"),
    "+QSIMSTAT?": device("+QSIMSTAT: 0,{inserted}"),
}

SIMCOM: Answers = STANDARD | {
    # SIM7500_SIM7600 Series AT Command Manual: ATI, +CICCID (answers +ICCID), +SIMCOMATI
    "I": device(LABELLED),
    "+CGMR": device("+CGMR: {revision}"),
    "+CICCID": card("+ICCID: {iccid_padded}"),
    "+SIMCOMATI": device(
        "Manufacturer: {manufacturer}\nModel: {model}\nRevision: {revision}\nQCN: \nIMEI: {imei}\n"
        "MEID: \n+GCAP: +CGSM\nDeviceInfo: 173,170"
    ),
}

HUAWEI: Answers = STANDARD | {
    # HUAWEI MU609/ME909 AT Command Interface Specification: ^ICCID, ^GETPORTMODE, ^CURC
    "I": device(LABELLED),
    "^ICCID?": card("^ICCID: {iccid_padded}"),
    "^GETPORTMODE": device("^GETPORTMODE:TYPE:WCDMA:huawei,PCUI:0,MDM:1,NDIS:2,GPS:255"),
    "^SYSINFOEX": device('^SYSINFOEX:2,3,0,1,,6,"LTE",101,"LTE"'),
}

TELIT: Answers = STANDARD | {
    # Telit LE910 V2 AT Commands Reference Guide: #CCID, #QSS, #CGSN, #SWPKGV; ATI gives a number
    "I": device("332"),
    "#CGMI": device("#CGMI: {manufacturer}"),
    "#CGMM": device("#CGMM: {model}"),
    "#CGSN": device("#CGSN: {imei}"),
    "#CIMI": card("#CIMI: {imsi}"),
    "#CCID": card("#CCID: {iccid_padded}"),
    "#QSS?": device("#QSS: 0,{inserted}"),
    "#SWPKGV": device("{revision}\nM0F.223004-B001\nP0F.224700\nA0F.223004-B001"),
}

UBLOX: Answers = STANDARD | {
    # u-blox SARA-R4 AT Commands Manual: +CGSN=<snt>, +CCID
    "I": device("Manufacturer: {manufacturer}\nModel: {model}\nRevision: {revision}\nIMEI: {imei}\n"),
    "+CGSN=0": device("{serial}"),
    "+CGSN=1": device('+CGSN: "{imei}"'),
    "+CGSN=2": device('+CGSN: "{imeisv}"'),
    "+CGSN=3": device('+CGSN: "{svn}"'),
    "+CCID": card("+CCID: {iccid_padded}"),
    "+CCID?": card("+CCID: {iccid_padded}"),
}

SIERRA: Answers = STANDARD | {
    # Sierra Wireless AirPrime EM74xx AT Command Reference: !ICCID?; +ICCID answers without the plus
    "I": device(
        "Manufacturer: {manufacturer}\nModel: {model}\nRevision: {revision}\nMEID: \nESN: 12816331332, 80f9ce44\n"
        "IMEI: {imei}\nIMEI SV: {svn}\nFSN: {serial}\n+GCAP: +CGSM"
    ),
    "!ICCID?": card("!ICCID: {iccid_padded}"),
    "+ICCID": card("ICCID: {iccid_padded}"),
}

MEDIATEK: Answers = STANDARD | {
    # MediaTek's Android telephony layer: +EGMR=0,7 and 0,10 read the IMEIs of both slots, +ICCID? the card's number
    "+EGMR=0,7": device('+EGMR: "{imei}"'),
    "+EGMR=0,10": device('+EGMR: "{imei2}"'),
    "+ICCID?": card("+ICCID: {iccid}"),
}

SAMSUNG: Answers = {
    # Newer Galaxy phones answer a restricted set; the values stand in brackets behind their labels.
    "+DEVCONINFO": device(
        "+DEVCONINFO: MN({model});BASE(UNKNOWN);VER({revision});HIDVER({revision});MNC(,);MCC(,);PRD(EUX);AID();"
        "CC(GB);OMCCODE();SN({serial});IMEI({imei});UN(CE0117170000000000);PN(,);CON(AT,MTP);LOCK(NONE);"
        "LIMIT(FALSE);SDP(RUNTIME);HVID(Data:196609,Cache:262145)\n#OK#"
    ),
}
