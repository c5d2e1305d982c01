"""The serial ports of this machine, grouped into devices. Looking opens nothing."""

from __future__ import annotations

import re
import sys
import threading
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path, PurePosixPath

from msgspec import Struct
from serial.tools.list_ports import comports
from serial.tools.list_ports_common import ListPortInfo

import resources
from app import seams

_INTERFACE = re.compile(r"(?P<device>.*?):[\dx]+\.(?P<number>\d+)")
"""Where a port sits: `1-2:1.3` is interface 3 of the device at `1-2` (pyserial's `location`)."""
USB_NAMES = ("ttyUSB", "ttyACM")
"""Linux names of USB ports; such a one is a candidate even when nothing else is known of it."""
NO_DEVICE = ("BTHENUM", "ACPI", "PCI", "ROOT", "PNP")
"""Windows: what Bluetooth and the ports of the mainboard sit on; opening the former can hang."""
ASK = "Nothing is sent to it by itself. If a modem hangs on it, have it asked."
SERIALCOMM = r"HARDWARE\DEVICEMAP\SERIALCOMM"
NO_DRIVER = ("\\Device\\BthModem", "\\Device\\Serial")


class PortSeen(Struct, frozen=True):
    """One port. `interface` is its number on a USB device; `chosen`: the user named it."""

    path: str
    vid: int | None = None
    pid: int | None = None
    serial: str | None = None
    location: str | None = None
    interface: int | None = None
    description: str | None = None
    manufacturer: str | None = None
    product: str | None = None
    chosen: bool = False


class Obstacle(Struct, frozen=True):
    """Why a device is not read by itself, and what to do. `askable`: the operator can have it asked all the same."""

    sentence: str
    remedy: str
    askable: bool = False


class DeviceSeen(Struct, frozen=True):
    """One device. `key` stays the same while it is plugged in; `at_ports` are the paths to try, best first.

    `place` is where it sits on the USB tree, or the path of its port where that is not known.
    """

    key: str
    label: str
    ports: tuple[PortSeen, ...]
    at_ports: tuple[str, ...]
    place: str
    obstacle: Obstacle | None = None


Rows = Mapping[tuple[int, int | None], str]


class PortRules(Struct, frozen=True):
    """The rows of resources/ports.toml by (vid, pid or None): reasons to leave a port alone, makers of plain serial
    adapters, AT interfaces.

    What is `denied` is never shown; what is `doubtful` is shown, and asked only at the operator's word.
    """

    denied: Rows
    doubtful: Rows
    at: Mapping[tuple[int, int | None], tuple[int, ...]]

    def reason_against(self, port: PortSeen) -> str | None:
        """Why a port is left alone, or None."""
        return _row(self.denied, port)

    def doubt(self, port: PortSeen) -> str | None:
        """The maker, where a port is that of a plain serial adapter and not asked by itself; else None."""
        return None if port.chosen else _row(self.doubtful, port)

    def rank(self, port: PortSeen) -> int:
        """The place of a port among those of its device: AT interfaces first."""
        known = () if port.vid is None else self.at.get((port.vid, port.pid)) or self.at.get((port.vid, None), ())
        return known.index(port.interface) if port.interface in known else len(known)


@cache
def port_rules() -> PortRules:
    """The rules that come with the program."""
    table = tomllib.loads(resources.read_text("ports.toml"))
    return PortRules(
        denied={_ids(row): row["reason"] for row in table["deny"]},
        doubtful={_ids(row): row["maker"] for row in table["doubt"]},
        at={_ids(row): tuple(row["interfaces"]) for row in table["at"]},
    )


def _row(rows: Rows, port: PortSeen) -> str | None:
    return None if port.vid is None else rows.get((port.vid, port.pid)) or rows.get((port.vid, None))


def _ids(row: dict[str, str]) -> tuple[int, int | None]:
    return int(row["vid"], 16), int(row["pid"], 16) if "pid" in row else None


listing = threading.Lock()
"""Held while ports are listed: on Windows opening one meanwhile can fail with access denied (pyserial issue 309)."""


def still_there(devices: Iterable[DeviceSeen]) -> list[DeviceSeen]:
    """Those of the devices that have a port which the system has now; asks nothing that can take long.

    A device that never had a port, and a socket, count as there.
    """
    registered = frozenset(name for _, name in _registry())

    def is_there(path: str) -> bool:
        if path.startswith("/"):
            return Path(path).exists()
        return "://" in path or sys.platform != "win32" or path in registered

    return [device for device in devices if not device.ports or any(is_there(port.path) for port in device.ports)]


