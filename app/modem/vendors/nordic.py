"""Nordic Semiconductor (nRF91, nRF93). Sources: nRF91x1 AT Commands Reference Guide (%XICCID 7.7, %SHORTSWVER).
Plain +CGSN gives the maker's serial number on nRF93, so the IMEI is asked for by number.
"""

from app.modem.vendors.profile import Profile

PROFILE = Profile(
    name="Nordic",
    match=r"nordic|\bnrf9",
    revision=("AT+CGMR", "AT%SHORTSWVER?"),
    imei=("AT+CGSN=1",),
    iccid=("AT%XICCID",),
)
