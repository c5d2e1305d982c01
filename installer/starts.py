"""How long the frozen program takes from its start to its window, against the same from source, in one run."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Mapping
from typing import Any

from dev import Failed
from installer.metadata import load_metadata

SLOWEST = 1.5
ROUNDS = 3
"""How often so many starts are taken before a program is called slow: the first may all have met a busy machine."""
WINDOW_S = 30.0
"""The longest that a window is waited for."""

Start = Callable[[], "subprocess.Popen[Any]"]


def against_the_source(frozen: Start, source: Start, display: str, *, starts: int) -> str:
    """What was measured. Both in turn, the quickest of each: a busy machine only makes a start longer.

    Raises Failed where it is too slow after ROUNDS of so many starts.
    """
    taken: Mapping[str, list[float]] = {"frozen": [], "source": []}
    said = ""
    for _ in range(ROUNDS):
        for _ in range(starts):
            for name, start in (("frozen", frozen), ("source", source)):
                taken[name].append(_seconds(start, display))
        first, second = min(taken["frozen"]), min(taken["source"])
        said = f"a window after {first * 1000:.0f} ms, from source {second * 1000:.0f} ms ({first / second:.2f} times)"
        if first <= SLOWEST * second:
            return said
    raise Failed(f"{said}: more than {SLOWEST:g} times")


def _seconds(start: Start, display: str) -> float:
    began = time.monotonic()
    process = start()
    try:
        await_window(process, display)
        return time.monotonic() - began
    finally:
        stop(process)


def stop(process: subprocess.Popen[Any]) -> None:
    """End a program whose window was seen. What it prints is not read to its end: Windows' `ver`, which Python asks for
    the system's version where it cannot ask otherwise, can outlive who asked, and holds the pipe."""
    with process:
        process.terminate()


def await_window(process: subprocess.Popen[Any], display: str) -> None:
    """Wait until a window of the program is on the X server. Raises Failed where none comes."""
    asked = ("xdotool", "search", "--onlyvisible", "--name", load_metadata().name)
    end = time.monotonic() + WINDOW_S
    while subprocess.run(asked, env={**os.environ, "DISPLAY": display}, capture_output=True, check=False).returncode:
        if time.monotonic() > end or process.poll() is not None:
            raise Failed(f"no window was there within {WINDOW_S:g} s")
