"""Samsung phones. New ones answer a restricted set only; +DEVCONINFO gives model, firmware and IMEI.
Sources: recorded answer of SM-S938B; Tian et al., ATtention Spanned, USENIX Security 2018.
"""

from app.modem.vendors.profile import Profile

PROFILE = Profile(
    name="Samsung",
    match=r"samsung|\bSM-|\bGT-",
    model=("AT+DEVCONINFO",),
    revision=("AT+CGMR", "AT+DEVCONINFO"),
    imei=("AT+CGSN", "AT+DEVCONINFO", "AT+IMEINUM"),
)
