"""How a measurement is printed."""

from __future__ import annotations

import sys


def row(what: str, ours: str, reference: str, ratio: float) -> None:
    sys.stdout.write(f"{what:<46} {ours:>12} {reference:>30}   x {ratio:.2f}\n")
    sys.stdout.flush()


def line(what: str, found: str) -> None:
    sys.stdout.write(f"{what:<46} {found}\n")
    sys.stdout.flush()
