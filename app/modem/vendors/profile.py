"""What differs from maker to maker: which commands give a value, best first."""

from __future__ import annotations

import re

from msgspec import Struct


class Profile(Struct, frozen=True):
    """One maker's row. `match` is searched, without case, in "manufacturer model".

    Each tuple lists the maker's own commands for one value in the order to ask; the standard ones follow by
    themselves, so an empty tuple means that nothing differs. `imei2` asks for the IMEI of the second SIM slot,
    `sim_slot` for the slot of the SIM in use, which the maker counts from `first_slot`. `chains` tells that the
    maker's manual allows several commands in one line; a device is believed to take them once it was seen to.
    All must be on the list in `modem/allowed.py`.
    """

    name: str
    match: str
    manufacturer: tuple[str, ...] = ()
    model: tuple[str, ...] = ()
    revision: tuple[str, ...] = ()
    imei: tuple[str, ...] = ()
    imsi: tuple[str, ...] = ()
    iccid: tuple[str, ...] = ()
    sim_state: tuple[str, ...] = ()
    imei2: tuple[str, ...] = ()
    sim_slot: tuple[str, ...] = ()
    first_slot: int = 1
    chains: bool = False

    def fits(self, manufacturer: str | None, model: str | None) -> bool:
        """Whether a device that names itself so is of this maker."""
        return re.search(self.match, f"{manufacturer or ''} {model or ''}", re.IGNORECASE) is not None

    def commands(self, field: str) -> tuple[str, ...]:
        """The maker's commands for one of the fields above."""
        found: tuple[str, ...] = getattr(self, field)
        return found
