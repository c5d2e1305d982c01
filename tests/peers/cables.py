"""Simulated devices behind cables that are plugged and pulled while the program runs: pseudo-terminals, by name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.training.devices.card import Sim
from app.training.devices.modem import SimulatedModem
from app.training.devices.personality import Personality
from tests.peers.ptys import Modem, PtyModem


class Cable:
    """One place of a hub: `path` is there while a device is plugged in, as a port of the system is."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._device: SimulatedModem | None = None
        self._line: PtyModem | None = None

    def plug(self, personality: Personality) -> None:
        device = self._device = SimulatedModem(personality)
        self._line = PtyModem(Modem(lambda command: _answer(device, command)))
        self._line.__enter__()
        self.path.symlink_to(self._line.path)

    def swap_sim(self, sim: Sim) -> None:
        """By hand, without pulling the device."""
        assert self._device is not None
        self._device.sim = sim

    def pull(self) -> None:
        if self._line is not None:
            self.path.unlink()
            self._line.close()
            self._line = None


@contextmanager
def plugged(path: Path, personality: Personality) -> Iterator[Path]:
    """A device that is plugged in as `path` as long as the block."""
    cable = Cable(path)
    cable.plug(personality)
    try:
        yield path
    finally:
        cable.pull()


def _answer(device: SimulatedModem, command: str) -> bytes:
    return b"".join(emission.data for emission in device.feed(f"{command}\r".encode()))
