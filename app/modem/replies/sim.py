"""The SIM's numbers and its state: +CIMI, +CCID and kin, +CNUM, +CPIN (3GPP TS 27.007 5.6, 7.1, 8.3, 9.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.identifiers import eid as eids
from app.identifiers import iccid as iccids
from app.identifiers import imsi as imsis
from app.identifiers.identity import SimState
from app.modem.at import Reply
from app.modem.finals import CME
from app.modem.replies.text import decoded, items, labelled, values

IMSI = frozenset({"CIMI", "IMSI"})
ICCID = frozenset(
    {"CCID", "ICCID", "QCCID", "CICCID", "XICCID", "SCID", "SCID SIM CARD ID", "SQNCCID", "MYCCID", "ZGETICCID"}
    | {"SIM ICCID", "CARD ID"}
)

MOST_SLOTS = 2
NUMBER_AND_TYPE = re.compile(r'(?P<alpha>.*?),\s*"?(?P<number>[^",]*)"?\s*,\s*(?P<type>\d{1,3})(?:\s*,.*)?')
NUMBER_ONLY = re.compile(r'(?:.*,)?\s*"?(?P<number>[^",]*)"?\s*')
DIALLED = re.compile(r"\+?[0-9*#]{3,}")
INTERNATIONAL_TYPE = 0x10
TYPE_OF_NUMBER = 0x70

CPIN_STATES: Mapping[str, SimState] = {
    "READY": SimState.READY,
    "SIM PIN": SimState.PIN_REQUIRED,
    "SIM PUK": SimState.PUK_REQUIRED,
    # The second PIN guards call limits only; everything this program reads is open.
    "SIM PIN2": SimState.READY,
    "SIM PUK2": SimState.READY,
    # A lock of the device to a card or network, opened by a code as well.
    "PH SIM PIN": SimState.PIN_REQUIRED,
    "PH FSIM PIN": SimState.PIN_REQUIRED,
    "PH NET PIN": SimState.PIN_REQUIRED,
    "PH NETSUB PIN": SimState.PIN_REQUIRED,
    "PH SP PIN": SimState.PIN_REQUIRED,
    "PH CORP PIN": SimState.PIN_REQUIRED,
    "PH SIM PUK": SimState.PUK_REQUIRED,
    "PH FSIM PUK": SimState.PUK_REQUIRED,
    "PH NET PUK": SimState.PUK_REQUIRED,
    "PH NETSUB PUK": SimState.PUK_REQUIRED,
    "PH SP PUK": SimState.PUK_REQUIRED,
    "PH CORP PUK": SimState.PUK_REQUIRED,
    "NOT INSERTED": SimState.ABSENT,
    "NO SIM": SimState.ABSENT,
    "SIM NOT INSERTED": SimState.ABSENT,
    "REMOVED": SimState.ABSENT,
    "SIM REMOVED": SimState.ABSENT,
    "ABSENT": SimState.ABSENT,
    "NOT READY": SimState.BUSY,
    "SIM BUSY": SimState.BUSY,
    "SIM FAILURE": SimState.FAILURE,
    "SIM WRONG": SimState.FAILURE,
    # SIMCom A76xx: the card stopped answering.
    "SIM CRASH": SimState.FAILURE,
    "BLOCKED": SimState.FAILURE,
}
ERROR_CODES: Mapping[int, SimState] = {
    5: SimState.PIN_REQUIRED,
    6: SimState.PIN_REQUIRED,
    7: SimState.PUK_REQUIRED,
    10: SimState.ABSENT,
    11: SimState.PIN_REQUIRED,
    12: SimState.PUK_REQUIRED,
    13: SimState.FAILURE,
    14: SimState.BUSY,
    15: SimState.FAILURE,
    17: SimState.READY,
    18: SimState.READY,
    40: SimState.PIN_REQUIRED,
    41: SimState.PUK_REQUIRED,
    # Wavecom and others: please wait, init or command processing in progress.
    515: SimState.BUSY,
}
"""Codes of +CME ERROR (27.007 9.2.1 and 9.2.2)."""
ERROR_WORDS: tuple[tuple[str, SimState], ...] = (
    ("PIN2", SimState.READY),
    ("PUK2", SimState.READY),
    ("PUK", SimState.PUK_REQUIRED),
    ("PIN REQUIRED", SimState.PIN_REQUIRED),
    ("PIN NECESSARY", SimState.PIN_REQUIRED),
    ("NOT INSERTED", SimState.ABSENT),
    ("NOT PRESENT", SimState.ABSENT),
    ("NO SIM", SimState.ABSENT),
    ("SIM REMOVED", SimState.ABSENT),
    ("BUSY", SimState.BUSY),
    ("NOT READY", SimState.BUSY),
    ("SIM FAILURE", SimState.FAILURE),
    ("SIM WRONG", SimState.FAILURE),
    ("SIM INVALID", SimState.FAILURE),
    ("BLOCKED", SimState.FAILURE),
)
"""Words of such an error in text form; the first that occurs decides."""


def imsi(reply: Reply) -> str | None:
    """6 to 15 digits."""
    for text in values(reply, IMSI):
        verdict = imsis.check(items(text)[0])
        if verdict.value and not labelled(text):
            return verdict.value.reveal()
    return None


def iccid(reply: Reply) -> str | None:
    """18 to 20 characters from 89 on, padding dropped; an EID beside it is too long to be taken.

    Digits that are swapped in pairs come back as they are; `identifiers.iccid` tells and swaps them.
    """
    for text in values(reply, ICCID):
        for item in items(text):
            verdict = iccids.check(item)
            if verdict.value or verdict.offers:
                return (verdict.value or verdict.offers[0].value).reveal()
    return None


def eid(reply: Reply) -> str | None:
    """The number of an eSIM beside an ICCID: one whose check digits are right."""
    for text in values(reply, ICCID | {"EID"}):
        for item in items(text):
            if eids.has_form(item) and eids.is_valid(item):
                return item
    return None


def own_numbers(reply: Reply) -> list[str]:
    """Every number of a +CNUM answer in its order; a line without one gives nothing."""
    found = (_own_number(text) for text in values(reply, {"CNUM"}, bare=False))
    return [number for number in found if number]


def _own_number(text: str) -> str | None:
    # The name in front can hold commas and stray quotes, so the number is found by the type behind it.
    match = NUMBER_AND_TYPE.fullmatch(text) or NUMBER_ONLY.fullmatch(text)
    number = decoded(match["number"].strip()) if match else ""
    if match is None or not DIALLED.fullmatch(number):
        return None
    kind = int(match.groupdict().get("type") or 0)
    international = kind & TYPE_OF_NUMBER == INTERNATIONAL_TYPE
    return f"+{number}" if international and not number.startswith("+") else number


def state(reply: Reply) -> SimState:
    """The state of the SIM by an answer to +CPIN?, or by the error that any SIM command ended with."""
    for text in values(reply, {"CPIN"}):
        if known := CPIN_STATES.get(_words(text.strip('" '))):
            return known
    if reply.command == "AT+CPIN?" and not (reply.lines or reply.refused) and "READY" in reply.urcs:
        # Alone it looks like an announcement, but nothing else came.
        return SimState.READY
    return error_state(reply)


def error_state(reply: Reply) -> SimState:
    """The state of the SIM that an error tells; UNKNOWN for errors about other things."""
    final = reply.final
    if final is None or final.kind != CME:
        return SimState.UNKNOWN
    if final.code is not None:
        return ERROR_CODES.get(final.code, SimState.UNKNOWN)
    words = _words(final.text or "")
    return next((known for word, known in ERROR_WORDS if word in words), SimState.UNKNOWN)


def _words(text: str) -> str:
    """Firmware writes PH-SIM PIN and PH_SIM PIN, SIM not inserted and SIM_NOT_INSERTED."""
    return text.upper().replace("_", " ").replace("-", " ")


QSS = {0: SimState.ABSENT, 2: SimState.READY, 3: SimState.READY}
"""Telit: 1 says that a card is there, not whether it can be read."""
INSERTED = {0: SimState.ABSENT}
"""Quectel, SIMCom, Cinterion: 0 no card; 1 says nothing of a PIN."""
SYSINFO = {1: SimState.READY, 240: SimState.ABSENT, 255: SimState.ABSENT}
"""Huawei: 1 valid; 0, 2, 3, 4 invalid in one domain or both."""
STATUS_QUERIES: Mapping[str, tuple[str, int, Mapping[int, SimState]]] = {
    "AT#QSS?": ("QSS", 1, QSS),
    "AT+QSIMSTAT?": ("QSIMSTAT", 1, INSERTED),
    "AT+CSMINS?": ("CSMINS", 1, INSERTED),
    "AT^SCKS?": ("SCKS", 1, INSERTED),
    "AT^SYSINFO": ("SYSINFO", 4, SYSINFO),
}
"""Makers' own queries: label, place of the state in the list, meaning."""


