"""Motorola phones and modules. Sources: Motorola G24 AT Commands Reference Manual, 3-4 (+CGSN? gives the IMEI in
quotes); recorded log of I250, which lists bands beside the model.
"""

from app.modem.vendors.profile import Profile

PROFILE = Profile(
    name="Motorola",
    match=r"motorola",
    manufacturer=("AT+CGMI", "AT+CGMI?"),
    model=("AT+CGMM", "AT+CGMM?"),
    revision=("AT+CGMR", "AT+CGMR?"),
    imei=("AT+CGSN", "AT+CGSN?", "AT+GSN?"),
)
