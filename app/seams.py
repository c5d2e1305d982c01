"""Where the program meets something that can block: serial, network, keyring, journal writes.

The window's thread declares itself once with `refuse_here()`; from then on each seam raises there instead
of freezing the window. A seam calls `blocking("...")` as its first line.
"""

from __future__ import annotations

import threading

_thread = threading.local()


class BlockedUiThread(AssertionError):
    """A blocking call was made on the thread that draws the window: a fault of the program."""


def refuse_here() -> None:
    """Mark the calling thread as one that must never block."""
    _thread.refuses = True


def allow_here() -> None:
    """Undo `refuse_here()`; used once the window has closed."""
    _thread.refuses = False


def blocking(what: str) -> None:
    """Raise BlockedUiThread on a marked thread; do nothing elsewhere."""
    if getattr(_thread, "refuses", False):
        raise BlockedUiThread(f"{what} was called on the window's thread")
