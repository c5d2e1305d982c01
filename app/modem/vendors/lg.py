"""LG phones. Sources: published command lists of LG Android phones (%IMEI, %SWV prints the software version) and
the command tables of LG's released kernels, where %IMEI and %IMEI2 have a read form beside the one that writes.
"""

from app.modem.vendors.profile import Profile

PROFILE = Profile(
    name="LG",
    match=r"\bLGE?\b|\bLG-|\bLM-[A-Z]\d",
    revision=("AT+CGMR", "AT%SWV"),
    imei=("AT+CGSN", "AT%IMEI?"),
    imei2=("AT%IMEI2?",),
)
