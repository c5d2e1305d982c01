"""What stands on a receipt and on a label, line by line; personal values are masked, and no secret is in an entry."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from app.journal.records import Entry
from app.provisioning.fields import ROWS as FIELDS
from app.provisioning.workflows import ROWS as WORKFLOWS
from app.work.receipt import Receipt
from ui.journal.columns import device, identifier
from ui.journal.description import Line, describe
from ui.language.speaking import spoken
from ui.results import look

SHOWN = ("imei", "iccid", "imsi", "number", "generic_id", "username", "user_external_id", "user_class")
"""The fields that a receipt names where they were sent."""


def tr(text: str) -> str:
    return QCoreApplication.translate("Receipts", text)


def title(receipt: Receipt) -> str:
    return tr("Receipt") if receipt.confirmed else tr("Not confirmed by the gate")


def standing(receipt: Receipt) -> str:
    """What became of it, in words that stay true on paper."""
    word = look(receipt.entry.state, receipt.entry.kind).word
    if receipt.confirmed:
        return tr("{state}. The gate has confirmed it at {time}.").format(
            state=word, time=_whole(receipt.entry.updated_at)
        )
    return tr("{state} at {time}. This is no receipt: the gate has not confirmed it.").format(
        state=word, time=_whole(receipt.at)
    )


def job(entry: Entry) -> str:
    """What was done, and for which device."""
    return " · ".join(part for part in (spoken(WORKFLOWS[entry.workflow].label), device(entry)) if part)


def lines(receipt: Receipt) -> list[Line]:
    """What was sent, then who did it and where it is found."""
    entry = receipt.entry
    shown = entry.to_json(reveal=False)["fields"]
    sent = [Line(spoken(FIELDS[key].label), str(shown[key]), mono=True) for key in SHOWN if shown.get(key)]
    about = (
        (tr("Entered"), " · ".join(part for part in (_whole(entry.created_at), entry.operator) if part), False),
        (tr("Made"), " · ".join(part for part in (_whole(receipt.at), receipt.operator) if part), False),
        (tr("Station"), receipt.station, True),
        (tr("Submission"), entry.id, True),
        (tr("Audit code"), receipt.code, True),
    )
    return [*sent, *(Line(label, value, mono=mono) for label, value, mono in about if value)]


def remarks(receipt: Receipt) -> tuple[str, ...]:
    """What the gate said beside it, such as until when."""
    return describe(receipt.entry, receipt.at, reveal=False).notes


def label_lines(receipt: Receipt) -> list[str]:
    """The short lines of a label; one of what is not confirmed begins with that."""
    entry = receipt.entry
    state = look(entry.state, entry.kind).word if receipt.confirmed else tr("NOT CONFIRMED BY THE GATE")
    when = " · ".join(part for part in (_whole(entry.created_at), entry.operator) if part)
    return [state, job(entry), identifier(entry), when, f"{tr('Audit code')} {receipt.code}"]


def in_code(receipt: Receipt) -> str:
    """What a scanner reads: the submission's id, which the log finds, and the audit code."""
    return f"{receipt.entry.id} {receipt.code}"


def _whole(at: datetime) -> str:
    """With its zone: paper is read elsewhere, too."""
    local = at.astimezone()
    return f"{local:%Y-%m-%d %H:%M} {local:%z}"
