"""drivers: devices that are plugged in and have no port, and which driver gives them one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.modem.portless import known, name_of, obstacle_of, portless
from app.modem.usb import usb_devices
from app.work.doctor.line import Finding, Grade
from app.work.doctor.surroundings import Surroundings


def look(surroundings: Surroundings) -> Iterator[Finding]:
    if surroundings.platform == "linux":
        yield from _look_in_sys(surroundings)
    else:
        yield from _look_at_list(surroundings)


def _look_in_sys(surroundings: Surroundings) -> Iterator[Finding]:
    served = []
    silent = False
    for device in usb_devices(surroundings.usb):
        named = f"{name_of(device)} ({device.ids})"
        if device.ports:
            drivers = sorted({part.driver for part in device.interfaces if part.ports and part.driver})
            served.append(f"{named}: {' '.join(drivers) or 'driver unknown'}")
        elif case := portless(device):
            silent = True
            told = obstacle_of(device, case, f"{named} at {device.place}")
            yield Finding(Grade.PROBLEM if case.broken else Grade.WARNING, told.sentence, told.remedy)
    if served:
        yield Finding(Grade.OK, f"{'; '.join(served)}.")
    elif not silent:
        yield Finding(Grade.OK, "No modem or phone is plugged in without a port.")


_MISSING_SEEN: Mapping[str, str] = {
    "win32": "A device without a driver is not listed here: Device Manager shows it with a warning sign.",
    "darwin": "A device without a driver is not listed here: System Information shows it under USB.",
}


def _look_at_list(surroundings: Surroundings) -> Iterator[Finding]:
    told = []
    for port in surroundings.ports():
        row = None if port.vid is None else known(port.vid, port.pid)
        if row:
            driver = row.drivers.get(surroundings.platform)
            told.append(f"{port.path} ({row.name}): {driver or 'needs no driver of its maker'}.")
    yield Finding(Grade.OK, " ".join([*told, _MISSING_SEEN.get(surroundings.platform, "")]) or "Nothing to tell.")
