"""u-blox (SARA, LISA, TOBY, LARA). Sources: u-blox AT Commands Manual UBX-13002752 (+CCID 4.12, ATI9); some
SARA-R4 firmware prints +CCID with a space before the value. SARA-R4/N4 manual UBX-17003787 (1.1.4.1, several
commands in one line).
"""

from app.modem.vendors.profile import Profile

PROFILE = Profile(
    name="u-blox",
    match=r"u-?blox|\b(?:SARA|LISA|TOBY|LARA)-",
    iccid=("AT+CCID", "AT+CCID?"),
    chains=True,
)
