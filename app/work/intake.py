"""The first loop: watches the ports and reads each device that appears, one worker a device."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from app.identifiers.identity import Identity, ReadStatus
from app.modem.ports import DeviceSeen
from app.work.cards import card
from app.work.events import CardState, DeviceCard, DeviceChanged, DeviceGone, LoopFailed, Publish

log = logging.getLogger(__name__)

STARTING_S = 30.0
"""A modem may need 20 s from plug to first answer; until then silence is "starting", not a fault."""
RETRY_S = 3.0


class Read(Protocol):
    """Reads one port; `app.modem.probe.identify` bound to its time-out."""

    def __call__(self, port: str, *, stop: threading.Event, progress: Callable[[Identity], None]) -> Identity: ...


@dataclass(slots=True)
class _Bench:
    """A device on the bench and the worker that reads it."""

    device: DeviceSeen
    since_s: float
    stop: threading.Event = field(default_factory=threading.Event)
    again: threading.Event = field(default_factory=threading.Event)


class Intake:
    """Turns ports into device cards. `look` lists the devices now, `read` reads one port to its end."""

    def __init__(
        self,
        *,
        look: Callable[[], Sequence[DeviceSeen]],
        read: Read,
        publish: Publish,
        poll_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._look, self._read, self._publish = look, read, publish
        self.poll_s, self._clock = poll_s, clock
        self._bench: dict[str, _Bench] = {}
        self._lock = threading.Lock()

    def run(self, stop: threading.Event) -> None:
        """Look every `poll_s` until `stop` is set; then call off the readings without waiting for them."""
        while not stop.is_set():
            try:
                self.run_once()
            except Exception:  # the top of the loop: one bad look must not end the watch
                log.exception("looking for devices failed")
                self._publish(
                    LoopFailed("ports", "The ports could not be listed.", "Details are in the log; trying again.")
                )
            stop.wait(self.poll_s)
        with self._lock:
            for bench in self._bench.values():
                bench.stop.set()
                bench.again.set()
            self._bench.clear()

    def run_once(self) -> None:
        """One look: start a worker for each device that came, call off those of devices that went."""
        seen = {device.key: device for device in self._look()}
        with self._lock:
            gone = {key: self._bench.pop(key) for key in self._bench.keys() - seen.keys()}
            came = [_Bench(seen[key], self._clock()) for key in seen if key not in self._bench]
            self._bench.update({bench.device.key: bench for bench in came})
        for key, bench in gone.items():
            bench.stop.set()
            bench.again.set()
            self._publish(DeviceGone(key))
        for bench in came:
            threading.Thread(target=self._work, args=(bench,), name=f"read {bench.device.label}", daemon=True).start()

    def read_again(self, key: str) -> None:
        """Read a device once more; does nothing for one that is gone or being read."""
        with self._lock:
            bench = self._bench.get(key)
        if bench:
            bench.again.set()

    def _work(self, bench: _Bench) -> None:
        while not bench.stop.is_set():
            bench.again.clear()
            found = self._read_ports(bench)
            starting = (
                found.identity is not None
                and found.identity.status is ReadStatus.NO_ANSWER
                and self._clock() - bench.since_s < STARTING_S
            )
            if starting:
                found = replace(found, state=CardState.STARTING, sentence="Waiting for the device to start.", remedy="")
            self._tell(bench, found)
            bench.again.wait(RETRY_S if starting else None)

    def _read_ports(self, bench: _Bench) -> DeviceCard:
        """Read the device's ports in order until one answers; the best answer makes the card."""
        device, best = bench.device, None
        for port in device.at_ports:
            reading = DeviceCard(device.key, device.label, port, CardState.READING)
            self._tell(bench, reading)

            def progress(identity: Identity, reading: DeviceCard = reading) -> None:
                named = " ".join(part for part in (identity.manufacturer, identity.model) if part)
                self._tell(bench, replace(reading, label=named or reading.label, identity=identity))

            try:
                identity = self._read(port, stop=bench.stop, progress=progress)
            except Exception as fault:  # the top of this worker: a fault of the reader is told on the card
                log.exception("reading %s failed", port)
                return DeviceCard(
                    device.key,
                    device.label,
                    port,
                    CardState.FAILED,
                    sentence=f"Reading {port} failed: {type(fault).__name__}.",
                    remedy="Read again; details are in the log.",
                )
            if best is None or best.status is ReadStatus.NO_ANSWER:
                best = identity
            if identity.status in {ReadStatus.OK, ReadStatus.PARTIAL}:
                best = identity
                break
        if best is None:
            return DeviceCard(
                device.key,
                device.label,
                "",
                CardState.FAILED,
                sentence=f"{device.label} shows no port that answers AT commands.",
                remedy="Scan its label, or dial *#06# and scan the screen.",
            )
        return card(device.key, device.label, best)

    def _tell(self, bench: _Bench, found: DeviceCard) -> None:
        if not bench.stop.is_set():
            self._publish(DeviceChanged(found))
