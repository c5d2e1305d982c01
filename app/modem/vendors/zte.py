"""ZTE (MF-series sticks). Sources: ZTE AT Commands Reference Guide for MF sticks (+ZGETICCID, +ICCID);
recorded logs of K3565-Z and MF627.
"""

from app.modem.vendors.profile import Profile

PROFILE = Profile(
    name="ZTE",
    match=r"\bzte\b",
    iccid=("AT^ICCID?", "AT+ZGETICCID?", "AT+ICCID?"),
)
