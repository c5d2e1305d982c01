"""ports: which serial ports there are, by device, and which are left alone."""

from __future__ import annotations

from collections.abc import Iterator

from app.modem.ports import PortSeen, devices, port_rules
from app.work.doctor.line import Finding, Grade, listed
from app.work.doctor.surroundings import Surroundings


def look(surroundings: Surroundings) -> Iterator[Finding]:
    found = devices(surroundings.ports())
    for port in surroundings.settings.texts("ports.extra"):
        if surroundings.is_absent(port):
            yield Finding(
                Grade.WARNING,
                f"{port} is named in the settings and is not there.",
                "Plug its device in, or take it out of Extra ports.",
            )
    found = [device for device in found if not device.obstacle]
    if found:
        named = "; ".join(f"{device.label}: {' '.join(port.path for port in device.ports)}" for device in found)
        yield Finding(Grade.OK, f"1 device. {named}." if len(found) == 1 else f"{len(found)} devices. {named}.")
    else:
        yield Finding(
            Grade.WARNING,
            "No serial port of a device is seen.",
            "Plug a modem or a phone into the hub with a cable that carries data, and wait 20 s. "
            "A phone may have to be set to USB modem or USB debugging.",
        )
    left_alone = [
        f"{info.device} ({reason})"
        for info in surroundings.every_port()
        if info.device not in surroundings.extra_ports
        and (reason := _reason(PortSeen(info.device, info.vid, info.pid)))
    ]
    if left_alone:
        yield Finding(
            Grade.OK,
            f"Left alone: {listed(left_alone)}.",
            "If a modem hangs on one of these, name the port under Extra ports in Settings.",
        )


def _reason(port: PortSeen) -> str | None:
    maker = port_rules().doubt(port)
    return port_rules().reason_against(port) or (f"a plain serial adapter ({maker})" if maker else None)
