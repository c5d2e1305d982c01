"""Events of other threads on their way to the window. Knows no Qt, so that its rules can be tested alone."""

from __future__ import annotations

import threading
from collections import OrderedDict
from itertools import count

from app.work.events import DeviceChanged, DeviceGone


class Arrivals:
    """A queue that keeps the order. Of a device that says more than can be shown, only the newest is kept.

    A card takes the place of one of the same device in the same state that nobody has taken yet: a change of
    state is always told. Nothing is moved past a device that went.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = count()
        self._events: OrderedDict[int, object] = OrderedDict()
        self._newest: dict[str, int] = {}

    def put(self, event: object) -> bool:
        """Add an event; True where none was waiting, so that whoever takes them has to be called."""
        with self._lock:
            idle = not self._events
            self._events[self._place(event)] = event
            return idle

    def take(self) -> object:
        """The event that waits longest; None where there is none."""
        with self._lock:
            return self._events.popitem(last=False)[1] if self._events else None

    def _place(self, event: object) -> int:
        if isinstance(event, DeviceGone):
            self._newest.clear()
        if not isinstance(event, DeviceChanged):
            return next(self._numbers)
        card = event.card
        waiting = self._events.get(self._newest.get(card.key, -1))
        if not isinstance(waiting, DeviceChanged) or waiting.card.state is not card.state:
            self._newest[card.key] = next(self._numbers)
        return self._newest[card.key]
