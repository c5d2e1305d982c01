"""The lines that end an answer (ITU-T V.250 5.7.1; 3GPP TS 27.007 9.2, 27.005 3.2.5; recorded logs)."""

from __future__ import annotations

import re

from msgspec import Struct

OK = "OK"
ERROR = "ERROR"
CME = "CME"
CMS = "CMS"
PROMPT = "PROMPT"


class Final(Struct, frozen=True):
    """How an answer ended. `code` is a numeric reason, `text` one in words; most kinds have neither."""

    ok: bool
    kind: str
    code: int | None = None
    text: str | None = None


NUMERIC = {
    "0": Final(True, OK),
    "3": Final(False, "NO CARRIER"),
    "4": Final(False, ERROR),
    "6": Final(False, "NO DIALTONE"),
    "7": Final(False, "BUSY"),
    "8": Final(False, "NO ANSWER"),
}
"""Result codes of a device left in ATV0 (V.250 table 1)."""

PLAIN = {
    "OK": Final(True, OK),
    "ERROR": Final(False, ERROR),
    # Huawei and ZTE sticks refuse in words.
    "COMMAND NOT SUPPORT": Final(False, "COMMAND NOT SUPPORT"),
    "COMMAND NOT SUPPORTED": Final(False, "COMMAND NOT SUPPORT"),
    "NOT SUPPORT": Final(False, "COMMAND NOT SUPPORT"),
    "NOT SUPPORTED": Final(False, "COMMAND NOT SUPPORT"),
    "TOO MANY PARAMETERS": Final(False, "TOO MANY PARAMETERS"),
    "INVALID COMMAND": Final(False, "INVALID COMMAND"),
    "UNKNOWN COMMAND": Final(False, "UNKNOWN COMMAND"),
    "ABORTED": Final(False, "ABORTED"),
}

CALL_RESULTS = {
    "NO CARRIER": Final(False, "NO CARRIER"),
    "BUSY": Final(False, "BUSY"),
    "NO ANSWER": Final(False, "NO ANSWER"),
    "NO DIALTONE": Final(False, "NO DIALTONE"),
    "NO DIAL TONE": Final(False, "NO DIALTONE"),
}
"""These end an answer only where nothing better follows: an earlier call can end at any moment."""

REASONS_IN_WORDS = frozenset(
    {
        "SIM NOT INSERTED",
        "SIM PIN REQUIRED",
        "SIM PUK REQUIRED",
        "SIM FAILURE",
        "SIM BUSY",
        "SIM WRONG",
        "INCORRECT PASSWORD",
        "OPERATION NOT ALLOWED",
        "OPERATION NOT SUPPORTED",
        "NO NETWORK SERVICE",
        "MEMORY FAILURE",
        "UNKNOWN ERROR",
        "NOT FOUND",
    }
)
"""Texts of 27.007 9.2 that old firmware sends without `+CME ERROR:`; they end an answer like call results."""

_EXTENDED = re.compile(r"\+?(?P<kind>[A-Z0-9]{2,8}) ERROR ?(?::\s*(?P<reason>.*))?", re.IGNORECASE)
_MODEM = re.compile(r"MODEM ERROR: ?(?P<code>\d+)")


def hard(line: str) -> Final | None:
    """The final result a line is, where it is one whatever follows."""
    if plain := PLAIN.get(line):
        return plain
    if modem := _MODEM.fullmatch(line):
        return Final(False, "MODEM", code=int(modem["code"]))
    extended = _EXTENDED.fullmatch(line) if line.startswith("+") else None
    if extended is None:
        return None
    reason = (extended["reason"] or "").strip()
    if reason.isascii() and reason.isdigit():
        return Final(False, extended["kind"].upper(), code=int(reason))
    return Final(False, extended["kind"].upper(), text=reason)


def soft(line: str) -> Final | None:
    """The final result a line is, where no other one follows it."""
    if line.upper() in REASONS_IN_WORDS:
        return Final(False, CME, text=line)
    return CALL_RESULTS.get(line)
