"""The first loop: watches the ports and has each device that appears read by a worker of its own."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar

from msgspec.structs import replace

from app.errors import WorkstationError
from app.identifiers import imei as imeis
from app.identifiers.verdict import Grade
from app.masked import Identifier, Secret
from app.modem.pin import PinResult
from app.modem.ports import DeviceSeen, still_there
from app.work.cards import at_slot
from app.work.consent import Consents
from app.work.events import DeviceCard, DeviceChanged, DeviceGone, LoopFailed, Publish
from app.work.lister import Lister
from app.work.returns import Left, Returns, Usb, usb_of
from app.work.worker import Reader, Worker

log = logging.getLogger(__name__)

NO_SLOTS: Mapping[str, str] = MappingProxyType({})
ENDED_KEPT = 64
"""Devices that went, of which the last trace is kept."""


class NoSuchDevice(WorkstationError):
    """The device is not on the bench any more, or has no port that answers."""

    code: ClassVar[str] = "work.no-device"

    def __init__(self) -> None:
        super().__init__("The device is not plugged in.", remedy="Plug it in and wait until it is read.")


class Intake:
    """Turns ports into device cards. `look` lists the devices now, `reader` asks them once `consent` allows it;
    `slots` are the names of places.

    A device keeps its card when it is back within a minute at another place: known by its USB serial number where
    no other device on the bench carries the same, else by its IMEI once that is read.
    """

    def __init__(
        self,
        *,
        look: Callable[[], Sequence[DeviceSeen]],
        reader: Reader,
        consent: Consents,
        publish: Publish,
        poll_s: float,
        sim_poll_s: float,
        slots: Mapping[str, str] = NO_SLOTS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._look, self._reader, self._consent, self._publish = look, reader, consent, publish
        self.poll_s, self.sim_poll_s, self._clock = poll_s, sim_poll_s, clock
        self._workers: dict[str, Worker] = {}
        self._ended: dict[str, Worker] = {}
        self._returns = Returns()
        self._slots = slots
        self._telling = threading.Lock()
        self._lock = threading.Lock()

    def run(self, stop: threading.Event) -> None:
        """Look every `poll_s` until `stop` is set; then call off the readings without waiting for them."""
        lister = Lister(self._look)
        while not stop.is_set():
            try:
                seen = lister.devices(self.poll_s)
                if seen is None:
                    self._let_pulled_go()
                    continue
                # A list that took long may name a device that was pulled meanwhile.
                self._take(still_there(seen))
            except Exception:  # the top of the loop: one bad look must not end the watch
                log.exception("looking for devices failed")
                self._publish(
                    LoopFailed("ports", "The ports could not be listed.", "Details are in the log; trying again.")
                )
            stop.wait(self.poll_s)
        lister.close()
        with self._lock:
            for worker in self._workers.values():
                worker.call_off()
            self._workers.clear()

    def run_once(self) -> None:
        """One look: start a worker for each device that came, call off those of devices that went."""
        self._take(self._look())

    def _let_pulled_go(self) -> None:
        """While a list takes its time, at least take away what is plainly gone."""
        with self._lock:
            here = [worker.device for worker in self._workers.values()]
        self._take(still_there(here))

    def _take(self, listed: Sequence[DeviceSeen]) -> None:
        if self._consent.look():
            self._look_again()
        seen = {device.key: device for device in listed}
        with self._lock:
            here = {worker.device.key: worker for worker in self._workers.values()}
            gone = [key for key, worker in self._workers.items() if worker.device.key not in seen]
            for key in gone:
                self._let_go(key)
            serials = Counter(map(usb_of, seen.values()))
            came = [self._worker(seen[key], serials) for key in seen if key not in here]
            for key in seen.keys() & here.keys():
                here[key].see(seen[key])
        for key in gone:
            self._publish(DeviceGone(key))
        for worker in came:
            worker.start()

    def read_again(self, key: str) -> None:
        """Read a device once more; does nothing for one that is gone or being read."""
        if worker := self._find(key):
            worker.read_again()

    def agree(self, key: str) -> None:
        """The customer has agreed that this device is read. Raises NoSuchDevice, JournalError."""
        self._here(key).agree()

    def decline(self, key: str) -> None:
        """The customer does not agree, or does no longer: what was read of this device is forgotten here.

        Raises NoSuchDevice, JournalError.
        """
        self._here(key).decline()

    def reconsider(self) -> None:
        """Have every device that waits for consent look whether it may be read now."""
        self._consent.look()
        self._look_again()

    def _look_again(self) -> None:
        with self._lock:
            workers = list(self._workers.values())
        for worker in workers:
            worker.reconsider()

    def enter_pin(self, key: str, pin: Secret, *, confirmed: bool = False) -> PinResult:
        """Unlock the SIM of a device and read it again; waits for a reading that is going on.

        `confirmed`: send it although fewer than two attempts, or an unknown number, are left.
        Raises NoSuchDevice, PortError, NoAnswer, NotAModem.
        """
        worker = self._find(key)
        result = worker.enter_pin(pin, confirmed=confirmed) if worker else None
        if result is None:
            raise NoSuchDevice
        return result

    def trace(self, key: str) -> str:
        """What was said on the device's lines when it was read last, masked; "" while nothing was.

        Kept for a while after the device has gone.
        """
        with self._lock:
            worker = self._workers.get(key) or self._ended.get(key)
        return worker.trace if worker else ""

    def name_slots(self, slots: Mapping[str, str]) -> None:
        """Have every card, also those told already, say the names of places as they are now."""
        with self._lock:
            workers = dict(self._workers)
        with self._telling:
            self._slots = slots
            for key, worker in workers.items():
                if worker.told is not None:
                    self._publish_card(replace(worker.told, key=key))

    def _here(self, key: str) -> Worker:
        worker = self._find(key)
        if worker is None:
            raise NoSuchDevice
        return worker

    def _find(self, key: str) -> Worker | None:
        with self._lock:
            return self._workers.get(key)

    def _let_go(self, key: str) -> None:
        worker = self._workers.pop(key)
        worker.call_off()
        self._ended.pop(key, None)
        self._ended[key] = worker
        if len(self._ended) > ENDED_KEPT:
            del self._ended[next(iter(self._ended))]
        self._returns.leave(
            Left(key, usb_of(worker.device), worker.imei, worker.iccid, worker.previous_iccid, self._clock())
        )

    def _worker(self, device: DeviceSeen, serials: Counter[Usb | None]) -> Worker:
        usb = usb_of(device)
        left = self._returns.by_usb(usb, self._clock()) if usb and serials[usb] == 1 else None
        if left is not None:
            # What its card said is believed once the IMEI is the same: makers give one serial number to many.
            self._returns.leave(left)
        lent = left if left and left.key not in self._workers else None
        worker = Worker(
            lent.key if lent else device.key,
            device,
            self._reader,
            self._consent,
            lent=lent,
            tell=self._tell,
            recognise=self._recognise,
            sim_poll_s=lambda: self.sim_poll_s,
            clock=self._clock,
            before=next((ended for ended in self._ended.values() if ended.device.key == device.key), None),
        )
        self._workers[worker.key] = worker
        return worker

    def _recognise(self, worker: Worker, imei: Identifier) -> None:
        """Give a device that was here a moment ago its card and its ICCIDs back."""
        if imeis.check(imei.reveal()).grade is Grade.ERROR:
            return
        with self._lock:
            left = self._returns.by_imei(imei, self._clock())
            told = worker.key
            if self._workers.get(told) is not worker:
                return
            if left is not None:
                worker.remember(left.iccid, left.previous_iccid)
            key = left.key if left else worker.device.key if worker.lent and worker.lent.imei else told
            if key in self._workers:
                return
            self._workers[key] = self._workers.pop(told)
            worker.key = key
        self._publish(DeviceGone(told))

    def _tell(self, card: DeviceCard) -> None:
        # In turn with name_slots, which must not tell an older card after a newer one.
        with self._telling:
            self._publish_card(card)

    def _publish_card(self, card: DeviceCard) -> None:
        self._publish(DeviceChanged(at_slot(card, self._slots.get(card.place, ""))))
