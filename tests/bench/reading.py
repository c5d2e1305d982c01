"""The reader against the devices themselves, against other readers, and many devices against one."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from app.identifiers.identity import ReadStatus
from app.modem.probe import identify
from app.training.devices.hub import Hub
from app.training.devices.personalities import ALL, BY_NAME
from app.training.devices.personality import Answer, Personality
from tests.bench.told import line, row
from tests.bench.wire import Wire

RUNS = 5
SLOW_S = 0.2
EC25 = BY_NAME["quectel-ec25"]
CROWD = 32
RIVALS = Path(__file__).resolve().parents[2] / ".venv-rivals"

WRITTEN = {
    command: Answer('+CSCA: "+491760000443",145' if command == "+CSCA?" else "")
    for command in (
        "Z", "+CFUN=1", "+CSCS=\"GSM\"", "+CMGF=0", "+CNMI=2,1,0,2", "+CSMP=49,167,0,0", "+CPMS=\"SM\",\"SM\",\"SR\"",
        '+CSCA="+491760000443"', "+CSCA?",
        "+CLIP=1", "+CRC=1", "+CVHU=0", "+CSCLK=0",
    )
}  # fmt: skip

GSMMODEM = """
import sys
from gsmmodem.modem import GsmModem
modem = GsmModem(sys.argv[1], 115200)
modem.connect()
found = (modem.manufacturer, modem.model, modem.revision, modem.imei, modem.imsi)
modem.close()
assert all(found), found
"""


def steady(latency_s: float) -> Personality:
    """An EC25 that takes the same time for every command, and takes the settings that other readers write."""
    return replace(EC25, latency_s=latency_s, latencies={}, answers={**EC25.answers, **WRITTEN})


def devices() -> None:
    """One full identity of each simulated device, and its round trips, against what the device itself took."""
    for personality in ALL:
        ours, theirs, trips = [], [], 0
        for _ in range(1 if personality.latency_s > SLOW_S else RUNS):
            with Hub([personality]) as hub:
                begun = time.monotonic()
                identity = identify(hub.addresses[personality.name], deadline_s=30)
                ours.append(time.monotonic() - begun)
                modem = hub.slot(personality.name).modem
                theirs.append(modem.busy_s)
                trips = len(modem.asked)
            if identity.status is not ReadStatus.OK:
                break
        else:
            took, device = statistics.median(ours), statistics.median(theirs)
            row(
                f"read {personality.label}",
                f"{took:.3f} s",
                f"{device:.3f} s of device, {trips} trips",
                took / device,
            )


def wires() -> None:
    """The same at two latencies and two line speeds, against device and wire together."""
    for latency_s in (0.02, 0.1):
        for baud in (115_200, 9_600):
            ours, theirs = [], []
            for _ in range(RUNS):
                with Wire(steady(latency_s), baud) as wire:
                    begun = time.monotonic()
                    identity = identify(wire.port, deadline_s=30)
                    ours.append(time.monotonic() - begun)
                    theirs.append(wire.spent_s)
                assert identity.status is ReadStatus.OK
            took, spent = statistics.median(ours), statistics.median(theirs)
            name = f"read EC25, {latency_s * 1000:.0f} ms a command, {baud} baud"
            row(name, f"{took:.3f} s", f"{spent:.3f} s of device and wire", took / spent)


def _timed(read: Callable[[str], None], latency_s: float) -> float:
    with Wire(steady(latency_s)) as wire:
        begun = time.monotonic()
        read(wire.port)
        return time.monotonic() - begun


def _ours(port: str) -> None:
    assert identify(port, deadline_s=30).status is ReadStatus.OK


def _gammu(port: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "gammurc")
        config.write_text(f"[gammu]\ndevice = {port}\nconnection = at115200\n")
        done = subprocess.run(["gammu", "-c", config, "identify"], capture_output=True, text=True, check=False)
    imei = EC25.hardware.imei.reveal()
    assert imei in done.stdout, done.stdout + done.stderr


def _gsmmodem(port: str) -> None:
    python = RIVALS / "bin" / "python"
    subprocess.run([python, "-c", GSMMODEM, port], capture_output=True, check=True)


def _start_of(python: str | Path, imports: str) -> float:
    begun = time.monotonic()
    subprocess.run([python, "-c", imports], check=True)
    return time.monotonic() - begun


def rivals() -> None:
    """Other readers on the same device; they read maker, model, firmware, IMEI and IMSI, ours the SIM's rest too.

    Their start as a process is measured apart and taken off.
    """
    for latency_s in (0.02, 0.1):
        ours = statistics.median(_timed(_ours, latency_s) for _ in range(RUNS))
        gammu = statistics.median(_timed(_gammu, latency_s) for _ in range(3))
        start = min(_start_of(RIVALS / "bin" / "python", "import gsmmodem.modem") for _ in range(3))
        gsmmodem = statistics.median(_timed(_gsmmodem, latency_s) for _ in range(3)) - start
        for name, theirs in (("gammu identify", gammu), ("python-gsmmodem-new", gsmmodem)):
            row(
                f"read EC25, {latency_s * 1000:.0f} ms a command",
                f"{ours:.3f} s",
                f"{theirs:.3f} s {name}",
                ours / theirs,
            )


def crowd() -> None:
    """Thirty-two devices at once against one."""
    took = {}
    for count in (1, CROWD):
        with Hub() as hub:
            for number in range(count):
                hub.plug(EC25, slot=f"slot {number}")
            begun = time.monotonic()
            readers = [
                threading.Thread(target=identify, args=(address,), kwargs={"deadline_s": 30})
                for address in hub.addresses.values()
            ]
            for reader in readers:
                reader.start()
            for reader in readers:
                reader.join()
            took[count] = time.monotonic() - begun
    row(f"{CROWD} devices at once", f"{took[CROWD]:.3f} s", f"{took[1]:.3f} s for one", took[CROWD] / took[1])


def reading() -> None:
    devices()
    crowd()
    if sys.platform == "linux":
        wires()
        rivals()
    else:
        line("wires and other readers", "not measured: they need ptys")
