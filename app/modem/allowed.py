"""What may be sent to a device: commands that only read, or set the form of an answer and are put back.

A new command needs a row here, on purpose: a profile alone cannot make the program write to a device.
V.250 5.4.4.3: the form `NAME?` reads and never changes anything, so it needs no row.
"""

from __future__ import annotations

import re

from app.modem.command_line import parts

BASICS = ("AT", "ATI", "ATI0", "ATI1", "ATI3", "ATI4", "ATI9")

ACTIONS = (
    # 3GPP TS 27.007 5.1 to 5.4, 5.6, 7.1; ITU-T V.250 6.1.4 to 6.1.7
    "AT+CGMI",
    "AT+CGMM",
    "AT+CGMR",
    "AT+CGSN",
    "AT+CGSN=0",
    "AT+CGSN=1",
    "AT+CGSN=2",
    "AT+CIMI",
    "AT+CNUM",
    "AT+GMI",
    "AT+GMM",
    "AT+GMR",
    "AT+GSN",
    # How many attempts are left for the PIN: 27.007 8.65, Telit, SIMCom, u-blox; see pin.py.
    'AT+CPINR="SIM PIN"',
    "AT#PCT",
    "AT+SPIC",
    "AT+UPINCNT",
    # Makers' own; each is named in the profile that uses it.
    "AT!ICCID",
    "AT#CCID",
    "AT#CGMI",
    "AT#CGMM",
    "AT#CGMR",
    "AT#CGSN",
    "AT#CIMI",
    "AT#SWPKGV",
    "AT%SWV",
    "AT%XICCID",
    "AT*ICCID",
    "AT+CCID",
    "AT+CICCID",
    "AT+CSUB",
    "AT+DEVCONINFO",
    # MediaTek: 0 reads, 1 would write.
    "AT+EGMR=0,7",
    "AT+EGMR=0,10",
    "AT+ICCID",
    "AT+IMEINUM",
    "AT+QCCID",
    "AT+QGMR",
    "AT+SIMCOMATI",
    "AT+SQNCCID",
    "AT^ICCID",
    "AT^SCID",
    "AT^SYSINFO",
    "AT^SYSINFOEX",
)

FORMS = (
    # Card files: 176 READ BINARY, 178 READ RECORD, 192 GET RESPONSE (27.007 8.18); 214 and 220 would write.
    r"AT\+CRSM=(?:176|178|192),\d{1,5},\d{1,3},\d{1,3},\d{1,3}",
    # The form in which the network is named (27.007 7.3, mode 3); other modes register or search.
    r"AT\+COPS=3,[012]",
    # Whether errors carry a reason (27.007 9.1).
    r"AT\+CMEE=[012]",
    r"AT[+^#%!$*][A-Z][A-Z0-9]*\?",
)

_FIXED = frozenset(BASICS + ACTIONS)
_FORMS = tuple(re.compile(form) for form in FORMS)


def is_allowed(command: str) -> bool:
    """Whether a command, exactly as it would be sent, is on the list; of several in one line, each."""
    return all(part in _FIXED or any(form.fullmatch(part) for form in _FORMS) for part in parts(command))
