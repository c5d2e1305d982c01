"""Whether the SIM of a device that was read before is another one now: open, ask one or two questions, close."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from app.errors import Cancelled
from app.identifiers.identity import Identity, ReadStatus, SimState
from app.modem.at import Reply, parse
from app.modem.line import Line, open_line
from app.modem.port_errors import PortError
from app.modem.replies import card, sim
from app.modem.session import SYNC, NoAnswer, Session

ANSWER_S = 1.0
CPIN = "AT+CPIN?"


def can_be_watched(known: Identity) -> bool:
    """Whether a reading told enough of the SIM to notice a change."""
    answered = known.status in {ReadStatus.OK, ReadStatus.PARTIAL}
    return answered and (known.iccid is not None or known.sim_state is not SimState.UNKNOWN)


def sim_changed(
    known: Identity,
    *,
    opener: Callable[[str], Line] = open_line,
    stop: threading.Event | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> bool:
    """Look at the SIM of the device that `known` was read from; False also where it cannot be looked at now.

    A port that another program holds, or that is gone, is no news of the SIM: the next look asks again.
    """
    try:
        line = opener(known.port)
    except PortError:
        return False
    try:
        waiting = line.read(0)
        session = Session(line, clock=clock, stop=stop, deadline_s=2 * ANSWER_S)
        return _announced(parse(SYNC, waiting), known) or _differs(session, known)
    except (PortError, NoAnswer, Cancelled):
        return False
    finally:
        line.close()


def _announced(reply: Reply, known: Identity) -> bool:
    """Whether the device said by itself that the card came or went."""
    told = (sim.card_is_in(line) for line in (*reply.lines, *reply.urcs, *reply.trailing))
    return any(is_in is not None and is_in is not _is_in(known) for is_in in told)


def _is_in(known: Identity) -> bool:
    return known.sim_state is not SimState.ABSENT


def _differs(session: Session, known: Identity) -> bool:
    refused = False
    command = known.sources.get("iccid", "")
    if known.iccid is not None and command and known.sim_state in {SimState.READY, SimState.UNKNOWN}:
        reply = session.ask(command, ANSWER_S)
        found = card.iccid_of(reply) if command.startswith("AT+CRSM") else sim.iccid(reply)
        if _announced(reply, known):
            return True
        if found is not None or reply.silent:
            return found not in {None, known.iccid.reveal()}
        refused = reply.refused
    reply = session.ask(CPIN, ANSWER_S)
    state = sim.state(reply)
    if state is SimState.UNKNOWN:
        # With +CMEE=0 a card that was taken out is known by both questions being refused.
        return refused and reply.refused
    # A card that is still starting is looked at again; what it is then is what counts.
    return state is not SimState.BUSY and state is not known.sim_state
