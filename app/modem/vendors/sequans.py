"""Sequans (Monarch, Calliope). Source: Sequans Monarch AT Commands Reference 5.4 (+SQNCCID: ICCID, then EID)."""

from app.modem.vendors.profile import Profile

PROFILE = Profile(
    name="Sequans",
    match=r"sequans|\bGM02S|\bVZM20Q",
    iccid=("AT+SQNCCID?", "AT+SQNCCID", "AT+CCID"),
)
