"""Runs the measurements that are named, or all."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from tests.bench.delivering import delivering
from tests.bench.encrypted import encrypted
from tests.bench.endurance import endurance
from tests.bench.journal import journal
from tests.bench.reading import reading
from tests.bench.windows import shift, stalls, windows

MEASURES: Mapping[str, Callable[[], None]] = {
    "reading": reading,
    "delivery": delivering,
    "journal": journal,
    "windows": windows,
    "stalls": stalls,
    "shift": shift,
    "endurance": endurance,
    "encrypted": encrypted,
}

for chosen in sys.argv[1:] or MEASURES:
    MEASURES[chosen]()
