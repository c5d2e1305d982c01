"""From what a device said to what its card says: one state, one sentence, one remedy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from app.identifiers.identity import Identity, ReadStatus, SimState
from app.provisioning.consent import DEVICE_TEXT
from app.work.events import CardState, DeviceCard

if TYPE_CHECKING:
    # The window words cards before its first paint; the ports bring the serial library along.
    from app.modem.ports import Obstacle

_SIM: Mapping[SimState, tuple[str, str]] = {
    SimState.PIN_REQUIRED: ("SIM is locked.", "Enter its PIN or swap the SIM."),
    SimState.PUK_REQUIRED: ("SIM asks for its PUK.", "Unlock it with the operator's PUK or swap the SIM."),
    SimState.ABSENT: ("No SIM found.", "Insert a SIM, then read again."),
    SimState.FAILURE: ("The SIM does not answer.", "Take it out, clean it and insert it again, or swap it."),
    SimState.BUSY: ("The SIM is still starting.", "Wait 15 s, then read again."),
}

_STATUS: Mapping[ReadStatus, tuple[str, str]] = {
    ReadStatus.NO_ANSWER: (
        "{port} gave no answer.",
        "Wait 20 s after plugging in, then read again; or try another cable.",
    ),
    ReadStatus.BUSY: ("{port} is in use by another program.", "Close that program, then read again."),
    ReadStatus.DENIED: ("{port} may not be opened by this user.", "Ask the administrator for access to serial ports."),
    ReadStatus.GONE: ("{port} went away while it was read.", "Plug the device in again."),
    ReadStatus.NOT_A_MODEM: ("{port} answers, but not as a modem.", "Choose another port, or scan the label."),
}

_UNASKED: Mapping[CardState, tuple[str, str]] = {
    CardState.ASK: (DEVICE_TEXT, ""),
    CardState.SHIFT: ("Unread until the shift is confirmed.", ""),
    CardState.DECLINED: ("The customer did not agree.", "The device stays unread. Unplug it."),
}


def seen(card: DeviceCard | None) -> Mapping[str, str]:
    """What the station saw of the device, as a submission keeps it; no identifiers."""
    if card is None:
        return {}
    found = {"slot": card.slot, "port": card.port}
    for name in ("manufacturer", "model", "revision"):
        if card.identity and (text := card.identity.value(name)):
            found[name] = text
    return {name: text for name, text in found.items() if text}


def unasked(key: str, label: str, state: CardState) -> DeviceCard:
    """The card of a device that may not be read: ASK, SHIFT or DECLINED."""
    return DeviceCard(key, label, "", state, None, *_UNASKED[state])


def card(key: str, label: str, identity: Identity) -> DeviceCard:
    """The card of a device whose reading has ended."""
    named = " ".join(part for part in (identity.manufacturer, identity.model) if part) or label
    if identity.status in _STATUS:
        # The reader's own warning on `port` knows more (who holds it, which group to join).
        told = next((warning.message for warning in identity.warnings if warning.field == "port"), "")
        sentence, remedy = _STATUS[identity.status]
        return DeviceCard(
            key,
            named,
            identity.port,
            CardState.FAILED,
            identity,
            *((told, "") if told else (sentence.format(port=identity.port), remedy)),
        )
    if identity.sim_state in _SIM:
        sentence, remedy = _SIM[identity.sim_state]
        return DeviceCard(key, named, identity.port, CardState.NEEDS_YOU, identity, sentence, remedy)
    if identity.status is ReadStatus.PARTIAL:
        missing = [
            name
            for name, value in (
                ("IMEI", identity.imei or identity.meid),
                ("IMSI", identity.imsi),
                ("ICCID", identity.iccid),
            )
            if value is None
        ]
        sentence = f"Not read: {', '.join(missing)}." if missing else "Some values were not read."
        return DeviceCard(
            key, named, identity.port, CardState.PARTLY, identity, sentence, "Read again, or scan the label."
        )
    return DeviceCard(key, named, identity.port, CardState.READY, identity)


def unread(key: str, label: str, port: str, obstacle: Obstacle) -> DeviceCard:
    """The card of a device that is not read by itself."""
    state = CardState.LEFT_ALONE if obstacle.askable else CardState.NO_PORT
    return DeviceCard(key, label, port, state, None, obstacle.sentence, obstacle.remedy)


def at_slot(card: DeviceCard, slot: str) -> DeviceCard:
    """The card of a device whose place the operator calls `slot`, or "" for a place without a name."""
    named = replace(card, slot=slot)
    identity = card.identity
    if identity and slot:
        remarks = (replace(remark, message=with_slot(remark.message, named)) for remark in identity.warnings)
        identity = replace(identity, warnings=tuple(remarks))
    sentence, remedy = with_slot(card.sentence, named), with_slot(card.remedy, named)
    return replace(named, identity=identity, sentence=sentence, remedy=remedy)


def with_slot(text: str, card: DeviceCard) -> str:
    """A text about a device, with the name of its place where it names the port."""
    return text.replace(card.port, card.slot) if card.slot and card.port else text
