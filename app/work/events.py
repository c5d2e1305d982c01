"""What the two loops tell the world: frozen facts, handed to a plain `publish(event)` callable.

An event says that something changed; whoever shows it reads the journal or takes the card as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct

from app.identifiers.identity import Identity
from app.masked import Identifier
from app.provisioning.consent import Consent


class CardState(StrEnum):
    """What a device's card says; each has a word, an icon and a colour in the window.

    The first three have not been asked for anything: their owner, or the shift, must agree first, or did not.
    """

    ASK = "ask"
    SHIFT = "shift"
    DECLINED = "declined"
    STARTING = "starting"
    READING = "reading"
    READY = "ready"
    PARTLY = "partly"
    NEEDS_YOU = "needs-you"
    FAILED = "failed"
    NO_PORT = "no-port"
    LEFT_ALONE = "left-alone"


class DeviceCard(Struct, frozen=True):
    """One device on the bench. `key` stays the same while it is plugged in; `port` is the one being read, "" for a
    device that shows none.

    `identity` holds what is known so far, also while reading. `sentence` says what happened and `remedy`
    what to do; both are "" where there is nothing to say. `previous_iccid` is that of the SIM which was in the
    device before the one in it now, where both were seen on this bench. `place` is where it is plugged in, `slot`
    what the operator calls that place, "" where it has no name; its sentences then name the slot, not the port.
    `consent` is what it is read on, None while it is not.
    """

    key: str
    label: str
    port: str
    state: CardState
    identity: Identity | None = None
    sentence: str = ""
    remedy: str = ""
    previous_iccid: Identifier | None = None
    place: str = ""
    slot: str = ""
    consent: Consent | None = None


class DeviceChanged(Struct, frozen=True):
    """A device came, or more is known of it."""

    card: DeviceCard


class DeviceGone(Struct, frozen=True):
    """A device was pulled."""

    key: str


class JournalChanged(Struct, frozen=True):
    """A submission was added or moved on; `id` names it, or is None where several did."""

    id: str | None = None


class LinkChanged(Struct, frozen=True):
    """The link to the gate, or the pause of the queue, changed; the journal's `link()` has the facts."""


class ConsentChanged(Struct, frozen=True):
    """The shift is to be confirmed before anything is read, or need not be any more."""


class LoopFailed(Struct, frozen=True):
    """A loop met a fault of the program and goes on; the log has the traceback. `where` names the loop."""

    where: str
    summary: str
    remedy: str


Event = DeviceChanged | DeviceGone | JournalChanged | LinkChanged | ConsentChanged | LoopFailed
Publish = Callable[[Event], None]
