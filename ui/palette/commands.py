"""What a command is, and which ones fit what was typed. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

from msgspec import Struct


class Command(Struct, frozen=True):
    """`words` are further ones it is found by; `keys` what does the same without the palette."""

    label: str
    icon: str
    run: Callable[[], None]
    keys: str = ""
    words: str = ""


def fitting(commands: Sequence[Command], typed: str) -> list[Command]:
    """Those that hold every word typed, whatever the accents and capitals; the ones that begin with it first."""
    wanted = _plain(typed).split()
    found = [command for command in commands if _holds(command, wanted)]
    start = " ".join(wanted)
    return sorted(found, key=lambda command: not _plain(command.label).startswith(start)) if start else found


def _holds(command: Command, wanted: Sequence[str]) -> bool:
    text = _plain(f"{command.label} {command.words} {command.keys}")
    return all(word in text for word in wanted)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))
