"""versions: what runs on what; the first thing that support asks."""

from __future__ import annotations

import platform
from collections.abc import Iterator

from app import __version__
from app.work.doctor.line import Finding, Grade
from app.work.doctor.surroundings import Surroundings


def look(_: Surroundings) -> Iterator[Finding]:
    yield Finding(Grade.OK, f"Gate Station {__version__}, Python {platform.python_version()}, {platform.platform()}.")
