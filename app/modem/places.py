"""Where a device is plugged in, and what the operator calls that place: "A1" is found at a glance, ttyUSB7 is not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import ClassVar

from app.errors import WorkstationError

LONGEST = 12
_NUMBERED = r"(?P<row>.*?)(?P<number>\d+)"


class SlotRefused(WorkstationError):
    """A name that cannot be given to a place."""

    code: ClassVar[str] = "places.refused"


def slots(rows: Iterable[str]) -> dict[str, str]:
    """The names of places, by place; each row is `place=name`, as the setting ports.slots keeps them."""
    return {place.strip(): name.strip() for place, _, name in (row.rpartition("=") for row in rows)}


def renamed(rows: Iterable[str], place: str, name: str) -> tuple[str, ...]:
    """The rows with `place` called `name`; with "" it has no name. Raises SlotRefused."""
    name = name.strip()
    named = slots(rows)
    if "=" in name or len(name) > LONGEST:
        raise SlotRefused(f"{name} cannot be the name of a place.", remedy=f"Use up to {LONGEST} characters and no =.")
    if name and any(other == name for at, other in named.items() if at != place):
        raise SlotRefused(f"Another place is called {name} already.", remedy="Use another name, or rename that place.")
    named[place] = name
    return tuple(f"{at}={called}" for at, called in named.items() if called)


def next_name(named: Mapping[str, str]) -> str:
    """What the next place is likely to be called: the number after the last one given, in its row."""
    last = re.fullmatch(_NUMBERED, next(reversed(list(named.values())), ""))
    row, number = (last["row"], int(last["number"])) if last else ("A", 0)
    taken = set(named.values())
    while f"{row}{(number := number + 1)}" in taken:
        pass
    return f"{row}{number}"
