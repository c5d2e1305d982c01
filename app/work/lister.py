"""Lists the devices in a thread of its own: Windows can take seconds over Bluetooth ports."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence

from app.modem.ports import DeviceSeen


class Lister:
    """Begins a new list when asked for one and none is being made. Used by one thread, and closed by it."""

    def __init__(self, look: Callable[[], Sequence[DeviceSeen]]) -> None:
        self._look = look
        self._wanted: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._made: queue.SimpleQueue[Sequence[DeviceSeen] | Exception] = queue.SimpleQueue()
        self._under_way = False
        # A list that never ends is left behind.
        threading.Thread(target=self._work, name="list ports", daemon=True).start()

    def devices(self, wait_s: float) -> Sequence[DeviceSeen] | None:
        """The devices as they are listed; None where that takes longer than `wait_s`. Raises what looking raises."""
        if not self._under_way:
            self._wanted.put(True)
            self._under_way = True
        try:
            made = self._made.get(timeout=wait_s)
        except queue.Empty:
            return None
        self._under_way = False
        if isinstance(made, Exception):
            raise made
        return made

    def close(self) -> None:
        self._wanted.put(False)

    def _work(self) -> None:
        while self._wanted.get():
            try:
                self._made.put(self._look())
            except Exception as fault:  # noqa: BLE001 - raised again where the list is asked for
                self._made.put(fault)
