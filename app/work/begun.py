"""Which attempts the gate may have taken: for the start after a kill, which finds more of them claimed than that."""

from __future__ import annotations

import mmap
import os
from itertools import count
from pathlib import Path

SLOTS, WIDTH = 1024, 64
"""Attempts that are remembered, and bytes of each; a few dozen are under way at most."""


class Begun:
    """A ring of the attempts that began last and were not refused, in a file that is mapped into memory.

    What a killed process wrote there stays, and writing costs no trip to the disk. A power cut may take the last ones
    back: an attempt that had arrived is then sent again under the same Idempotency-Key, and a 409 to it is shown
    instead of being taken for its success. From any thread. Raises OSError where the file cannot be made.
    """

    def __init__(self, path: Path) -> None:
        size = SLOTS * WIDTH
        with path.open("ab") as file:
            self.knows = file.tell() == size
            """False for a file that is made anew: who sent what before it was there is not known."""
            # Written and not only stretched: a disk that is full later on must not end the program at a mapped page.
            file.write(bytes(max(0, size - file.tell())))
            file.flush()
            os.fsync(file.fileno())
        with path.open("r+b") as file:
            self._ring = mmap.mmap(file.fileno(), size)
        self._places = count()

    def note(self, id: str, attempt: int) -> None:
        """To be called before the first byte goes out."""
        place = next(self._places) % SLOTS * WIDTH
        self._ring[place : place + WIDTH] = _name(id, attempt)

    def forget(self, id: str, attempt: int) -> None:
        """The gate has said that it did not take this one."""
        place = self._ring.find(_name(id, attempt))
        if place >= 0:
            self._ring[place : place + WIDTH] = bytes(WIDTH)

    def holds(self, id: str, attempt: int) -> bool:
        """Whether the gate may have taken it."""
        return self._ring.find(_name(id, attempt)) >= 0


def _name(id: str, attempt: int) -> bytes:
    return f"{attempt} {id}".encode()[:WIDTH].ljust(WIDTH, b"\0")
