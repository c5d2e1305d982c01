"""What is said of an unsent submission and of its group; nothing personal is whole."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from app.journal.records import Entry
from app.provisioning.submission import State
from app.work.unsent import MOST, SHIFT, Group, Unsent
from ui.journal.description import describe
from ui.journal.meaning import meaning
from ui.journal.times import moment
from ui.results import look

HOURS = SHIFT.total_seconds() / 3600


def tr(text: str) -> str:
    return QCoreApplication.translate("Unsent", text)


def title() -> str:
    return tr("What is not sent")


def written(found: Unsent) -> str:
    """Who looked, and when."""
    return " · ".join(part for part in (found.operator, f"{found.at.astimezone():%Y-%m-%d %H:%M}") if part)


def scope() -> str:
    """What is listed, so that nobody takes the sheet for more than it is."""
    return tr(
        "Everything that has not arrived, and what the gate refused in the last {hours} hours and nobody has corrected."
    ).format(hours=f"{HOURS:.0f}")


def group_title(group: Group) -> str:
    return f"{look(group.state).word}: {group.count}"


def group_next(group: Group) -> str:
    """What becomes of them, or what to do."""
    more = tr("The newest {count} of them:").format(count=MOST) if group.count > len(group.entries) else ""
    return f"{_next(group.state)} {more}".strip()


def _next(state: State) -> str:
    """As the log says it, but where that points to what only the log has beside it."""
    if state is State.CONFLICT:
        return tr("The gate has this device already. Open it in the log, compare, then choose.")
    if state is State.HELD:
        return tr("Nothing is sent until the token or the address is mended.")
    return meaning(state)


def reason(entry: Entry, now: datetime) -> str:
    """What the gate or the link said of it, "" where nothing was said yet."""
    said = describe(entry, now, reveal=False)
    problems = [f"{line.label}: {line.value}" if line.label else line.value for line in said.problems]
    return " ".join(problems) or next(iter(said.notes), "")


def entered(entry: Entry, now: datetime) -> str:
    return " · ".join(part for part in (moment(entry.created_at, now), entry.operator) if part)
