"""What the main button says, and the sentence above it. Pure."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QCoreApplication

from app.journal.link import Link
from app.provisioning.draft import Draft
from app.provisioning.validation import Validation
from ui.bench.checks import MISSING, sending
from ui.language.speaking import spoken


class NextStep(Struct, frozen=True):
    """`action` is the word on the button, `note` why it can or cannot be pressed yet."""

    action: str
    note: str
    ready: bool


def tr(text: str) -> str:
    return QCoreApplication.translate("NextStep", text)


def next_step(draft: Draft, validation: Validation, *, opened: bool, reading: bool, link: Link) -> NextStep:
    """`opened`: the station is; `reading`: the device in hand has not said everything yet."""
    ready = opened and validation.ready and not reading
    action, count = spoken(draft.workflow.action), sending(draft, validation)
    if draft.workflow.changes and ready:
        action = tr("Send 1 change") if count == 1 else tr("Send {count} changes").format(count=count)
    if not opened:
        note = tr("Starting")
    elif not draft.entries:
        note = tr("Plug a device in, scan its label, or fill in the form.")
    elif reading:
        note = tr("The device is still being read")
    elif not ready:
        note = _what_is_wrong(validation)
    elif link.pause is not None:
        note = tr("Sending is paused: kept here and sent when it goes on")
    elif link.offline_since is not None:
        note = tr("Offline: kept here and sent when the link is back")
    else:
        total = len(validation.values)
        note = tr("1 field will be sent") if total == 1 else tr("{n} fields will be sent").format(n=total)
    return NextStep(action, note, ready)


def _what_is_wrong(validation: Validation) -> str:
    wrong = sum(1 for problem in validation.errors if problem.code not in MISSING)
    if not wrong:
        return spoken(validation.errors[0].message)
    return tr("Correct 1 field first") if wrong == 1 else tr("Correct {n} fields first").format(n=wrong)
