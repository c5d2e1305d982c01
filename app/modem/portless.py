"""Phones and modems on USB that show no serial port: what each of them is, and what gives it one.

Only Linux tells of them (usb.py). Windows and macOS list a device without a driver in their own tools only, so
there nothing is found here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from functools import cache
from pathlib import Path

from msgspec import Struct

import resources
from app.modem.ports import DeviceSeen, Obstacle, key_of
from app.modem.usb import (
    ACM,
    COMMUNICATION,
    DEBUGGING,
    FILES,
    NETWORK,
    STORAGE,
    SYSFS,
    VENDOR,
    UsbDevice,
    usb_device,
    usb_places,
)

MODEM, PHONE, NETWORK_CARD = "modem", "phone", "network"
SCAN = "scan its label, or the screen that *#06# shows"
GRACE_S = 3.0
"""After plugging in: drivers take a moment, and usb_modeswitch turns a disc into a modem."""


class Known(Struct, frozen=True):
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


class Portless(Struct, frozen=True):
    """What a device without a port can be: the first row that fits says so. `{it}` names the device.

    `broken`: this computer lacks something; else the device itself shows no port in this mode.
    """

    fits: Callable[[UsbDevice, Known | None], bool]
    broken: bool
    summary: str
    fix: str


def _unbound(device: UsbDevice, kind: int) -> bool:
    return any(interface.kind[0] == kind and not interface.driver for interface in device.interfaces)


def _kind(row: Known | None) -> str:
    return row.kind if row else ""


def _all_storage(device: UsbDevice) -> bool:
    return bool(device.interfaces) and all(interface.kind[0] == STORAGE for interface in device.interfaces)


def _may_be_more(device: UsbDevice) -> bool:
    """Whether it is not plainly something else; makers of phones make keyboards, discs and printers too."""
    kinds = {interface.kind[0] for interface in device.interfaces}
    return not kinds or bool(kinds & {VENDOR, *COMMUNICATION})


PORTLESS: tuple[Portless, ...] = (
    Portless(
        lambda _, row: _kind(row) == NETWORK_CARD,
        False,
        "{it} is a network card only and never has a port to read.",
        f"For it, {SCAN}; its own web page shows the identifiers too.",
    ),
    Portless(
        lambda device, row: _kind(row) == MODEM and _all_storage(device),
        True,
        "{it} still shows itself as a disc with its Windows driver (ZeroCD).",
        "Run: sudo apt install usb-modeswitch - then plug it in again.",
    ),
    Portless(
        lambda device, _: device.shows(ACM),
        True,
        "{it} has a modem that no driver took.",
        "Run: sudo modprobe cdc_acm - then plug it in again.",
    ),
    Portless(
        lambda device, row: _kind(row) == MODEM and _unbound(device, VENDOR),
        True,
        "{it} has functions that no driver took; {driver} is expected.",
        "Run: sudo modprobe {driver} - then plug it in again. If it stays, the kernel does not know this product yet: "
        "a newer one may.",
    ),
    Portless(
        lambda device, row: _kind(row) == MODEM and any(device.shows(kind) for kind in NETWORK),
        False,
        "{it} shows itself as a network card only, as HiLink and MBIM modes do.",
        f"Change its USB mode with its maker's tool; its own web page may show the identifiers; else {SCAN}.",
    ),
    Portless(
        lambda device, _: device.shows(FILES) or device.shows(DEBUGGING),
        False,
        "{it} is a phone that shows no modem.",
        f"Unlock it and switch USB debugging or USB modem on, if it has them; else {SCAN}.",
    ),
    Portless(
        lambda device, row: _kind(row) == PHONE and any(device.shows(kind) for kind in NETWORK),
        False,
        "{it} shows itself as a network card only.",
        f"Switch tethering off on it; else {SCAN}.",
    ),
    Portless(
        lambda device, row: _kind(row) in {MODEM, PHONE} and _may_be_more(device),
        False,
        "{it} is powered and has no port to read.",
        f"Unlock it, try another USB mode and another cable; else {SCAN}.",
    ),
)


def portless(device: UsbDevice) -> Portless | None:
    """The row that fits a device, which has no port; None for one that is no phone and no modem."""
    if device.ports:
        return None
    row = known(device.vid, device.pid)
    return next((case for case in PORTLESS if case.fits(device, row)), None)


def name_of(device: UsbDevice) -> str:
    row = known(device.vid, device.pid)
    return device.product or (row.name if row else "USB device")


def obstacle_of(device: UsbDevice, case: Portless, it: str) -> Obstacle:
    """The row in words for one device, called `it`."""
    row = known(device.vid, device.pid)
    driver = row.drivers.get("linux", "") if row else ""
    return Obstacle(case.summary.format(it=it, driver=driver), case.fix.format(driver=driver))


class PortlessWatch:
    """Looks again and again, and reads the files of only those devices that may have to be told of.

    A device is told of once it has shown no port for GRACE_S; those found by the first look at once. Not
    thread-safe.
    """

    def __init__(self, folder: Path = SYSFS, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder, self._clock = folder, clock
        self._since: dict[tuple[str, int], float] = {}
        self._passed_over: set[tuple[str, int]] = set()
        self._began = False

    def look(self, served: Collection[str]) -> list[DeviceSeen]:
        """The devices without a port; those at the places `served` are known to have one."""
        here = usb_places(self._folder)
        self._passed_over.intersection_update(here)
        first = 0.0 if self._began else -GRACE_S
        self._since = {entry: self._since.get(entry, self._clock() + first) for entry in here}
        self._began = True
        told = (self._told(entry) for entry in here if entry[0] not in served and entry not in self._passed_over)
        return [device for device in told if device]

    def _told(self, entry: tuple[str, int]) -> DeviceSeen | None:
        if self._clock() - self._since[entry] < GRACE_S:
            return None
        device = usb_device(self._folder, entry[0])
        case = portless(device) if device else None
        if device is None or case is None:
            self._passed_over.add(entry)
            return None
        name = name_of(device)
        key = key_of(device.vid, device.pid, device.serial, device.place)
        return DeviceSeen(key, name, (), (), device.place, obstacle_of(device, case, name))