def maker_state(reply: Reply) -> SimState:
    """The state of the SIM by a maker's own query."""
    label, place, meaning = STATUS_QUERIES[reply.command]
    for text in values(reply, {label}, bare=False):
        listed = items(text)
        if len(listed) > place and listed[place].isdecimal():
            return meaning.get(int(listed[place]), SimState.UNKNOWN)
    return SimState.UNKNOWN


AUTOMATIC = "3"
"""Sierra: the device chooses; the slot it chose follows."""


def slot(reply: Reply, first: int) -> int | None:
    """Which SIM slot the card in use is in, from 1 on, by a maker's own query that counts from `first`."""
    label = reply.command.removeprefix("AT").strip("+!^$#?")
    for text in values(reply, {label}, bare=False):
        number, *chosen = items(text)
        if number == AUTOMATIC and chosen:
            number = chosen[0]
        if number.isdecimal() and first <= int(number) < first + MOST_SLOTS:
            return int(number) - first + 1
    return None


ANNOUNCED: tuple[tuple[re.Pattern[str], bool], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), is_in)
    for pattern, is_in in (
        (r"\+CPIN: ?(?:READY|SIM PIN|SIM PUK)", True),
        # Quectel and SIMCom say NOT READY when the card is taken out.
        (r"\+CPIN: ?(?:NOT READY|NOT INSERTED|SIM REMOVED)", False),
        # Huawei: 1 valid, 255 no card; the other values speak of single domains.
        (r"\^SIMST: ?1(?:,.*)?", True),
        (r"\^SIMST: ?255(?:,.*)?", False),
        # Quectel, SIMCom and Cinterion: whether announcements are on, whether a card is in.
        (r"\+(?:QSIMSTAT|CSMINS) ?: ?\d,1", True),
        (r"\+(?:QSIMSTAT|CSMINS) ?: ?\d,0", False),
        (r"\^SCKS: ?1", True),
        (r"\^SCKS: ?0", False),
        # Telit: 0 no card; 1, 2 and 3 the stages after it was put in.
        (r"#QSS: ?[123]", True),
        (r"#QSS: ?0", False),
        (r"SIM INSERTED", True),
        (r"SIM (?:REMOVED|DROP)", False),
    )
)
"""What a device says by itself when the card comes or goes."""


def card_is_in(line: str) -> bool | None:
    """Whether an announcement says that the card is in the device; None where it says nothing of it."""
    return next((is_in for pattern, is_in in ANNOUNCED if pattern.fullmatch(line)), None)
