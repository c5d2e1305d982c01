"""drivers: devices that are plugged in and have no port, and which driver gives them one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import resources
from app.work.doctor.line import Finding, Grade
from app.work.doctor.surroundings import Surroundings
from app.work.doctor.usb import ACM, DEBUGGING, FILES, NETWORK, STORAGE, VENDOR, UsbDevice, usb_devices

MODEM, PHONE, NETWORK_CARD = "modem", "phone", "network"
SCAN = "scan its label, or the screen that *#06# shows"


@dataclass(frozen=True, slots=True)
class Known:
    """A row of drivers.tsv. `drivers` are by sys.platform, without those where none is known or needed."""

    name: str
    kind: str
    drivers: Mapping[str, str]


@cache
def known_devices() -> Mapping[tuple[int, int | None], Known]:
    """The rows of resources/drivers.tsv by vendor and product (None: every product)."""
    found = {}
    for vid, pid, name, kind, *drivers, _source in resources.rows("drivers.tsv"):
        by_system = zip(("linux", "win32", "darwin"), drivers, strict=True)
        found[int(vid, 16), None if pid == "-" else int(pid, 16)] = Known(
            name, kind, {system: driver for system, driver in by_system if driver != "-"}
        )
    return found


def known(vid: int, pid: int | None) -> Known | None:
    table = known_devices()
    return table.get((vid, pid)) or table.get((vid, None))


def look(surroundings: Surroundings) -> Iterator[Finding]:
    if surroundings.platform == "linux":
        yield from _look_in_sys(surroundings)
    else:
        yield from _look_at_list(surroundings)


@dataclass(frozen=True, slots=True)
class Portless:
    """What a device without a port can be: the first row that fits says so. `{it}` names the device."""

    fits: Callable[[UsbDevice, Known | None], bool]
    grade: Grade
    summary: str
    fix: str


def _unbound(device: UsbDevice, kind: int) -> bool:
    return any(interface.kind[0] == kind and not interface.driver for interface in device.interfaces)


def _kind(row: Known | None) -> str:
    return row.kind if row else ""


def _all_storage(device: UsbDevice) -> bool:
    return bool(device.interfaces) and all(interface.kind[0] == STORAGE for interface in device.interfaces)


PORTLESS: tuple[Portless, ...] = (
    Portless(
        lambda _, row: _kind(row) == NETWORK_CARD,
        Grade.WARNING,
        "{it} is a network card only and never has a port to read.",
        f"For it, {SCAN}; its own web page shows the identifiers too.",
    ),
    Portless(
        lambda device, row: _kind(row) == MODEM and _all_storage(device),
        Grade.PROBLEM,
        "{it} still shows itself as a disc with its Windows driver.",
        "Run: sudo apt install usb-modeswitch - then plug it in again.",
    ),
    Portless(
        lambda device, _: device.shows(ACM),
        Grade.PROBLEM,
        "{it} has a modem that no driver took.",
        "Run: sudo modprobe cdc_acm - then plug it in again.",
    ),
    Portless(
        lambda device, row: _kind(row) == MODEM and _unbound(device, VENDOR),
        Grade.PROBLEM,
        "{it} has functions that no driver took; {driver} is expected.",
        "Run: sudo modprobe {driver} - then plug it in again. If it stays, the kernel does not know this product yet: "
        "a newer one may.",
    ),
    Portless(
        lambda device, _: device.shows(FILES) or device.shows(DEBUGGING),
        Grade.WARNING,
        "{it} is a phone that shows no modem.",
        f"Unlock it and switch USB debugging or USB modem on, if it has them; else {SCAN}.",
    ),
    Portless(
        lambda device, _: any(device.shows(kind) for kind in NETWORK),
        Grade.WARNING,
        "{it} shows itself as a network card only.",
        f"Switch tethering off on a phone; else {SCAN}.",
    ),
    Portless(
        lambda _, row: _kind(row) in {MODEM, PHONE},
        Grade.WARNING,
        "{it} is powered and has no port to read.",
        f"Unlock it, try another USB mode and another cable; else {SCAN}.",
    ),
)


def _look_in_sys(surroundings: Surroundings) -> Iterator[Finding]:
    served = []
    silent = False
    for device in usb_devices(surroundings.usb):
        row = known(device.vid, device.pid)
        if device.ports:
            drivers = sorted({part.driver for part in device.interfaces if part.ports and part.driver})
            served.append(f"{_name(device, row)}: {' '.join(drivers) or 'driver unknown'}")
            continue
        for case in PORTLESS:
            if case.fits(device, row):
                silent = True
                driver = row.drivers.get("linux", "") if row else ""
                it = f"{_name(device, row)} at {device.place}"
                yield Finding(case.grade, case.summary.format(it=it, driver=driver), case.fix.format(driver=driver))
                break
    if served:
        yield Finding(Grade.OK, f"{'; '.join(served)}.")
    elif not silent:
        yield Finding(Grade.OK, "No modem or phone is plugged in without a port.")


def _name(device: UsbDevice, row: Known | None) -> str:
    return f"{device.product or (row.name if row else 'USB device')} ({device.ids})"


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
