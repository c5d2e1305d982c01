"""Fibocom (L610, L850, FM150, FM190). Sources: Fibocom L610 AT Commands (+ICCID, +CCID), FM150 manual
(+GTPKGVER?); recorded logs of L850-GL and FM190, which also answer the read forms with a question mark.
"""

from app.modem.vendors.profile import Profile

PROFILE = Profile(
    name="Fibocom",
    match=r"fibocom",
    revision=("AT+CGMR", "AT+GMR", "AT+GTPKGVER?"),
    imei=("AT+CGSN", "AT+CGSN?"),
    imsi=("AT+CIMI", "AT+CIMI?"),
    iccid=("AT+ICCID", "AT+CCID", "AT+ICCID?"),
)
