"""ModemManager: what it does to a bench, and the rule that keeps it away from one hub."""

from __future__ import annotations

from collections.abc import Iterable

from app.modem.ports import PortSeen
from app.modem.processes import MODEM_MANAGER
from app.work.doctor.line import Finding, Grade, listed
from app.work.doctor.surroundings import Surroundings

NAME = MODEM_MANAGER
RULES_FILE = "/etc/udev/rules.d/78-gate-station.rules"
IGNORED = "E:ID_MM_DEVICE_IGNORE=1"


def finding(surroundings: Surroundings, ports: Iterable[PortSeen], taken: list[str]) -> Finding:
    """What to say of a ModemManager that runs and holds the ports `taken`."""
    places = sorted({port.location for port in ports if port.location})
    if not taken and places and all(_is_ignored(surroundings, place) for place in places):
        return Finding(Grade.OK, f"{NAME} runs and leaves these devices alone.")
    fix = _fix(places)
    if taken:
        return Finding(Grade.PROBLEM, f"{listed(taken)}: held by {NAME}.", fix)
    return Finding(Grade.WARNING, f"{NAME} runs: it takes each new device for 10 s or more.", fix)


def rule(places: Iterable[str]) -> str:
    """The udev rule for the hubs that the devices at `places` hang on (`1-2.3` hangs on `1-2`).

    ModemManager looks for the mark at the USB device, not at its ports (ModemManager manual, "Modem filter").
    A device without a hub is named itself.
    """
    patterns = sorted({f"{hub}.*" if dot else place for place in places for hub, dot, _ in (place.rpartition("."),)})
    return (
        f'SUBSYSTEM=="usb", ENV{{DEVTYPE}}=="usb_device", KERNEL=="{"|".join(patterns)}", '
        'ENV{ID_MM_DEVICE_IGNORE}="1"'
    )


def _fix(places: list[str]) -> str:
    if not places:
        return "Plug a device into the bench's hub and run the doctor again: it then gives the rule for that hub."
    return (
        f"Run: echo '{rule(places)}' | sudo tee {RULES_FILE} && sudo udevadm control --reload && sudo udevadm trigger"
        " - then plug the devices in again."
    )


def _is_ignored(surroundings: Surroundings, place: str) -> bool:
    """Whether udev has marked the device; its record is named after the device's number."""
    try:
        number = (surroundings.usb / place / "dev").read_text(encoding="ascii").strip()
        record = (surroundings.udev / f"c{number}").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return False
    return IGNORED in record.splitlines()
