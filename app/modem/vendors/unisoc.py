"""UNISOC (once Spreadtrum) phones and modules. Sources: published logs and tools for these chips: +SPIMEI? reads
the IMEI of the SIM slot that the port belongs to, +CCID the ICCID.
"""

from app.modem.vendors.profile import Profile

PROFILE = Profile(
    name="UNISOC",
    match=r"unisoc|spreadtrum|\b(?:UIS|UMS)\d{4}",
    imei=("AT+CGSN", "AT+SPIMEI?"),
    iccid=("AT+CCID", "AT+ICCID"),
)
