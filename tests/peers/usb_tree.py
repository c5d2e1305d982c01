"""A tree of USB devices as Linux shows it under /sys/bus/usb/devices, under a folder of the test."""

from __future__ import annotations

import shutil
from pathlib import Path

Parts = list[tuple[str, str | None, str | None]]


def device(
    root: Path,
    place: str,
    ids: str,
    *interfaces: tuple[str, str | None, str | None],
    product: str = "",
    kind: str = "00",
    serial: str = "",
) -> None:
    """Plug a device in; `interfaces`: class and subclass such as `02/02`, driver, port."""
    entry = root / place
    entry.mkdir(parents=True)
    vid, pid = ids.split(":")
    for name, text in {
        "idVendor": vid,
        "idProduct": pid,
        "bDeviceClass": kind,
        "product": product,
        "serial": serial,
    }.items():
        if text:
            (entry / name).write_text(f"{text}\n")
    for number, (codes, driver, port) in enumerate(interfaces):
        part = root / f"{place}:1.{number}"
        part.mkdir()
        for name, code in zip(("bInterfaceClass", "bInterfaceSubClass"), codes.split("/"), strict=True):
            (part / name).write_text(f"{code}\n")
        if driver:
            (root.parent / "drivers" / driver).mkdir(parents=True, exist_ok=True)
            (part / "driver").symlink_to(root.parent / "drivers" / driver)
        if port:
            (part / (f"tty/{port}" if "ACM" in port else port)).mkdir(parents=True)


def unplug(root: Path, place: str) -> None:
    for part in (root / place, *root.glob(f"{place}:*")):
        shutil.rmtree(part)
