"""How each standing of a batch is shown: word, icon, tone; and the headline, the worst first."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.work.batch import NEED_SOMEBODY, Batch, Standing
from ui.results import Look
from ui.theme import Tone

CONTEXT = "Results"

LOOKS: Mapping[Standing, Look] = {
    Standing.FAILED: Look(str(QT_TRANSLATE_NOOP("Results", "Refused")), "circle-x", Tone.BAD),
    Standing.STRANGER: Look(str(QT_TRANSLATE_NOOP("Results", "Not in the order")), "circle-help", Tone.BAD),
    Standing.DUPLICATE: Look(str(QT_TRANSLATE_NOOP("Results", "Twice")), "copy", Tone.BAD),
    Standing.NEEDS_YOU: Look(str(QT_TRANSLATE_NOOP("Results", "Needs you")), "circle-alert", Tone.WARN),
    Standing.READING: Look(str(QT_TRANSLATE_NOOP("Results", "Reading")), "loader", Tone.ACCENT),
    Standing.READY: Look(str(QT_TRANSLATE_NOOP("Results", "Ready")), "check", Tone.OK),
    Standing.WAITING: Look(str(QT_TRANSLATE_NOOP("Results", "No device yet")), "plug", Tone.NEUTRAL),
    Standing.SENT: Look(str(QT_TRANSLATE_NOOP("Results", "Waiting")), "clock", Tone.WAIT),
    Standing.DONE: Look(str(QT_TRANSLATE_NOOP("Results", "Registered")), "circle-check", Tone.OK),
}


def _tr(text: str) -> str:
    return QCoreApplication.translate("Batch", text)


def headline(batch: Batch) -> list[tuple[str, Tone]]:
    """The batch in numbers; what there is none of is not said."""
    need, ready, done = batch.count(*NEED_SOMEBODY), batch.count(Standing.READY), batch.count(Standing.DONE)
    parts = [
        (_tr("1 needs you") if need == 1 else _tr("{count} need you"), need, Tone.BAD),
        (_tr("1 ready") if ready == 1 else _tr("{count} ready"), ready, Tone.OK),
        (_tr("{count} reading"), batch.count(Standing.READING), Tone.ACCENT),
        (_tr("{count} without a device"), batch.count(Standing.WAITING), Tone.NEUTRAL),
        (_tr("{count} waiting"), batch.count(Standing.SENT), Tone.WAIT),
        (_tr("1 registered") if done == 1 else _tr("{count} registered"), done, Tone.NEUTRAL),
    ]
    return [(text.format(count=count), tone) for text, count, tone in parts if count]


def action(batch: Batch) -> str:
    """What the main button does: it always says how many, and who is left behind."""
    ready, need = len(batch.ready()), batch.count(*NEED_SOMEBODY)
    if not ready:
        return _tr("Nothing to send")
    sends = _tr("Send 1 ready") if ready == 1 else _tr("Send {count} ready").format(count=ready)
    if not need:
        return sends
    left = _tr("1 needs you") if need == 1 else _tr("{count} need you").format(count=need)
    return f"{sends}, {left}"
