"""What label, device and order line say of one field, in words: agreeing quietly, differing with both values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.identifiers.identity import Identity
from app.identifiers.verdict import Grade
from app.provisioning.draft import Draft, Origin, Witness
from app.provisioning.fields import ROWS
from app.provisioning.validation import Problem, Validation
from ui.form.words import grouped
from ui.kit.note import Note
from ui.theme import Tone

CONTEXT = "Matching"
MATCH = "match."
SWAPPING = "sim.same"
"""The old SIM is still in the device: that the label of the new one differs from it is as it should be, and no FAIL."""

NAMES: Mapping[Origin, str] = {
    Origin.DEVICE: str(QT_TRANSLATE_NOOP("Matching", "Device")),
    Origin.SCAN: str(QT_TRANSLATE_NOOP("Matching", "Label")),
    Origin.FILE: str(QT_TRANSLATE_NOOP("Matching", "Order line")),
    Origin.TYPED: str(QT_TRANSLATE_NOOP("Matching", "Typed")),
    Origin.HISTORY: str(QT_TRANSLATE_NOOP("Matching", "Last record")),
    Origin.DEFAULT: str(QT_TRANSLATE_NOOP("Matching", "Default")),
}
_AGREES: Mapping[Origin, str] = {
    Origin.DEVICE: str(QT_TRANSLATE_NOOP("Matching", "Matches the device")),
    Origin.SCAN: str(QT_TRANSLATE_NOOP("Matching", "Matches the label")),
    Origin.FILE: str(QT_TRANSLATE_NOOP("Matching", "Matches the order line")),
}


def tr(text: str) -> str:
    return QCoreApplication.translate(CONTEXT, text)


class Mismatch(Struct, frozen=True):
    """One field on which not all agree. `lines` are (who, value as it is read aloud), the field's own first."""

    field: str
    origin: Origin
    witness: Witness
    lines: tuple[tuple[str, str], ...]


def mismatch(draft: Draft, validation: Validation) -> Mismatch | None:
    """The first field that is blocked because not all agree on it; None where there is none."""
    for key in draft.workflow.fields:
        codes = {problem.code for problem in validation.at(key) if problem.grade is Grade.ERROR}
        # What is wrong in itself is said first: it may be half typed.
        if not codes or not all(code.startswith(MATCH) for code in codes):
            continue
        entry = draft.entries[key]
        others = draft.agreeing(key, agree=False)
        own = (tr(NAMES[entry.origin]), grouped(ROWS[key], entry.text.reveal()))
        return Mismatch(key, entry.origin, others[0], (own, *(line for other in others for line in _lines(key, other))))
    return None


def _lines(key: str, witness: Witness) -> Iterator[tuple[str, str]]:
    for text in witness.texts:
        yield tr(NAMES[witness.origin]), grouped(ROWS[key], text.reveal())


def spoken(draft: Draft, problems: Iterable[Problem]) -> Iterator[Problem]:
    """The problems as they stand at their fields: of a mismatch, the other value too. For the screen only."""
    for problem in problems:
        if problem.code == SWAPPING and draft.agreeing(problem.field, agree=False):
            yield replace(problem, message=tr("The old SIM is still in. Swap in the one whose label was scanned."))
        elif problem.code.startswith(MATCH) and problem.grade is Grade.ERROR:
            others = draft.agreeing(problem.field, agree=False)
            found = next(other for other in others if problem.code == f"{MATCH}{other.origin}")
            who, value = next(_lines(problem.field, found))
            yield replace(problem, message=f"{who}: {value}")
        else:
            yield problem


def notes(draft: Draft, identity: Identity | None) -> dict[str, Note]:
    """The quiet word at each field that another source confirms, or of which a label says more. Roaming is said beside
    the home network, which is the SIM's and never the one it roams on."""
    found = {key: note for key in draft.workflow.fields if (note := _agreement(draft, key))}
    serving = identity.serving_network if identity else None
    if serving and serving.name and identity and serving.mccmnc != identity.home_mobile_network_mccmnc:
        found["home_mobile_network_name"] = Note(tr("Roaming on {network} now").format(network=serving.name), "info")
    return found


def _agreement(draft: Draft, key: str) -> Note | None:
    agreeing = draft.agreeing(key)
    words = [tr(_AGREES[witness.origin]) for witness in agreeing if witness.origin in _AGREES]
    second = second_imei(draft) if key == "imei" else ""
    if second:
        words.append(tr("Second IMEI {value}").format(value=grouped(ROWS[key], second)))
    if not words:
        return None
    confirmed = bool(agreeing)
    return Note("\n".join(words), "circle-check" if confirmed else "info", Tone.OK if confirmed else Tone.NEUTRAL)


def second_imei(draft: Draft) -> str:
    """The IMEI on the label that is not the one in the form, "" where the label has one only."""
    labels = [witness for witness in draft.witnesses.get("imei", ()) if witness.origin is Origin.SCAN]
    texts = [text.reveal() for label in labels for text in label.texts]
    others = [text for text in texts if text != draft.text("imei")]
    return others[0] if len(texts) > 1 and len(others) == 1 else ""
