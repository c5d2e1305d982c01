"""updates: whether there is a newer version, and where nobody looks, why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app import __version__
from app.updates.checking import Silent
from app.updates.errors import UpdateError
from app.work.doctor.line import Finding, Grade
from app.work.doctor.surroundings import Surroundings

_SILENT: Mapping[Silent, str] = {
    Silent.NO_KEY: "This program has no key for announcements of new versions, so it asks nobody.",
    Silent.OFF: "Looking for new versions is switched off.",
    Silent.NO_ADDRESS: "No address of new versions is set, so nobody is asked.",
}


def look(surroundings: Surroundings) -> Iterator[Finding]:
    check = surroundings.updates
    if check.silent:
        yield Finding(Grade.OK, _SILENT[check.silent])
        return
    try:
        release = check.look()
    except UpdateError as fault:
        yield Finding(Grade.WARNING, fault.summary, fault.remedy)
        return
    if release is None:
        yield Finding(Grade.OK, f"Version {__version__} is the newest.")
    else:
        yield Finding(Grade.WARNING, f"Version {release.version} is available.", f"Open {release.page} and install it.")
