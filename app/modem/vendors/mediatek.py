"""MediaTek phones and modules. Sources: MediaTek's Android telephony layer and published logs: +EGMR=0,7 and
+EGMR=0,10 read the first and the second IMEI (+EGMR=1,x writes and is not on the list), +ICCID? the ICCID.
On some firmware +EGMR=0,10 gives an IMEISV; that is no second IMEI.
"""

from app.modem.vendors.profile import Profile

PROFILE = Profile(
    name="MediaTek",
    match=r"mediatek|\bMTK\b|\bMT[68]\d{3}",
    imei=("AT+CGSN", "AT+EGMR=0,7"),
    iccid=("AT+ICCID?", "AT+CCID"),
    imei2=("AT+EGMR=0,10",),
)
