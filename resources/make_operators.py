"""Derive operators.tsv from Debian's mobile-broadband-provider-info (public domain).

Run it where that package is installed: `python -m resources.make_operators [serviceproviders.xml]`.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from defusedxml.ElementTree import parse

from resources import rows

HERE = Path(__file__).parent
SOURCE = Path("/usr/share/mobile-broadband-provider-info/serviceproviders.xml")
HEADER = "# code\toperator\tcountry (ISO 3166); derived from mobile-broadband-provider-info, public domain\n"


class Listing(NamedTuple):
    """One provider named under one network code."""

    code: str
    name: str
    country: str
    primary: bool


def listings(source: Path) -> Iterator[Listing]:
    """Every provider and code of the file, without codes filed under a country their MCC does not belong to."""
    countries = {mcc: codes.split(",") for mcc, codes, *_ in rows("mcc.tsv")}
    for country in parse(source).iter("country"):
        iso = country.get("code", "").upper()
        for provider in country.iter("provider"):
            name = " ".join(provider.findtext("name", "").split())
            for network in provider.iter("network-id"):
                mcc, mnc = network.get("mcc", ""), network.get("mnc", "")
                if iso in countries.get(mcc, ()):
                    yield Listing(mcc + mnc, name, iso, provider.get("primary") == "true")


def operators(found: list[Listing]) -> Iterator[Listing]:
    """One operator a code: the file's primary one, else the name with most codes.

    Resellers are listed under the code of the network they use, but hold few codes themselves.
    """
    popularity = Counter(listing.name for listing in found)
    for code in sorted({listing.code for listing in found}):
        rivals = [listing for listing in found if listing.code == code]
        yield max(rivals, key=lambda rival: (rival.primary, popularity[rival.name]))


def main(source: Path) -> None:
    table = "".join(f"{row.code}\t{row.name}\t{row.country}\n" for row in operators(list(listings(source))))
    (HERE / "operators.tsv").write_text(HEADER + table, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE)
