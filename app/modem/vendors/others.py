"""Commands seen on devices whose maker has no profile of its own; asked last.

Sources: MeiG and ASR modules (+CCID?, *ICCID?), $MYCCID of Neoway and Gosuncn, the read
forms that some answer in place of the action.
"""

from app.modem.vendors.profile import Profile

PROFILE = Profile(
    name="others",
    match=r"meig|neoway|gosuncn|\basr\b",
    manufacturer=("ATI3", "ATI4", "AT+CGMI?", "AT+GMI?"),
    model=("ATI4", "AT+CGMM?", "AT+GMM?"),
    revision=("ATI4", "AT+CGMR?", "AT+GMR?"),
    imei=("AT+CGSN?", "AT+GSN?", "AT+CGSN=0", "ATI4", "AT+CGSN=2"),
    imsi=("AT+CIMI?",),
    iccid=("AT+CCID?", "AT+ICCID?", "AT$MYCCID?", "AT*ICCID?", "AT*ICCID", "AT!ICCID", "AT+QCCID?", "AT#CCID?"),
)
