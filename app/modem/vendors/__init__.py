"""The makers' profiles, one file each, listed here in plain sight of packagers.

A new maker takes a file with a Profile and a line in PROFILES. Profiles are data: they import nothing but the
Profile class. The order is the order in which a device of an unknown maker is asked.
"""

from collections.abc import Iterator

from app.modem.vendors import (
    cinterion,
    fibocom,
    generic,
    huawei,
    lg,
    mediatek,
    motorola,
    nokia,
    nordic,
    others,
    quectel,
    samsung,
    sequans,
    sierra,
    simcom,
    telit,
    ublox,
    unisoc,
    zte,
)
from app.modem.vendors.profile import Profile

GENERIC = generic.PROFILE
PROFILES: tuple[Profile, ...] = (
    quectel.PROFILE,
    simcom.PROFILE,
    huawei.PROFILE,
    telit.PROFILE,
    sierra.PROFILE,
    cinterion.PROFILE,
    ublox.PROFILE,
    fibocom.PROFILE,
    nordic.PROFILE,
    zte.PROFILE,
    sequans.PROFILE,
    samsung.PROFILE,
    mediatek.PROFILE,
    unisoc.PROFILE,
    motorola.PROFILE,
    nokia.PROFILE,
    lg.PROFILE,
    others.PROFILE,
)


def profile_of(manufacturer: str | None, model: str | None) -> Profile:
    """The first profile that fits the names a device gives itself, else the generic one."""
    return next((profile for profile in PROFILES if profile.fits(manufacturer, model)), GENERIC)


def usual(profile: Profile, field: str) -> Iterator[str]:
    """The commands for a field that a device of this maker should know: its own, then the standard ones."""
    yield from dict.fromkeys((*profile.commands(field), *GENERIC.commands(field)))


def unusual(profile: Profile, field: str) -> Iterator[str]:
    """Every other maker's commands for a field."""
    known = set(usual(profile, field))
    others = (command for other in PROFILES for command in other.commands(field))
    yield from dict.fromkeys(command for command in others if command not in known)
