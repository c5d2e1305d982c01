"""Entering a SIM's PIN at the operator's word: the only place that sends +CPIN= (3GPP TS 27.007 8.3).

A wrong PIN costs one of three attempts, and the last one blocks the card. So the attempts left are asked first,
the PIN is sent once and never again by itself, and it is in no log, trace, error or repr.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from enum import StrEnum

from msgspec import Struct

from app.identifiers.identity import SimState
from app.masked import Secret
from app.modem.at import Parser, Reply
from app.modem.line import Line
from app.modem.replies import sim
from app.modem.replies.text import items, values
from app.modem.session import Session

FEWEST = 2
"""With fewer attempts left, or where the device does not tell, the operator confirms first."""
SYNC_S = 3.0
QUESTION_S = 2.0
CPIN = "AT+CPIN?"
PIN = re.compile(r"[0-9]{4,8}")
INCORRECT = 16
"""+CME ERROR: incorrect password (27.007 9.2.1)."""
ATTEMPTS: Mapping[str, tuple[str, int]] = {
    # 27.007 8.65: code, attempts left, attempts in all
    'AT+CPINR="SIM PIN"': ("CPINR", 1),
    # Quectel EC2x manual 2.0, 5.4: "SC", attempts for the PIN, for the PUK
    "AT+QPINC?": ("QPINC", 1),
    # Telit LE910Cx guide: attempts for what +CPIN? asks for
    "AT#PCT": ("PCT", 0),
    # Huawei ME909s specification 5.2: code, attempts for it, then for each code
    "AT^CPIN?": ("CPIN", 1),
    # SIM7500_SIM7600 manual 3.00; SIM800 manual 1.09: PIN first
    "AT+SPIC": ("SPIC", 0),
    # u-blox UBX-13002752: PIN, PIN2, PUK, PUK2
    "AT+UPINCNT": ("UPINCNT", 0),
    # MediaTek: PIN, PIN2, PUK, PUK2
    "AT+EPINC?": ("EPINC", 0),
}
"""Who tells how many attempts are left: label of the answer, place of the number in its list."""


class PinOutcome(StrEnum):
    """How it ended. REFUSED: the card's PIN was not tried, or the device did not say how that ended."""

    OK = "ok"
    WRONG = "wrong"
    BLOCKED = "blocked"
    REFUSED = "refused"


class PinResult(Struct, frozen=True):
    """`attempts_left` is None where the device does not tell. `must_confirm`: not sent, because it needs the
    operator's confirmation. `sentence` is for the operator."""

    outcome: PinOutcome
    attempts_left: int | None
    sentence: str
    must_confirm: bool = False


def enter_pin(
    opener: Callable[[str], Line],
    port: str,
    pin: Secret,
    *,
    deadline_s: float,
    confirmed: bool = False,
    clock: Callable[[], float] = time.monotonic,
) -> PinResult:
    """Unlock the SIM of the device on `port`; the PIN is sent once at most.

    `confirmed`: the operator knows that fewer than two attempts, or an unknown number, are left.
    Raises PortError, NoAnswer and NotAModem; then nothing is known of the card.
    """
    if not PIN.fullmatch(pin.reveal()):
        return PinResult(PinOutcome.REFUSED, None, "A PIN has 4 to 8 digits.")
    ends = clock() + deadline_s
    line = opener(port)
    try:
        session = Session(line, clock=clock, deadline_s=deadline_s)
        session.sync(min(SYNC_S, deadline_s))
        asked = session.ask(CPIN, QUESTION_S)
        if not _asks_for_pin(asked):
            return _not_asked(sim.state(asked))
        left = _attempts_left(session)
        if not confirmed and (left is None or left < FEWEST):
            told = "The device does not tell how many attempts are left." if left is None else "One attempt is left."
            return PinResult(PinOutcome.REFUSED, left, f"{told} A wrong PIN can block the SIM.", must_confirm=True)
        final = _send(line, pin, ends, clock)
        return _result(session, final, left)
    finally:
        line.close()


def _asks_for_pin(reply: Reply) -> bool:
    """Whether it is the SIM's own first PIN that is asked for, not a code of the device or of a network."""
    return any(text.strip('" ').upper() == "SIM PIN" for text in values(reply, {"CPIN"}, bare=False))


def _not_asked(state: SimState) -> PinResult:
    if state is SimState.PUK_REQUIRED:
        return PinResult(PinOutcome.BLOCKED, 0, "The SIM is blocked and asks for its PUK.")
    if state is SimState.READY:
        return PinResult(PinOutcome.OK, None, "The SIM is not locked.")
    return PinResult(PinOutcome.REFUSED, None, "The device does not ask for the PIN of a SIM.")


def _attempts_left(session: Session) -> int | None:
    for command, (label, place) in ATTEMPTS.items():
        for text in values(session.ask(command, QUESTION_S), {label}, bare=False):
            listed = items(text)
            if len(listed) > place and listed[place].isdecimal():
                return int(listed[place])
    return None


def _send(line: Line, pin: Secret, ends: float, clock: Callable[[], float]) -> Reply:
    """Send the PIN and wait for the final result. The parser is told the command without it."""
    while line.read(0):
        pass
    parser = Parser("AT+CPIN")
    line.write(f'AT+CPIN="{pin.reveal()}"\r'.encode("ascii"))
    while not parser.done and clock() < ends:
        parser.feed(line.read())
    return parser.close()


def _result(session: Session, reply: Reply, before: int | None) -> PinResult:
    if reply.final is None:
        return PinResult(PinOutcome.REFUSED, None, "The device did not say whether it took the PIN. Read it again.")
    if reply.final.ok:
        return PinResult(PinOutcome.OK, None, "The SIM is unlocked.")
    if sim.state(session.ask(CPIN, QUESTION_S)) is SimState.PUK_REQUIRED:
        return PinResult(PinOutcome.BLOCKED, 0, "The PIN was wrong, and the SIM is blocked now. It asks for its PUK.")
    left = _attempts_left(session)
    told = (reply.final.text or "").lower()
    if reply.final.code == INCORRECT or "incorrect" in told or (before is not None and left == before - 1):
        return PinResult(PinOutcome.WRONG, left, _wrong(left))
    return PinResult(PinOutcome.REFUSED, left, "The device refused the PIN without a reason. Read it again.")


def _wrong(left: int | None) -> str:
    match left:
        case None:
            return "The PIN was wrong."
        case 1:
            return "The PIN was wrong. One attempt is left."
        case _:
            return f"The PIN was wrong. {left} attempts are left."
