"""A whole training station: simulated devices, a local gate, a folder of its own. It reaches nothing else.

Its token is the training gate's and stays in memory, its address is the training gate's, and it lists no port
of this computer, so that no real gate, token or device can be met from it, whatever the settings say.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType
from typing import Self

from app.assembly import Workstation
from app.credentials.vault import Vault
from app.modem.ports import DeviceSeen, PortSeen, devices
from app.paths import Paths
from app.settings import load_settings
from app.training.devices.hub import Hub
from app.training.devices.personality import Personality
from app.training.gate import TrainingGate
from app.work.events import Publish

OVERRIDES = ("delivery.backoff_initial_s=0.5", "delivery.backoff_max_s=10", "ports.poll_s=0.3")
"""Waits short enough to be watched."""
PLACES = tuple(f"training hub {row}{number}" for row in "ABCD" for number in range(1, 9))
"""Where the simulated devices are plugged in, in the order of plugging; each is named after its end."""


class TrainingStation:
    """The hub, the gate and the workstation between them; a context manager that stops all three.

    `real` are the real station's paths: the training's own lie beside them.
    """

    def __init__(self, real: Paths, personalities: Iterable[Personality] = ()) -> None:
        self.paths = real.training()
        self.gate = TrainingGate()
        self.hub = Hub()
        self._first = tuple(personalities)

    def __enter__(self) -> Self:
        self.paths.prepare()
        self.gate.open_door()
        for personality in self._first:
            self.hub.plug(personality)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.hub.stop()
        self.gate.stop()

    def workstation(self, publish: Publish) -> Workstation:
        """A station between this hub and this gate, not yet open."""
        vault = Vault(None)
        vault.save(self.gate.token)
        settings = load_settings(
            self.paths.settings,
            (
                f"gate.base_url={self.gate.base_url}",
                "gate.register_body=fields",
                "gate.update_body=data-string",
                *OVERRIDES,
            ),
        )
        if not settings.texts("ports.slots"):
            settings = settings.changed({"ports.slots": [f"{place}={place[-2:]}" for place in PLACES]})
        return Workstation(
            self.paths,
            settings,
            publish=publish,
            vault=vault,
            look=self._look,
            training=True,
        )

    def _look(self) -> list[DeviceSeen]:
        """The devices in the hub, under their own names and no others."""
        places = dict(zip(self.hub.places, PLACES, strict=False))
        named = [
            PortSeen(address, location=places.get(name), description=self.hub.slot(name).personality.label, chosen=True)
            for name, address in self.hub.addresses.items()
        ]
        return devices(named)
