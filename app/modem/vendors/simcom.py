"""SIMCom (SIM800, SIM868, SIM7000, SIM7600, A76xx). Sources: SIM7500_SIM7600 AT Command Manual 3.00 (+CICCID,
+SIMCOMATI, +SIMEI?, whose other form writes), SIM800 manual 1.09 (+CCID without a label, +CSMINS?), SIM900 manual
1.07 (1.4.4, several commands in one line); recorded logs.
A76xx firmware names its maker "INCORPORATED" only.
"""

from app.modem.vendors.profile import Profile

PROFILE = Profile(
    name="SIMCom",
    match=r"simcom|\bSIM\d{3,4}|\bA76\d\d",
    manufacturer=("AT+SIMCOMATI",),
    model=("AT+SIMCOMATI",),
    revision=("AT+CGMR", "AT+SIMCOMATI", "AT+CSUB"),
    imei=("AT+CGSN", "AT+GSN", "AT+SIMCOMATI", "AT+SIMEI?"),
    iccid=("AT+CICCID", "AT+CCID"),
    sim_state=("AT+CSMINS?",),
    chains=True,
)
