"""A bench for the tests of the intake: a hub, the loop that watches it, and what that loop has told."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from msgspec.structs import replace

from app.identifiers.identity import Identity
from app.masked import Secret
from app.modem.line import open_line
from app.modem.pin import PinResult, enter_pin
from app.modem.ports import DeviceSeen, PortSeen, devices
from app.modem.probe import identify
from app.modem.sim_watch import sim_changed
from app.modem.trace import Trace
from app.provisioning.consent import Ground
from app.training.devices.hub import Hub
from app.work.consent import Consents
from app.work.events import CardState, DeviceCard, DeviceChanged, Event
from app.work.intake import Intake
from app.work.worker import Reader
from tests.peers.submissions import Clock

WAIT_S = 20.0
POLL_S = 0.05


@dataclass
class Bench:
    """An intake that runs on a hub, and what it has told. `usb`: what the system says of a slot's port;
    `later_s`: how far the intake's clock is ahead; `noted` stands for the audit trail."""

    hub: Hub
    faults: int = 0
    usb: dict[str, PortSeen] = field(default_factory=dict)
    later_s: float = 0.0
    ground: Ground = Ground.EMPLOYER_OWNED
    operator: str = "Ana"
    clock: Clock = field(default_factory=Clock)
    noted: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    told: queue.SimpleQueue[Event] = field(default_factory=queue.SimpleQueue)

    def look(self) -> list[DeviceSeen]:
        if self.faults:
            self.faults -= 1
            raise OSError("the bus is resetting")
        return devices([self.port(name, address) for name, address in self.hub.addresses.items()])

    def port(self, name: str, address: str) -> PortSeen:
        return replace(self.usb.get(name, PortSeen("")), path=address, description=name)

    def read(self, port: str, *, stop: threading.Event, progress: Callable[[Identity], None], trace: Trace) -> Identity:
        return identify(port, deadline_s=15, stop=stop, progress=progress, trace=trace)

    def enter_pin(self, port: str, pin: Secret, *, confirmed: bool) -> PinResult:
        return enter_pin(open_line, port, pin, deadline_s=15, confirmed=confirmed)

    def reader(self) -> Reader:
        return Reader(read=self.read, sim_changed=sim_changed, enter_pin=self.enter_pin)

    def wait_for(self, wanted: Callable[[Event], bool]) -> list[Event]:
        """Everything told until `wanted` is met, that last."""
        seen: list[Event] = []
        while not seen or not wanted(seen[-1]):
            seen.append(self.told.get(timeout=WAIT_S))
        return seen

    def wait_for_card(self, *states: CardState) -> DeviceCard:
        last = self.wait_for(lambda event: isinstance(event, DeviceChanged) and event.card.state in states)[-1]
        assert isinstance(last, DeviceChanged)
        return last.card

    def note(self, kind: str, detail: Mapping[str, object], /) -> str:
        self.noted.append((kind, dict(detail)))
        return f"code {len(self.noted)}"

    def consents(self) -> Consents:
        return Consents(
            ground=lambda: self.ground,
            operator=lambda: self.operator,
            hours=lambda: 8.0,
            note=self.note,
            publish=self.told.put,
            clock=self.clock.now,
        )

    def intake(self, sim_poll_s: float = POLL_S, consents: Consents | None = None) -> Intake:
        return Intake(
            look=self.look,
            reader=self.reader(),
            consent=consents or self.consents(),
            publish=self.told.put,
            poll_s=POLL_S,
            sim_poll_s=sim_poll_s,
            clock=lambda: time.monotonic() + self.later_s,
        )

    @contextmanager
    def running(self, sim_poll_s: float = POLL_S, consents: Consents | None = None) -> Iterator[Intake]:
        made = self.intake(sim_poll_s, consents)
        stop = threading.Event()
        loop = threading.Thread(target=made.run, args=(stop,))
        loop.start()
        try:
            yield made
        finally:
            stop.set()
            loop.join(WAIT_S)
        assert not loop.is_alive()
