"""The kinds of identifier, one row each: what fields, scanner and command line walk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

from msgspec import Struct

from app.identifiers import iccid, imei, imsi, mac, meid, msisdn, plmn
from app.identifiers.text import cleaned
from app.identifiers.verdict import Verdict


def as_written(one: str, other: str) -> bool:
    """Whether two texts are the same but for spaces, dashes and case."""
    return cleaned(one).casefold() == cleaned(other).casefold()


class Kind(Struct, frozen=True):
    """One row. `lenient` is the check under `identifier_checks = lenient`, where it differs; `same` tells whether two
    texts name one thing."""

    name: str
    label: str
    strict: Callable[[str], Verdict]
    group: Callable[[str], str]
    lenient: Callable[[str], Verdict] | None = None
    same: Callable[[str, str], bool] = as_written

    def check(self, text: str, *, lenient: bool = False) -> Verdict:
        """Judge one text of this kind."""
        return (self.lenient or self.strict)(text) if lenient else self.strict(text)


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind("imei", "IMEI", imei.check, imei.group, lenient=partial(imei.check, lenient=True), same=imei.same),
            Kind("imsi", "IMSI", imsi.check, imsi.group),
            Kind("iccid", "ICCID", iccid.check, iccid.group, same=iccid.same),
            Kind("msisdn", "Number", msisdn.check, msisdn.group),
            Kind("mac", "MAC address", mac.check, mac.group),
            Kind("mccmnc", "Home network code", plmn.check, plmn.group),
            Kind("meid", "MEID", meid.check, meid.group),
        )
    }
)
