"""Nokia phones. Source: Nokia, AT Command Set for Nokia GSM and WCDMA products 1.2: the standard commands; +CGMR
answers with version, date, type and copyright on lines of their own. No command gives the ICCID.
"""

from app.modem.vendors.profile import Profile

PROFILE = Profile(name="Nokia", match=r"nokia", revision=("AT+CGMR",), imei=("AT+CGSN", "AT+GSN"))
