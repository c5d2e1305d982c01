"""USB devices as Linux shows them under /sys/bus/usb/devices (sysfs-bus-usb of the kernel's ABI documents)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

SYSFS = Path("/sys/bus/usb/devices")

HUB = 0x09
ACM = (0x02, 0x02)
STORAGE = 0x08
NETWORK = frozenset({(0x02, 0x06), (0x02, 0x0D), (0x02, 0x0E), (0xE0, 0x01)})
"""CDC Ethernet, NCM and MBIM, and RNDIS."""
FILES = (0x06, 0x01)
"""Still image: MTP and PTP, what a phone that shares files shows."""
DEBUGGING = (0xFF, 0x42)
"""Android's debugging bridge."""
VENDOR = 0xFF
COMMUNICATION = frozenset({0x02, 0x0A, 0xE0})
"""CDC control, CDC data and wireless (RNDIS)."""


class Interface(Struct, frozen=True):
    """One function of a device. `kind` is class and subclass (USB-IF class codes); `ports` its serial ports' names."""

    kind: tuple[int, int]
    driver: str | None
    ports: tuple[str, ...]


class UsbDevice(Struct, frozen=True):
    """One device. `place` is bus and hub ports, such as `1-2.3`."""

    place: str
    vid: int
    pid: int
    product: str
    interfaces: tuple[Interface, ...]
    serial: str = ""

    @property
    def ports(self) -> tuple[str, ...]:
        return tuple(port for interface in self.interfaces for port in interface.ports)

    def shows(self, kind: tuple[int, int]) -> bool:
        return any(interface.kind == kind for interface in self.interfaces)

    @property
    def ids(self) -> str:
        return f"{self.vid:04x}:{self.pid:04x}"


def usb_devices(folder: Path) -> Iterator[UsbDevice]:
    """The devices that are no hubs; one that goes away meanwhile is left out, a missing `folder` has none."""
    for place, _ in usb_places(folder):
        if device := usb_device(folder, place):
            yield device


def usb_places(folder: Path) -> list[tuple[str, int]]:
    """Where devices and hubs are plugged in, each with a number that is another one after a new plugging."""
    try:
        with os.scandir(folder) as entries:
            return sorted((entry.name, entry.inode()) for entry in entries if ":" not in entry.name)
    except FileNotFoundError:
        return []


def usb_device(folder: Path, place: str) -> UsbDevice | None:
    """The device at a place; None for a hub, and for one that has gone away."""
    entry = folder / place
    try:
        if _hex(entry / "bDeviceClass") == HUB:
            return None
        return UsbDevice(
            place,
            _hex(entry / "idVendor"),
            _hex(entry / "idProduct"),
            _text(entry / "product"),
            tuple(_interface(part) for part in sorted(folder.glob(f"{place}:*"))),
            _text(entry / "serial"),
        )
    except OSError:
        # Its files are gone, or no longer to be read.
        return None


def _interface(folder: Path) -> Interface:
    driver = folder / "driver"
    # cdc_acm puts the port under tty/, usb-serial into a folder of its own.
    ports = sorted({*(port.name for port in folder.glob("tty/*")), *(port.name for port in folder.glob("ttyUSB*"))})
    return Interface(
        (_hex(folder / "bInterfaceClass"), _hex(folder / "bInterfaceSubClass")),
        driver.resolve().name if driver.exists() else None,
        tuple(ports),
    )


def _hex(file: Path) -> int:
    return int(file.read_text(encoding="ascii"), 16)


def _text(file: Path) -> str:
    # Only some devices give themselves a name.
    return file.read_text(encoding="utf-8", errors="replace").strip() if file.exists() else ""
