"""`ports` and `read`: what is plugged in, and what it says of itself."""

from __future__ import annotations

import argparse
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from msgspec.structs import asdict

from app.assembly import Workstation
from app.cli import out
from app.cli.exits import Exit
from app.identifiers.identity import Identity, ReadStatus
from app.modem.places import slots
from app.modem.ports import DeviceSeen
from app.modem.trace import Trace
from app.operators.people import Right
from app.work.consent import ConsentNeeded

MOST_AT_ONCE = 64


def ports(arguments: argparse.Namespace, station: Workstation) -> Exit:
    """List the devices; nothing is opened."""
    found = station.devices()
    named = slots(station.settings.texts("ports.slots"))
    if arguments.json:
        out.line([_record(device, named.get(device.place, "")) for device in found])
        return Exit.DONE
    out.table(
        ("PLACE", "DEVICE", "PORTS", "READ AT"),
        [
            (
                named.get(device.place, "-"),
                device.label,
                " ".join(port.path for port in device.ports) or "-",
                "-" if device.obstacle else " ".join(device.at_ports),
            )
            for device in found
        ],
    )
    for device in found:
        _say_obstacle(device)
    return Exit.DONE


def _say_obstacle(device: DeviceSeen) -> None:
    if device.obstacle:
        at = " ".join(device.at_ports) or f"USB {device.place}"
        sys.stderr.write(f"gate-station: {at}: {device.obstacle.sentence} {device.obstacle.remedy}\n")


def _record(device: DeviceSeen, slot: str) -> dict[str, Any]:
    return {
        "key": device.key,
        "label": device.label,
        "at_ports": list(device.at_ports),
        "place": device.place,
        "slot": slot,
        "obstacle": device.obstacle and asdict(device.obstacle),
        "ports": [
            {
                "path": port.path,
                "vid": None if port.vid is None else f"{port.vid:04x}",
                "pid": None if port.pid is None else f"{port.pid:04x}",
                "serial": port.serial,
                "location": port.location,
                "interface": port.interface,
                "description": port.description,
            }
            for port in device.ports
        ],
    }


def read(arguments: argparse.Namespace, station: Workstation) -> Exit:
    """Read the named ports in parallel, or each device's best port; results in the order given.

    Raises ConsentNeeded where the devices' owners are to be asked and nobody says that they agreed, NotSignedIn and
    NotAllowed where a trace is wanted by who may not have one.
    """
    if arguments.trace:
        station.shift.require(Right.TRACE)
    if station.consent_given("read", told=arguments.consent_given) is None:
        raise ConsentNeeded(station.consents.ground)
    chosen: list[tuple[str, ...]] = [(port,) for port in arguments.port]
    if not chosen:
        found = station.devices()
        chosen = [device.at_ports for device in found if not device.obstacle]
        for device in found:
            _say_obstacle(device)
    timeout_s = station.settings.number("ports.read_timeout_s") if arguments.timeout is None else arguments.timeout
    stop = threading.Event()
    with ThreadPoolExecutor(max_workers=min(max(len(chosen), 1), MOST_AT_ONCE), thread_name_prefix="read") as pool:
        try:
            read = list(pool.map(lambda ports: _read_device(station, ports, timeout_s, stop), chosen))
        except KeyboardInterrupt:
            stop.set()
            raise
    identities = [identity for identity, _ in read]
    if arguments.json:
        out.line([identity.revealed() for identity in identities])
    else:
        named = _names(station)
        for identity in identities:
            _show(identity, named.get(identity.port, ""))
    if arguments.trace and not _write(Path(arguments.trace), "\n".join(text for _, text in read)):
        return Exit.USAGE
    answered = any(identity.status in {ReadStatus.OK, ReadStatus.PARTIAL} for identity in identities)
    return Exit.DONE if answered else Exit.NO_DEVICE


def _read_device(
    station: Workstation, ports: tuple[str, ...], timeout_s: float, stop: threading.Event
) -> tuple[Identity, str]:
    """The first port of a device that answers, else what its first port came to; and the trace of all asked."""
    first: Identity | None = None
    said = []
    for port in ports:
        trace = Trace()
        identity = station.read(port, timeout_s=timeout_s, stop=stop, trace=trace)
        said.append(trace.text(identity))
        if identity.status in {ReadStatus.OK, ReadStatus.PARTIAL}:
            return identity, "\n".join(said)
        first = first or identity
    if first is None:
        raise ValueError("a device without a port to read")
    return first, "\n".join(said)


def _write(path: Path, text: str) -> bool:
    """Write the trace; whether it could be written."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as fault:
        sys.stderr.write(f"gate-station: {path} cannot be written: {fault.strerror}\n")
        return False
    return True


_SHOWN = (
    "manufacturer",
    "model",
    "revision",
    "imei",
    "imei2",
    "imei2_slot",
    "meid",
    "eid",
    "imsi",
    "iccid",
    "number",
    "sim_state",
    "sim_slot",
    "home_mobile_network_name",
    "home_mobile_network_mccmnc",
)


def _names(station: Workstation) -> dict[str, str]:
    """What the operator calls the place of each port, where any place has a name."""
    named = slots(station.settings.texts("ports.slots"))
    found = station.devices() if named else []
    return {port: named[device.place] for device in found if device.place in named for port in device.at_ports}


def _show(identity: Identity, slot: str) -> None:
    out.text(f"{slot} {identity.port}: {identity.status}".strip())
    for name in _SHOWN:
        if (value := identity.value(name)) is not None:
            source = identity.sources.get(name, "")
            out.text(f"  {name:<27} {value}{f'  ({source})' if source else ''}")
    for warning in identity.warnings:
        message = warning.message.replace(identity.port, slot or identity.port)
        out.text(f"  ! {warning.field}: {message}")
