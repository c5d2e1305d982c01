"""The columns of the log, one row each: what it is called and what it says of a submission."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct
from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.journal.records import Entry
from app.masked import BULLET, CLEAR_TAIL, mask
from app.provisioning.fields import ROWS as FIELDS
from app.provisioning.workflows import ROWS as WORKFLOWS
from ui.journal.times import brief
from ui.language.speaking import spoken
from ui.results import look

CONTEXT = "JournalColumns"
IDENTIFIERS = ("imei", "iccid", "number", "generic_id", "mac_addr")
"""What names a device or a SIM in one line; the first that was sent is shown."""
USERS = ("username", "user_external_id", "number")


class Column(Struct, frozen=True):
    """`text` says what the cell holds at the time `now`; `width` and `least` are in pixels at 100 %.

    `stretch` is the column's share of what is left; `spare` ones are hidden where there is no room, the highest
    number first. `mono` columns hold identifiers, `chip` ones a state.
    """

    title: str
    text: Callable[[Entry, datetime], str]
    width: int
    stretch: int = 0
    spare: int = 0
    mono: bool = False
    chip: bool = False


def device(entry: Entry) -> str:
    """What the submission's device is called: its place, and what it is as the station saw it, else as entered."""
    seen = " ".join(entry.device[key] for key in ("manufacturer", "model") if entry.device.get(key))
    entered = " ".join(entry.fields[key] for key in ("device_brand", "device_model") if key in entry.fields)
    return f"{entry.device.get('slot', '')} {seen or entered}".strip()


def short(text: str) -> str:
    """`••• 3809`: enough to tell two devices apart, narrow enough for a list."""
    return f"{BULLET * 3} {mask(text)[-CLEAR_TAIL:]}"


def identifier(entry: Entry) -> str:
    return next((short(entry.fields[key]) for key in IDENTIFIERS if key in entry.fields), "")


def user(entry: Entry) -> str:
    key = next((key for key in USERS if key in entry.fields), None)
    if key is None:
        return ""
    return short(entry.fields[key]) if FIELDS[key].personal else entry.fields[key]


def what(entry: Entry) -> str:
    return spoken(WORKFLOWS[entry.workflow].label)


def done(entry: Entry) -> str:
    """How far the job is that the submission is a step of, "" where it is all of its job."""
    if entry.part is None:
        return ""
    words = QCoreApplication.translate(CONTEXT, "{done} of {steps} done")
    return words.format(done=entry.done, steps=entry.part.steps)


COLUMNS: tuple[Column, ...] = (
    Column(str(QT_TRANSLATE_NOOP("JournalColumns", "Time")), lambda entry, now: brief(entry.created_at, now), 108),
    Column(str(QT_TRANSLATE_NOOP("JournalColumns", "Device")), lambda entry, _: device(entry), 140, stretch=3),
    Column(str(QT_TRANSLATE_NOOP("JournalColumns", "Identifier")), lambda entry, _: identifier(entry), 90, mono=True),
    Column(str(QT_TRANSLATE_NOOP("JournalColumns", "What")), lambda entry, _: what(entry), 128, stretch=1, spare=2),
    Column(str(QT_TRANSLATE_NOOP("JournalColumns", "User")), lambda entry, _: user(entry), 98, stretch=2, spare=1),
    Column(
        str(QT_TRANSLATE_NOOP("JournalColumns", "Result")),
        lambda entry, _: look(entry.state, entry.kind).word,
        174,
        chip=True,
    ),
    Column(
        str(QT_TRANSLATE_NOOP("JournalColumns", "Operator")), lambda entry, _: entry.operator, 90, stretch=1, spare=3
    ),
)


def title(column: Column) -> str:
    """The column's heading in the language of the window."""
    return QCoreApplication.translate(CONTEXT, column.title)
