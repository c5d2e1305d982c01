"""Another time for one process, which can jump while it runs: libfaketime (Linux). The monotonic clock keeps going."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path

LIBRARIES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib/faketime/libfaketimeMT.so.1")


class ChangedClock:
    """A clock that processes with `environment` have in common; so many seconds from the true one, 0 at first."""

    def __init__(self, folder: Path) -> None:
        found = [path for pattern in LIBRARIES for path in Path("/").glob(pattern.lstrip("/"))]
        assert found, "libfaketime is not installed: python3 dev.py setup"
        self._file = folder / "clock"
        self._timer: threading.Timer | None = None
        self.set(0)
        self.environment: Mapping[str, str] = {
            "LD_PRELOAD": str(found[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def set(self, seconds: int) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join()
            self._timer = None
        self._write(seconds)

    def set_after(self, delay_s: float, seconds: int) -> None:
        self._timer = threading.Timer(delay_s, self._write, (seconds,))
        self._timer.start()

    def _write(self, seconds: int) -> None:
        # In one step: a half-written file would be read as no time at all.
        part = self._file.with_suffix(".part")
        part.write_text(f"{seconds:+}\n")
        part.replace(self._file)
