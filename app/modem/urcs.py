"""Lines a device sends without being asked (3GPP TS 27.007, 27.005; makers' manuals; recorded sessions).

A line with the name of another command in front (`^RSSI:12`) needs no row here: at.py knows it by that name.
The rows are for lines without such a name, and for those that carry a second line.
"""

from __future__ import annotations

import re

BARE = re.compile(
    r"RING(?:ING)?|RDY|READY|BOOT|START|(?:SIM |CALL |SMS |PB |MODEM |APP |FOTA |GPS )?READY|(?:SMS|PB|CALL|INIT) DONE"
    r"|NORMAL POWER DOWN|POWERED? DOWN|(?:UNDER|OVER)[- ]VOLTAGE.*|VOICE CALL: ?(?:BEGIN|END).*|MISSED[_ ]CALL.*"
    r"|APP PDP: ?.*|PDP DEACT|SIM (?:REMOVED|DROP|INSERTED)|DST: ?\d+|\*?ATREADY: ?\d+|SYSSTART.*|SYSLOADING|APPRDY"
    r"|CRING: ?.*|CLIP: ?.*|CONNECTED|CLOSED|HEARTBEAT|\*?COLD START.*|WAKEUP",
    re.IGNORECASE,
)
"""Whole lines that announce something: boot stages, calls, power, the card coming and going."""

MESSAGE_FOLLOWS = re.compile(r"\+(?:CMT|CBM|CDS): ?.*", re.IGNORECASE)
"""The message itself stands on the next line (27.005 3.4.1); it can hold any digits."""

REPORT_IN_LINE = re.compile(r"\+CDS: ?\d+,.+", re.IGNORECASE)
"""A status report in text mode is one line; in PDU mode `+CDS: <length>` announces a second."""


def stands_alone(line: str) -> bool:
    """Whether a line without a command's name is an announcement."""
    return BARE.fullmatch(line) is not None


def has_second_line(line: str) -> bool:
    """Whether the line after this one belongs to it."""
    return MESSAGE_FOLLOWS.fullmatch(line) is not None and REPORT_IN_LINE.fullmatch(line) is None
