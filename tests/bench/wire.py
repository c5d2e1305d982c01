"""A simulated modem on a pty, as slow on the wire as a serial line of a given speed."""

from __future__ import annotations

import os
import select
import threading
import tty
from types import TracebackType
from typing import Self

from app.training.devices.modem import SimulatedModem
from app.training.devices.personality import Personality

BITS_A_BYTE = 10
"""8N1: a start bit, eight of data, a stop bit."""


class Wire:
    """Serves one device until the block ends. `spent_s`: what device and wire took, which nobody can save."""

    def __init__(self, personality: Personality, baud: int | None = None) -> None:
        self.modem = SimulatedModem(personality)
        self.spent_s = 0.0
        self._byte_s = BITS_A_BYTE / baud if baud else 0.0
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.port = os.ttyname(self._slave)
        self._stop, self._alarm = os.pipe()
        self._pause = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pause.set()
        os.write(self._alarm, b"\0")
        self._thread.join()
        for descriptor in (self._master, self._slave, self._stop, self._alarm):
            os.close(descriptor)

    def _serve(self) -> None:
        while True:
            ready, _, _ = select.select([self._master, self._stop], [], [])
            if self._stop in ready:
                return
            data = os.read(self._master, 4096)
            self._wait(len(data) * self._byte_s)
            for emission in self.modem.feed(data):
                self._wait(emission.delay_s + len(emission.data) * self._byte_s)
                os.write(self._master, emission.data)

    def _wait(self, seconds: float) -> None:
        self.spent_s += seconds
        if seconds:
            self._pause.wait(seconds)
