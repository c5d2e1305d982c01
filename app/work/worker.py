"""One device on the bench: read in a thread of its own, then watched for another SIM until it is called off."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from app.identifiers.identity import Identity, ReadStatus
from app.masked import Identifier, Secret
from app.modem.pin import PinResult
from app.modem.ports import DeviceSeen
from app.modem.sim_watch import can_be_watched
from app.modem.trace import Trace
from app.provisioning.consent import Consent, Ground
from app.work.cards import card, unasked, unread
from app.work.consent import Consents
from app.work.events import CardState, DeviceCard
from app.work.returns import Left

log = logging.getLogger(__name__)

STARTING_S = 30.0
"""A modem may need 20 s from plug to first answer; until then silence, or only noise, is "starting", not a fault."""
RETRY_S = 3.0
LATER_S = (10.0, 20.0, 40.0, 60.0)
"""How long until the next try once it should have started; the last one again and again."""
SILENT = frozenset({ReadStatus.NO_ANSWER, ReadStatus.NOT_A_MODEM})
PASSING = frozenset({ReadStatus.NO_ANSWER, ReadStatus.BUSY, ReadStatus.DENIED, ReadStatus.GONE})
"""What may be otherwise in a moment: ModemManager probes a new port for 10 s, and rights are set after it appears."""


class Read(Protocol):
    """Reads one port; `app.modem.probe.identify` bound to its time-out."""

    def __call__(
        self, port: str, *, stop: threading.Event, progress: Callable[[Identity], None], trace: Trace
    ) -> Identity: ...


class SimChanged(Protocol):
    """Looks at the SIM of a device read before; `app.modem.sim_watch.sim_changed`."""

    def __call__(self, known: Identity, *, stop: threading.Event) -> bool: ...


class EnterPin(Protocol):
    """Unlocks a SIM; `app.modem.pin.enter_pin` bound to its time."""

    def __call__(self, port: str, pin: Secret, *, confirmed: bool) -> PinResult: ...


class Reader(Struct, frozen=True):
    """What a worker asks of the modem side."""

    read: Read
    sim_changed: SimChanged
    enter_pin: EnterPin


class Worker:
    """`key` is the key of its card, which changes when the device turns out to be one that was here before.

    Until `consent` allows it the device's port is not even opened.

    `lent` is the device whose key it has because of its USB serial number. `tell` publishes a card, `recognise`
    is called when the IMEI is known, before it is told.
    `before` is the worker of the same device that was called off last and may not have ended.
    """

    def __init__(
        self,
        key: str,
        device: DeviceSeen,
        reader: Reader,
        consent: Consents,
        *,
        lent: Left | None,
        tell: Callable[[DeviceCard], None],
        recognise: Callable[[Worker, Identifier], None],
        sim_poll_s: Callable[[], float],
        clock: Callable[[], float],
        before: Worker | None,
    ) -> None:
        self.key, self.device, self.lent = key, device, lent
        self._reader, self._tell_world, self._recognise = reader, tell, recognise
        self._sim_poll_s, self._clock, self._before = sim_poll_s, clock, before
        self._since_s = clock()
        self._allows = consent
        self._given: Consent | None = None
        self._read_on: Consent | None = None
        self._declined = self._waits = False
        self._stop = threading.Event()
        self._halt = threading.Event()
        self._again = threading.Event()
        self._asked = False
        self._tries_later = 0
        self._port_in_use = threading.Lock()
        self._last: DeviceCard | None = None
        self._thread = threading.Thread(target=self._work, name=f"read {device.label}", daemon=True)
        self.imei: Identifier | None = None
        self.iccid: Identifier | None = None
        self.previous_iccid: Identifier | None = None
        self._traces: tuple[tuple[Trace, Identity], ...] = ()
        self.told: DeviceCard | None = None

    def start(self) -> None:
        self._thread.start()

    def call_off(self) -> None:
        """End the reading without waiting for it; nothing more is told."""
        self._stop.set()
        self._halt.set()
        self._again.set()

    def read_again(self) -> None:
        """Read once more; a device that is left alone is asked from now on."""
        self._asked = True
        self._again.set()

    @property
    def trace(self) -> str:
        """What was said when it was read last, masked; "" while nothing was.

        Written only when asked for: masking costs more than the reading, thirty-two times at once.
        """
        return "\n".join(trace.text(identity) for trace, identity in self._traces)

    def agree(self) -> None:
        """The customer has agreed: write that down, then read. Raises JournalError; then nothing is read."""
        self._given = self._allows.give(self._about())
        self._declined = False
        self._again.set()

    def decline(self) -> None:
        """The customer does not agree, or does no longer: end a reading, forget what it brought, write that down.

        Raises JournalError, after which nothing is read all the same.
        """
        self._given, self._declined = None, True
        self._halt.set()
        self._again.set()
        self._allows.refuse(self._about())

    def reconsider(self) -> None:
        """Look again whether the device may be read, if that is what it waits for."""
        if self._waits:
            self._again.set()

    def _about(self) -> dict[str, str]:
        """What the audit trail says of the device: what everybody sees of it, no identifier."""
        return {"device": self.device.label, "place": self.device.place}

    def see(self, device: DeviceSeen) -> None:
        """Take the device as it is now: the ports of one device come one after another.

        Where another port is to be tried first than before, a reading that goes on is ended and begun anew.
        """
        before, self.device = self.device, device
        if device.at_ports[:1] != before.at_ports[:1] or device.obstacle != before.obstacle:
            self._halt.set()
            self._again.set()

    def enter_pin(self, pin: Secret, *, confirmed: bool) -> PinResult | None:
        """Unlock the SIM once the port is free and read again; None while no port has answered."""
        with self._port_in_use:
            last = self._last
            if last is None or not last.port:
                return None
            result = self._reader.enter_pin(last.port, pin, confirmed=confirmed)
        if not result.must_confirm:
            self._again.set()
        return result

    def remember(self, iccid: Identifier | None, previous: Identifier | None, *, now: Identifier | None = None) -> None:
        """Take over what was known of the device's SIM before, and the SIM that is in it `now`."""
        now = now or self.iccid
        self.iccid, self.previous_iccid = (iccid, previous) if now in {None, iccid} else (now, iccid)

    def _work(self) -> None:
        if self._before is not None:
            # Its port is not free until it has seen that it was called off.
            self._before._thread.join()
            self._before = None
        by_itself = False
        while True:
            self._again.clear()
            self._halt.clear()
            if self._stop.is_set():
                return
            found = self._found(quietly=by_itself)
            if self._halt.is_set():
                continue
            status = found.identity.status if found.identity else None
            starting = self._clock() - self._since_s < STARTING_S
            if starting and status in SILENT:
                found = replace(found, state=CardState.STARTING, sentence="Waiting for the device to start.", remedy="")
            self._tell(found)
            if status in PASSING or (starting and status in SILENT):
                by_itself = not self._again.wait(self._until_next_try_s(starting))
            else:
                by_itself = False
                self._watch(found.identity)

    def _found(self, *, quietly: bool) -> DeviceCard:
        """What there is to tell of the device: why nothing is asked of it, or what its reading brought."""
        device = self.device
        if device.obstacle and not (device.obstacle.askable and self._asked):
            return unread(self.key, device.label, next(iter(device.at_ports), ""), device.obstacle)
        if (state := self._not_allowed()) is not None:
            self._forget()
            return unasked(self.key, device.label, state)
        with self._port_in_use:
            self._last = found = self._read_ports(device, quietly=quietly)
        return found

    def _not_allowed(self) -> CardState | None:
        """What the card says while the device may not be read; None where it may."""
        self._waits = True
        if self._declined:
            return CardState.DECLINED
        self._read_on = self._allows.now(self._given)
        if self._read_on is None:
            return CardState.SHIFT if self._allows.ground is Ground.PER_SHIFT else CardState.ASK
        self._waits = False
        return None

    def _forget(self) -> None:
        """Keep nothing of an earlier reading."""
        self._last = self._read_on = None
        self.imei = self.iccid = self.previous_iccid = None
        self._traces = ()

    def _until_next_try_s(self, starting: bool) -> float:
        if starting:
            return RETRY_S
        self._tries_later += 1
        return LATER_S[min(self._tries_later, len(LATER_S)) - 1]

    def _watch(self, known: Identity | None) -> None:
        """Wait until the device is to be read again: at a word from outside, or because its SIM is another."""
        watched = known is not None and can_be_watched(known)
        while not self._again.wait((self._sim_poll_s() or None) if watched else None):
            if self._allows.now(self._given) is None:
                # The shift is over: what was read stays, and no more is asked.
                continue
            try:
                with self._port_in_use:
                    changed = known is not None and self._reader.sim_changed(known, stop=self._halt)
            except Exception:  # the top of this worker: a fault of the watch must not end it
                log.exception("looking at the SIM of %s failed", self.device.label)
                return
            if changed:
                return

    def _read_ports(self, device: DeviceSeen, *, quietly: bool) -> DeviceCard:
        """Read the device's ports in order until one answers; the best answer makes the card.

        `quietly`: its card stays as it is until something is read.
        """
        best: Identity | None = None
        traces: list[tuple[Trace, Identity]] = []
        for port in device.at_ports:
            reading = self._card(port, CardState.READING)
            if not quietly:
                self._tell(reading)

            def progress(identity: Identity, reading: DeviceCard = reading) -> None:
                named = " ".join(part for part in (identity.manufacturer, identity.model) if part)
                self._tell(replace(reading, label=named or reading.label, identity=identity))

            trace = Trace(self._clock)
            try:
                identity = self._reader.read(port, stop=self._halt, progress=progress, trace=trace)
            except Exception as fault:  # the top of this worker: a fault of the reader is told on the card
                log.exception("reading %s failed", port)
                return replace(
                    self._card(port, CardState.FAILED),
                    sentence=f"Reading {port} failed: {type(fault).__name__}.",
                    remedy="Read again; details are in the log.",
                )
            traces.append((trace, identity))
            self._traces = tuple(traces)
            if best is None or best.status is ReadStatus.NO_ANSWER:
                best = identity
            if identity.status in {ReadStatus.OK, ReadStatus.PARTIAL} or self._halt.is_set():
                best = identity
                break
        if best is None:
            return replace(
                self._card("", CardState.FAILED),
                sentence=f"{self.device.label} shows no port that answers AT commands.",
                remedy="Scan its label, or dial *#06# and scan the screen.",
            )
        return card(self.key, self.device.label, best)

    def _card(self, port: str, state: CardState) -> DeviceCard:
        return DeviceCard(self.key, self.device.label, port, state)

    def _tell(self, found: DeviceCard) -> None:
        if self._stop.is_set() or (self._declined and found.state is not CardState.DECLINED):
            return
        imei = found.identity.imei if found.identity else None
        if imei is not None and imei != self.imei:
            self.imei = imei
            self._recognise(self, imei)
        iccid = found.identity.iccid if found.identity else None
        if iccid is not None:
            self.remember(self.iccid, self.previous_iccid, now=iccid)
        # The key may have become another since the reading began.
        self.told = replace(
            found,
            key=self.key,
            previous_iccid=self.previous_iccid if iccid else None,
            place=self.device.place,
            consent=self._read_on,
        )
        self._tell_world(self.told)
