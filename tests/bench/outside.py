"""What stands outside the window: simulated devices and a gate, in a process of their own.

In the window's own process they would compete with it for Python's lock, which no real device does.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from msgspec.structs import replace

from app.assembly import Workstation
from app.credentials.vault import Vault
from app.identifiers.imei import from_body
from app.masked import Identifier, Secret
from app.modem.ports import DeviceSeen, PortSeen, devices
from app.paths import Paths
from app.settings import load_settings
from app.training.devices.hub import Slot
from app.training.devices.personalities import BY_NAME
from app.training.devices.personality import Personality
from app.training.gate import TrainingGate
from app.work.events import Publish

ROOT = Path(__file__).resolve().parents[2]
POLL_S = 0.3
"""What the training station sets (app/training/station.py)."""


class Outside:
    """A context manager. Plugging and unplugging may be done on any thread; each blocks until it is done."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ports: dict[str, PortSeen] = {}

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.outside"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, bufsize=1,
        )  # fmt: skip
        gate = self._told()
        self.base_url, self._token = gate["base_url"], Secret(gate["token"])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def plug(self, *names: str, first: int = 1) -> None:
        """Plug a device of each personality named, all at once; the first has serial number `first`."""
        came = {}
        for number, name in enumerate(names, first):
            address = self._ask({"plug": number, "name": name})["address"]
            label = BY_NAME[name].label
            came[address] = PortSeen(address, location=f"place {number % 32}", description=label, chosen=True)
        with self._lock:
            self._ports |= came

    def unplug(self, *numbers: int) -> None:
        for number in numbers:
            address = self._ask({"unplug": number})["address"]
            with self._lock:
                del self._ports[address]

    def busy_s(self, number: int) -> float:
        """How long the device took for its answers."""
        return float(self._ask({"busy": number})["busy_s"])

    def registered(self) -> int:
        """How many devices the gate has."""
        return int(self._ask({"registered": ""})["count"])

    def workstation(self, paths: Paths, publish: Publish) -> Workstation:
        """A station between these devices and this gate, not yet open."""
        vault = Vault(None)
        vault.save(self._token)
        overrides = (f"gate.base_url={self.base_url}", "delivery.backoff_initial_s=0.5", f"ports.poll_s={POLL_S}")
        settings = load_settings(paths.settings, overrides)
        return Workstation(paths, settings, publish=publish, vault=vault, look=self._look, training=True)

    def _look(self) -> list[DeviceSeen]:
        with self._lock:
            return devices(list(self._ports.values()))

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            print(json.dumps(request), file=self._process.stdin, flush=True)
            return self._told()

    def _told(self) -> dict[str, Any]:
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise RuntimeError("the process with the devices has ended")
        return dict(json.loads(line))


def numbered(personality: Personality, number: int) -> Personality:
    """Another device of the same kind, with identifiers of its own."""
    hardware = replace(personality.hardware, imei=Identifier(from_body(f"0010171{number:07d}")))
    return replace(personality, hardware=hardware)


def _serve(requests: Iterable[str]) -> None:
    slots: dict[int, Slot] = {}
    with TrainingGate() as gate:
        _tell(base_url=gate.base_url, token=gate.token.reveal())
        for line in requests:
            match json.loads(line):
                case {"plug": number, "name": name}:
                    slots[number] = Slot(numbered(BY_NAME[name], number))
                    slots[number].plug()
                    _tell(address=slots[number].address)
                case {"unplug": number}:
                    slot = slots.pop(number)
                    slot.close()
                    _tell(address=slot.address)
                case {"busy": number}:
                    _tell(busy_s=slots[number].modem.busy_s)
                case {"registered": _}:
                    _tell(count=len(gate.records))
    for slot in slots.values():
        slot.close()


def _tell(**answer: Any) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _serve(sys.stdin)
