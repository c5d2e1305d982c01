"""Sierra Wireless (EM74xx, MC77xx, WP, HL). Sources: AirPrime EM74xx/MC74xx AT Command Reference 4117727 (!ICCID?
and !UIMS? need no unlock, +ICCID answers `ICCID: ` without plus).
"""

from app.modem.vendors.profile import Profile

PROFILE = Profile(
    name="Sierra Wireless",
    match=r"sierra|airprime",
    iccid=("AT!ICCID?", "AT+ICCID", "AT+CCID?"),
    sim_slot=("AT!UIMS?",),
    first_slot=0,
)
