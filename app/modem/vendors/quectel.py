"""Quectel (EC2x, EG2x, EP06, BG9x, RM5xx). Sources: Quectel EC2x&EG9x AT Commands Manual 2.0 (+QCCID 5.8,
+QSIMSTAT 5.10); RG50xQ&RM5xxQ manual (+QUIMSLOT); BG9x manual (+QGMR adds the subrevision); RG520N&RM5x0N manual
(1.3.4, several commands in one line; EC200A answers them out of order); recorded logs of EP06 and EG25-G.
"""

from app.modem.vendors.profile import Profile

PROFILE = Profile(
    name="Quectel",
    match=r"quectel",
    revision=("AT+CGMR", "AT+QGMR"),
    iccid=("AT+QCCID",),
    sim_state=("AT+QSIMSTAT?",),
    sim_slot=("AT+QUIMSLOT?",),
    chains=True,
)
