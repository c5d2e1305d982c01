"""The command barcodes: what stands in them, and what each asks for; and how an operator's badge is told.

The codes are capital letters and digits without signs: a scanner that is set to another keyboard than the computer
still types most of them right, and a check pair keeps the rest from being taken for something else.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping

from msgspec import Struct

PREFIX = "GST"
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_FORM = r"GST([A-Z0-9]+)([A-Z0-9]{2})"
BADGE = "GSOP-"
"""What an operator's badge begins with; twelve hexadecimal digits follow."""
_BADGE = r"GSOP[^A-Z0-9]?([0-9A-F]{12})"
"""As work/shift.py makes them. The sign between is another one where scanner and computer differ in their keyboards."""


class Command(Struct, frozen=True):
    """One row. `name` is what is asked for; for a job it is the workflow's name, for a page the page's."""

    name: str
    label: str
    short: str

    @property
    def code(self) -> str:
        """What stands in the barcode."""
        return _sealed(self.short)


COMMANDS: tuple[Command, ...] = (
    Command("submit", "SUBMIT", "C1"),
    Command("next", "NEXT", "C2"),
    Command("cancel", "CANCEL", "C3"),
    Command("back", "BACK", "C10"),
    Command("first", "ANSWER 1", "C4"),
    Command("second", "ANSWER 2", "C5"),
    Command("third", "ANSWER 3", "C6"),
    Command("fourth", "ANSWER 4", "C7"),
    Command("agree", "THEY AGREE", "C8"),
    Command("pin", "PIN OF THE SIM", "C9"),
    Command("batch", "BATCH", "C21"),
    Command("log", "LOG", "C22"),
    Command("export", "EXPORT", "C25"),
    Command("unsent", "NOT SENT", "C23"),
    Command("token", "NEW TOKEN", "C24"),
    Command("register-device", "NEW DEVICE", "C11"),
    Command("sim-replacement", "SIM REPLACEMENT", "C12"),
    Command("new-device-upgrade", "DEVICE UPGRADE", "C17"),
    Command("device-upgrade", "MOVE USER", "C13"),
    Command("plan-change", "PLAN CHANGE", "C14"),
    Command("credential-update", "CREDENTIAL UPDATE", "C15"),
    Command("crm-link", "CRM LINK", "C16"),
)
ANSWERS = ("first", "second", "third", "fourth")
PAGES = frozenset({"batch", "log", "export", "unsent", "token"})
"""The names of those that lead to a page of the window."""

BY_NAME: Mapping[str, Command] = {command.name: command for command in COMMANDS}
_BY_SHORT: Mapping[str, Command] = {command.short: command for command in COMMANDS}


def command_of(text: str) -> Command | None:
    """The command in a scanned text, None where it is no command barcode."""
    return _BY_SHORT.get(_opened(text))


def badge_of(text: str) -> str | None:
    """The badge of an operator as it is kept, None where the text is none."""
    match = re.fullmatch(_BADGE, text.upper())
    return f"{BADGE}{match[1]}" if match else None


def _sealed(inner: str) -> str:
    return f"{PREFIX}{inner}{_pair(inner)}"


def _opened(text: str) -> str:
    # A scanner types lower case while Caps Lock is on.
    match = re.fullmatch(_FORM, text.upper())
    return match[1] if match and match[2] == _pair(match[1]) else ""


def _pair(inner: str) -> str:
    """Two characters that a misread or a text of other origin has by chance once in 1296."""
    number = zlib.crc32(inner.encode()) % len(ALPHABET) ** 2
    return ALPHABET[number // len(ALPHABET)] + ALPHABET[number % len(ALPHABET)]
