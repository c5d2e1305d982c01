"""Any maker: the standard commands (3GPP TS 27.007 5.1 to 5.6; ITU-T V.250 6.1.3 to 6.1.7), best first."""

from app.modem.vendors.profile import Profile

PROFILE = Profile(
    name="generic",
    match="",
    manufacturer=("AT+CGMI", "AT+GMI", "ATI"),
    model=("AT+CGMM", "AT+GMM", "ATI"),
    revision=("AT+CGMR", "AT+GMR", "ATI"),
    imei=("AT+CGSN", "AT+CGSN=1", "AT+GSN", "ATI"),
    imsi=("AT+CIMI",),
    iccid=("AT+CCID", "AT+ICCID"),
)
