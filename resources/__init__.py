"""Data that ships with the program: network tables, and what the window draws with.

Holds no logic but reading its own files, so that every layer may import it; imports nothing of the program.
mcc.tsv and mnc_lengths.tsv follow the lists annexed to ITU-T E.212; operators.tsv is derived from Debian's
mobile-broadband-provider-info (public domain) by make_operators.py; operators_extra.tsv is kept by hand and
wins over it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

SOURCE = "en"
"""The language that the program is written in."""


_HERE = Path(__file__).parent


def path(name: str) -> Path:
    """A file or folder of this package, by its name with `/` between parts."""
    return _HERE / name


def read_text(name: str) -> str:
    """The whole of one UTF-8 file. Raises FileNotFoundError."""
    return path(name).read_text(encoding="utf-8")


def rows(name: str) -> Iterator[tuple[str, ...]]:
    """The rows of a tab-separated table, without lines that are empty or start with `#`."""
    for line in read_text(name).splitlines():
        if line and not line.startswith("#"):
            yield tuple(line.split("\t"))


def languages() -> list[str]:
    """The languages of the window, the source first; the others are the tables under languages/."""
    names = (file.name for file in path("languages").iterdir())
    return [SOURCE, *sorted(name.removesuffix(".tsv") for name in names if name.endswith(".tsv"))]
