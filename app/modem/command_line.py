"""Several commands in one line and apart again (ITU-T V.250 5.2.1: `AT` once, `;` behind an extended command)."""

from __future__ import annotations

from collections.abc import Iterable

PREFIX = "AT"
SEPARATOR = ";"


def joined(commands: Iterable[str]) -> str:
    """One line of extended commands: `AT+CPIN?`, `AT+CSQ` -> `AT+CPIN?;+CSQ`."""
    return PREFIX + SEPARATOR.join(command.removeprefix(PREFIX) for command in commands)


def parts(line: str) -> list[str]:
    """The commands of a line, each as it would be sent alone."""
    first, *others = line.split(SEPARATOR)
    return [first, *(PREFIX + other for other in others)]
