"""What goes wrong in a round: at the gate, on the way to it, or to the program itself. One row each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.training.gate_faults import Fault


class Way(StrEnum):
    """Where the program believes the gate to be."""

    OPEN = "open"
    REFUSED = "refused"
    """Nobody listens at the gate's address until the program has ended."""
    NO_NAME = "no-name"
    BAD_CERTIFICATE = "bad-certificate"


class Deed(StrEnum):
    """What is done to the program at a random moment of its life."""

    KILL = "kill"
    SUSPEND = "suspend"
    """Stopped for longer than the gate's time-out while another process tries to deliver; then it goes on."""
    SUSPEND_AND_KILL = "suspend-and-kill"
    CLOCK_FORWARD = "clock-forward"
    CLOCK_BACK = "clock-back"
    RIVAL = "rival"
    """A second process delivers at the same time."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """`faults` meet the round's requests, one each, among others that work."""

    faults: tuple[Fault, ...] = ()
    way: Way = Way.OPEN
    deed: Deed = Deed.KILL


TROUBLES: Mapping[str, Trouble] = {
    "killed": Trouble(),
    "refused": Trouble(way=Way.REFUSED),
    "reset before": Trouble((Fault.RESET_BEFORE,)),
    "reset after": Trouble((Fault.LOST_ANSWER,)),
    "cut": Trouble((Fault.CUT,)),
    "stall of 30 s": Trouble((Fault.STALL,)),
    "slow drip": Trouble((Fault.DRIP,)),
    "burst of 5xx": Trouble((Fault.SERVER_ERROR, Fault.BAD_GATEWAY, Fault.UNAVAILABLE, Fault.GATEWAY_TIMEOUT) * 2),
    "429": Trouble((Fault.BUSY, Fault.BUSY_SECONDS)),
    "429 until a date": Trouble((Fault.BUSY_DATE,), deed=Deed.CLOCK_FORWARD),
    "401 in the middle": Trouble((Fault.NONE, Fault.UNAUTHORIZED)),
    "captive portal": Trouble((Fault.PORTAL,) * 3),
    "redirect": Trouble((Fault.REDIRECT,) * 3),
    "empty": Trouble((Fault.EMPTY,)),
    "truncated": Trouble((Fault.TRUNCATED,)),
    "wrong type": Trouble((Fault.WRONG_TYPE,)),
    "over a megabyte": Trouble((Fault.OVERSIZE,)),
    "no such name": Trouble(way=Way.NO_NAME),
    "bad certificate": Trouble(way=Way.BAD_CERTIFICATE),
    "suspended": Trouble((Fault.NONE, Fault.STALL), deed=Deed.SUSPEND),
    "suspended, then killed": Trouble((Fault.DRIP,), deed=Deed.SUSPEND_AND_KILL),
    "clock forward": Trouble((Fault.SERVER_ERROR, Fault.RESET_BEFORE), deed=Deed.CLOCK_FORWARD),
    "clock back": Trouble((Fault.SERVER_ERROR, Fault.LOST_ANSWER), deed=Deed.CLOCK_BACK),
    "two at once": Trouble((Fault.LOST_ANSWER,), deed=Deed.RIVAL),
}
