"""What the journal says right now, read in a worker: the link, what waits, today's last results and counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec import Struct, field
from PySide6.QtCore import QCoreApplication, QObject, Signal

from app.errors import WorkstationError
from app.journal.link import Link
from app.journal.records import Entry, Query
from app.provisioning.submission import State
from ui.background import run
from ui.journal.times import midnight
from ui.language.speaking import spoken
from ui.results import NEEDS_YOU, WAITING
from ui.theme import Tone

if TYPE_CHECKING:
    from app.journal.outbox import Journal

_ANSWERED = (State.ACCEPTED, State.REJECTED, State.CONFLICT)
LAST = 14
"""Results of today that the bench lists."""


class Snapshot(Struct, frozen=True):
    """One look at the journal. `counts` are today's, `waiting` and `held` all there are."""

    entries: tuple[Entry, ...] = ()
    counts: Mapping[State, int] = field(default_factory=dict)
    waiting: int = 0
    held: int = 0
    link: Link = field(default_factory=Link)

    @property
    def unsent(self) -> int:
        """All that is kept and has not arrived."""
        return self.waiting + self.held


def read_snapshot(journal: Journal, now: datetime) -> Snapshot:
    """Read it; blocks. Raises JournalError."""
    since = midnight(now)
    return Snapshot(
        entries=tuple(journal.page(Query(since=since), LAST)),
        counts=journal.counts(since),
        waiting=journal.count(Query(states=tuple(WAITING))),
        held=journal.count(Query(states=(State.HELD,))),
        link=journal.link(),
    )


class Watch(QObject):
    """Reads a snapshot whenever it is asked to; of many askings during one reading, one more follows."""

    changed = Signal(object)
    failed = Signal(object)

    def __init__(self, journal: Callable[[], Journal], parent: QObject) -> None:
        super().__init__(parent)
        self._journal = journal
        self._reading = self._again = False

    def read(self) -> None:
        if self._reading:
            self._again = True
            return
        self._reading, self._again = True, False
        run(lambda: read_snapshot(self._journal(), datetime.now(UTC)), self._done, self._failed, self)

    def _done(self, snapshot: Snapshot) -> None:
        self.changed.emit(snapshot)
        self._next()

    def _failed(self, trouble: WorkstationError) -> None:
        self.failed.emit(trouble)
        self._next()

    def _next(self) -> None:
        self._reading = False
        if self._again:
            self.read()


class Headline(Struct, frozen=True):
    """A state in words, icon and tone."""

    word: str
    icon: str
    tone: Tone


def tr(text: str) -> str:
    return QCoreApplication.translate("Link", text)


def link_headline(snapshot: Snapshot, token_trouble: str = "") -> Headline:
    """The state of the link, the worst first. `token_trouble` is why there is no token to send with."""
    waiting, link = snapshot.waiting, snapshot.link
    kept = [tr("{count} waiting").format(count=waiting)] if waiting else []
    if link.pause:
        reasons = {
            "gate.token-refused": tr("token refused"),
            "gate.forbidden": tr("token not allowed"),
            "gate.address-wrong": tr("address is wrong"),
        }
        why = tr("Held: {reason}").format(reason=reasons.get(link.pause.code, spoken(link.pause.message).rstrip(".")))
        held = tr("1 held") if snapshot.unsent == 1 else tr("{count} held").format(count=snapshot.unsent)
        return Headline(f"{why} · {held}", "key-round", Tone.BAD)
    if token_trouble:
        return Headline(" · ".join([token_trouble, *kept]), "key-round", Tone.WARN)
    if link.offline_since:
        since = tr("Offline since {time}").format(time=f"{link.offline_since.astimezone():%H:%M}")
        safe = [tr("{count} waiting, nothing is lost").format(count=waiting)] if waiting else []
        return Headline(" · ".join([since, *safe]), "wifi-off", Tone.WAIT)
    if link.failures:
        return Headline(" · ".join([tr("Gate in trouble"), *kept]), "triangle-alert", Tone.WAIT)
    if any(snapshot.counts.get(state) for state in _ANSWERED):
        return Headline(" · ".join([tr("Online"), *kept]), "wifi", Tone.OK)
    # The gate gave no answer yet today: whether it can be reached is not known, so it is not said.
    return Headline(kept[0], "clock", Tone.WAIT) if kept else Headline(tr("Nothing waiting"), "inbox", Tone.NEUTRAL)


def kept_words(waiting: int) -> str:
    """That nothing of what waits is lost; for `waiting` of 1 and more."""
    if waiting == 1:
        return tr("1 submission waits and is kept.")
    return tr("{count} submissions wait and are kept.").format(count=waiting)


def today_headline(snapshot: Snapshot) -> list[tuple[str, Tone]]:
    """Today in numbers, the worst first."""
    counts = snapshot.counts
    need = sum(counts.get(state, 0) for state in NEEDS_YOU)
    waiting = sum(counts.get(state, 0) for state in WAITING)
    done = counts.get(State.ACCEPTED, 0)
    parts: list[tuple[str, Tone]] = []
    if need:
        text = tr("1 needs you") if need == 1 else tr("{count} need you").format(count=need)
        parts.append((text, Tone.BAD))
    if waiting:
        parts.append((tr("{count} waiting").format(count=waiting), Tone.WAIT))
    parts.append((tr("1 registered") if done == 1 else tr("{count} registered").format(count=done), Tone.NEUTRAL))
    return parts