def registered_ports() -> list[str]:
    """Windows: names in the registry of ports, also of virtual ones that pyserial does not list; else none."""
    return [name for driver, name in _registry() if not driver.startswith(NO_DRIVER)]


def _registry() -> list[tuple[str, str]]:
    """Windows: driver and name of each port in the registry; else none."""
    if sys.platform != "win32":
        return []
    import winreg

    try:
        key = winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, SERIALCOMM)
    except FileNotFoundError:
        # The key exists only while there is a port.
        return []
    with key:
        rows = [winreg.EnumValue(key, index) for index in range(winreg.QueryInfoKey(key)[1])]
    return [(driver, name) for driver, name, _ in rows]


def seen_ports(
    extra: Sequence[str] = (),
    provider: Callable[[], Iterable[ListPortInfo]] = comports,
    registered: Callable[[], list[str]] = registered_ports,
) -> list[PortSeen]:
    """Every candidate port: those named in `extra` (paths or `socket://host:port`), then what the system lists.

    Ports of the mainboard and of Bluetooth are left out, and those that ports.toml says to leave alone.
    """
    seams.blocking("listing ports")
    with listing:
        listed = [_seen(info) for info in provider() if _is_candidate(info)]
        names = registered()
    chosen = [PortSeen(path, chosen=True) for path in dict.fromkeys(extra)]
    taken = set(extra) | {port.path for port in listed}
    found = [port for port in listed if port.path not in extra and not port_rules().reason_against(port)]
    return [*chosen, *found, *(PortSeen(name) for name in names if name not in taken)]


def devices(ports: Iterable[PortSeen]) -> list[DeviceSeen]:
    """Group ports by the USB device they sit on, in the order given; any other port is a device of its own."""
    ordered = list(ports)
    places = {key: place for place, key in reversed(list(enumerate(map(_key, ordered))))}
    ordered.sort(key=lambda port: places[_key(port)])
    return [_device(key, tuple(members)) for key, members in groupby(ordered, _key)]


def _device(key: str, ports: tuple[PortSeen, ...]) -> DeviceSeen:
    ranked = sorted(ports, key=lambda port: (port_rules().rank(port), port.interface or 0))
    best, doubt = tuple(port.path for port in ranked), port_rules().doubt(ports[0])
    adapter = f"It is a plain serial adapter ({doubt}); machines of any kind hang on these."
    obstacle = Obstacle(adapter, ASK, askable=True) if doubt else None
    return DeviceSeen(key, _label(ports[0]), ports, best, ports[0].location or ports[0].path, obstacle)


def _label(port: PortSeen) -> str:
    if port.manufacturer and port.product and not port.product.startswith(port.manufacturer):
        return f"{port.manufacturer} {port.product}"
    return port.product or port.description or port.path


def _key(port: PortSeen) -> str:
    if port.chosen or port.vid is None or port.pid is None:
        return port.path
    # Many devices of one make carry the same serial number; the place tells them apart.
    place = (port.location or "") if port.serial or port.location else port.path
    return key_of(port.vid, port.pid, port.serial, place)


def key_of(vid: int, pid: int, serial: str | None, place: str) -> str:
    """The key of a USB device, whether it has ports or not."""
    return f"{vid:04x}:{pid:04x}:{serial or ''}:{place}"


def _seen(info: ListPortInfo) -> PortSeen:
    match = _INTERFACE.fullmatch(info.location or "")
    return PortSeen(
        path=info.device,
        vid=info.vid,
        pid=info.pid,
        serial=info.serial_number or None,
        location=match["device"] if match else info.location or None,
        interface=int(match["number"]) if match else None,
        description=_told(info.description),
        manufacturer=_told(info.manufacturer),
        product=_told(info.product),
    )


def _told(text: str | None) -> str | None:
    """pyserial writes "n/a" where the system says nothing."""
    return text if text and text != "n/a" else None


def _is_candidate(info: ListPortInfo) -> bool:
    if info.vid is not None:
        return True
    if sys.platform == "win32":
        return not (info.hwid or "").upper().startswith(NO_DEVICE)
    return PurePosixPath(info.device).name.startswith(USB_NAMES)
