"""What a device card says: state, identifiers in short, the SIM, and how far a reading is. Pure but for tr."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.identifiers.identity import Identity, SimState
from app.identifiers.kinds import KINDS
from app.masked import BULLET, CLEAR_TAIL
from app.work.events import CardState, DeviceCard
from ui.language.speaking import spoken
from ui.theme import Tone

CONTEXT = "Devices"


def tr(text: str) -> str:
    return QCoreApplication.translate(CONTEXT, text)


class Look(Struct, frozen=True):
    source: str
    icon: str
    tone: Tone


LOOKS: Mapping[CardState, Look] = {
    CardState.ASK: Look(str(QT_TRANSLATE_NOOP("Devices", "Ask first")), "shield-check", Tone.ACCENT),
    CardState.SHIFT: Look(str(QT_TRANSLATE_NOOP("Devices", "Waits")), "shield-check", Tone.NEUTRAL),
    CardState.DECLINED: Look(str(QT_TRANSLATE_NOOP("Devices", "Not agreed")), "circle-slash", Tone.NEUTRAL),
    CardState.STARTING: Look(str(QT_TRANSLATE_NOOP("Devices", "Starting")), "hourglass", Tone.NEUTRAL),
    CardState.READING: Look(str(QT_TRANSLATE_NOOP("Devices", "Reading")), "loader", Tone.ACCENT),
    CardState.READY: Look(str(QT_TRANSLATE_NOOP("Devices", "Ready")), "check", Tone.OK),
    CardState.PARTLY: Look(str(QT_TRANSLATE_NOOP("Devices", "Check")), "triangle-alert", Tone.WARN),
    CardState.NEEDS_YOU: Look(str(QT_TRANSLATE_NOOP("Devices", "Needs you")), "lock", Tone.WARN),
    CardState.FAILED: Look(str(QT_TRANSLATE_NOOP("Devices", "Not read")), "unplug", Tone.BAD),
    CardState.NO_PORT: Look(str(QT_TRANSLATE_NOOP("Devices", "No port")), "usb", Tone.WARN),
    CardState.LEFT_ALONE: Look(str(QT_TRANSLATE_NOOP("Devices", "Left alone")), "circle-slash", Tone.NEUTRAL),
}

_SIM: Mapping[SimState, str] = {
    SimState.READY: str(QT_TRANSLATE_NOOP("Devices", "SIM ready")),
    SimState.PIN_REQUIRED: str(QT_TRANSLATE_NOOP("Devices", "SIM locked")),
    SimState.PUK_REQUIRED: str(QT_TRANSLATE_NOOP("Devices", "SIM asks for its PUK")),
    SimState.ABSENT: str(QT_TRANSLATE_NOOP("Devices", "No SIM")),
    SimState.FAILURE: str(QT_TRANSLATE_NOOP("Devices", "SIM does not answer")),
    SimState.BUSY: str(QT_TRANSLATE_NOOP("Devices", "SIM is starting")),
}

_STEPS = ("manufacturer", "model", "revision", "imei", "imsi", "iccid", "home_mobile_network_mccmnc")
"""What a whole reading brings, in the usual order."""


def short(text: str) -> str:
    """The end of an identifier, enough to tell two devices on a bench apart: `•••3809`."""
    return f"{BULLET * 3}{text[-CLEAR_TAIL:]}"


def identifiers(identity: Identity | None) -> str:
    """The masked identifiers in one line: `IMEI •••3809  SIM •••6784`."""
    if identity is None:
        return ""
    named = (("IMEI", identity.imei), ("MEID", identity.meid), (tr("SIM"), identity.iccid))
    return "  ".join(f"{name} {short(value.reveal())}" for name, value in named if value)


def network(identity: Identity | None) -> str:
    """The SIM's state, its home network, the serving one where it is another, and what else the device is known by."""
    if identity is None:
        return ""
    return " · ".join([*_sim(identity), *_further(identity)])


def _further(identity: Identity) -> list[str]:
    """The IMEI of the second SIM slot and the number of an eSIM."""
    slot = identity.imei2_slot
    second = tr("IMEI of SIM slot {slot}").format(slot=slot) if slot else tr("second IMEI")
    named = ((second, identity.imei2), (tr("EID"), identity.eid))
    return [f"{name} {short(value.reveal())}" for name, value in named if value]


def _sim(identity: Identity) -> list[str]:
    if identity.sim_state not in _SIM:
        return []
    parts = [tr(_SIM[identity.sim_state])]
    if identity.sim_slot and (identity.sim_slot > 1 or identity.imei2):
        parts.append(tr("in slot {slot}").format(slot=identity.sim_slot))
    code = identity.home_mobile_network_mccmnc
    home = " ".join(
        part for part in (identity.home_mobile_network_name, KINDS["mccmnc"].group(code) if code else None) if part
    )
    if home:
        parts.append(home)
    serving = identity.serving_network
    if serving and serving.name and serving.mccmnc and serving.mccmnc != code:
        parts.append(tr("roaming on {network}").format(network=serving.name))
    return parts


def name(card: DeviceCard) -> str:
    """The device as messages call it: the operator's name of its place, where it has one, and what it is."""
    return f"{card.slot} {card.label}".strip()


def progress(card: DeviceCard) -> float:
    """How much of a reading is there, 0.05 to 1."""
    known = sum(1 for name in _STEPS if card.identity and card.identity.value(name))
    return 0.05 + 0.95 * known / len(_STEPS)


def doing(card: DeviceCard) -> str:
    """What is being asked of the device right now."""
    identity = card.identity
    if identity is None or not identity.manufacturer:
        return tr("Asking for its name")
    if not (identity.imei or identity.meid):
        return tr("Asking for its IMEI")
    return tr("IMEI read, asking the SIM") if not identity.iccid else tr("Asking for the network")


def told(card: DeviceCard) -> str:
    """The sentence and remedy of a card, or what is going on."""
    if card.state is CardState.READING:
        return doing(card)
    return spoken(f"{card.sentence} {card.remedy}".strip())


def sentence(card: DeviceCard) -> str:
    """The whole card as one sentence, for a screen reader."""
    parts = (
        name(card),
        "" if card.slot else card.port,
        tr(LOOKS[card.state].source),
        identifiers(card.identity),
        network(card.identity),
        told(card),
    )
    return ", ".join(part.rstrip(".") for part in parts if part)
