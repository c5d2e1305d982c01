"""Which of the three signals an event is worth. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from app.provisioning.submission import State
from app.work.events import CardState, DeviceCard
from ui.results import NEEDS_YOU
from ui.snapshot import Snapshot
from ui.theme import Tone


class Signal(Enum):
    """From the least to the most pressing; each has a sound file and a tone."""

    READY = ("ready", Tone.ACCENT)
    ACCEPTED = ("accepted", Tone.OK)
    NEEDS_YOU = ("needs-you", Tone.WARN)

    @property
    def sound(self) -> str:
        return self.value[0]

    @property
    def tone(self) -> Tone:
        return self.value[1]


ORDER = tuple(Signal)
_CARDS: Mapping[CardState, Signal] = {
    CardState.READY: Signal.READY,
    CardState.ASK: Signal.NEEDS_YOU,
    CardState.PARTLY: Signal.NEEDS_YOU,
    CardState.NEEDS_YOU: Signal.NEEDS_YOU,
    CardState.FAILED: Signal.NEEDS_YOU,
    CardState.NO_PORT: Signal.NEEDS_YOU,
}


def worst(signals: set[Signal]) -> Signal | None:
    """The one that goes before the others: two at once would be heard as neither."""
    return max(signals, key=ORDER.index) if signals else None


class Ear:
    """Remembers what was told already, so that a card that is told again, or a day that is read again, is silent."""

    def __init__(self) -> None:
        self._cards: dict[str, CardState] = {}
        self._states: dict[str, State] | None = None

    def card(self, card: DeviceCard) -> Signal | None:
        """A device's card changed."""
        before = self._cards.get(card.key)
        self._cards[card.key] = card.state
        return _CARDS.get(card.state) if card.state is not before else None

    def gone(self, key: str) -> None:
        self._cards.pop(key, None)

    def snapshot(self, snapshot: Snapshot) -> Signal | None:
        """The journal changed; what it held when it was read first was told in another run."""
        before, self._states = self._states, {entry.id: entry.state for entry in snapshot.entries}
        if before is None:
            return None
        moved = {
            state for id, state in self._states.items() if before.get(id) is not state and (state.final or id in before)
        }
        signals = {Signal.ACCEPTED} if State.ACCEPTED in moved else set()
        return worst(signals | ({Signal.NEEDS_YOU} if moved & NEEDS_YOU else set()))
