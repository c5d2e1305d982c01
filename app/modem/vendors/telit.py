"""Telit (LE910, ME910, HE910, GE/GL865). Sources: Telit LE910Cx AT Commands Reference Guide 80490ST10778A
(#CCID, #QSS, #SWPKGV, whose first line is the package's version; several commands in one line under "command
lines"); #CGSN and kin answer with a label.
"""

from app.modem.vendors.profile import Profile

PROFILE = Profile(
    name="Telit",
    match=r"telit",
    manufacturer=("AT#CGMI",),
    model=("AT#CGMM",),
    revision=("AT#SWPKGV", "AT+CGMR", "AT#CGMR"),
    imei=("AT+CGSN", "AT#CGSN"),
    imsi=("AT+CIMI", "AT#CIMI"),
    iccid=("AT#CCID",),
    sim_state=("AT#QSS?",),
    chains=True,
)
