"""Devices that left the bench a moment ago, so that one that comes back at another place keeps its card."""

from __future__ import annotations

from msgspec import Struct

from app.masked import Identifier
from app.modem.ports import DeviceSeen

KEPT_S = 60.0

Usb = tuple[int | None, int | None, str]
"""Vendor, product and serial number; the last is not always one device's own."""


class Left(Struct, frozen=True):
    """A device that went: the key of its card, how it can be known again, the ICCIDs it had."""

    key: str
    usb: Usb | None
    imei: Identifier | None
    iccid: Identifier | None
    previous_iccid: Identifier | None
    at_s: float


def usb_of(device: DeviceSeen) -> Usb | None:
    """The USB identity of a device that carries a serial number."""
    port = device.ports[0] if device.ports else None
    return (port.vid, port.pid, port.serial) if port and port.serial else None


class Returns:
    """Remembers for a minute. Not thread-safe: its owner holds a lock."""

    def __init__(self) -> None:
        self._left: list[Left] = []

    def leave(self, left: Left) -> None:
        self._left = [known for known in self._left if known.key != left.key and left.at_s - known.at_s <= KEPT_S]
        self._left.append(left)

    def by_usb(self, usb: Usb, now_s: float) -> Left | None:
        """Take out the device with this USB identity; None where none, or more than one, left lately."""
        found = [left for left in self._recent(now_s) if left.usb == usb]
        return self._taken(found[0]) if len(found) == 1 else None

    def by_imei(self, imei: Identifier, now_s: float) -> Left | None:
        """Take out the device with this IMEI that left last."""
        found = [left for left in self._recent(now_s) if left.imei == imei]
        return self._taken(found[-1]) if found else None

    def _recent(self, now_s: float) -> list[Left]:
        return [left for left in self._left if now_s - left.at_s <= KEPT_S]

    def _taken(self, left: Left) -> Left:
        self._left.remove(left)
        return left
