"""One operator, and what the roles may do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec import Struct


class Role(StrEnum):
    """From the least to the most; each may do what the ones before it may."""

    OPERATOR = "operator"
    TECHNICIAN = "technician"
    SUPERVISOR = "supervisor"


class Right(StrEnum):
    """What not everybody may do."""

    PLACES = "places"
    TRACE = "trace"
    SETTINGS = "settings"
    TOKEN = "token"  # noqa: S105 - the name of a right
    EXPORT = "export"
    OVERRIDE = "override"
    ERASE = "erase"
    JOURNAL = "journal"
    OPERATORS = "operators"


LEAST: Mapping[Right, Role] = {
    Right.PLACES: Role.TECHNICIAN,
    Right.TRACE: Role.TECHNICIAN,
    Right.SETTINGS: Role.SUPERVISOR,
    Right.TOKEN: Role.SUPERVISOR,
    Right.EXPORT: Role.SUPERVISOR,
    Right.OVERRIDE: Role.SUPERVISOR,
    Right.ERASE: Role.SUPERVISOR,
    Right.JOURNAL: Role.SUPERVISOR,
    Right.OPERATORS: Role.SUPERVISOR,
}
"""The least role that has a right."""

_ORDER = tuple(Role)


class Operator(Struct, frozen=True):
    """`name` is what every record carries. `badge` is the text of the badge's barcode, "" without one."""

    id: str
    name: str
    role: Role
    badge: str = ""
    active: bool = True

    def may(self, right: Right) -> bool:
        return _ORDER.index(self.role) >= _ORDER.index(LEAST[right])


def wearing(people: Iterable[Operator], badge: str) -> Operator | None:
    """Whose badge that is, by the text of its barcode; None where nobody here has it."""
    return next((who for who in people if who.badge == badge.strip().upper()), None)
