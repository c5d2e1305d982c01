"""A hub of simulated devices, each on a loopback TCP port of its own.

pyserial opens them as `socket://127.0.0.1:PORT`, so the bench works the same on every operating system.
"""

from __future__ import annotations

import select
import socket
import sys
import threading
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from app.errors import WorkstationError
from app.seams import blocking
from app.training.devices.card import Sim
from app.training.devices.modem import Emission, SimulatedModem
from app.training.devices.personality import Personality

HOST = "127.0.0.1"
CHUNK = 4096
JOIN_S = 5.0
SEND_S = 1.0
"""A caller that takes nothing for so long is treated as gone."""


class HubError(WorkstationError):
    """A slot that is not there, or a loopback port that cannot be had."""

    code = "training.hub"


class Slot:
    """One place of the hub: a port number that stays, and the device in it while one is plugged.

    While the device is out, its port number is held but refuses connections, as a port that is gone does.
    """

    def __init__(self, personality: Personality) -> None:
        self.personality = personality
        self.sim = personality.sim
        self._holder = _bound(0)
        self.port: int = self._holder.getsockname()[1]
        self._modem = SimulatedModem(personality)
        self._lock = threading.Lock()
        self._out = threading.Event()
        self._out.set()
        self._wake, self._alarm = socket.socketpair()
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        return f"socket://{HOST}:{self.port}"

    @property
    def plugged(self) -> bool:
        return not self._out.is_set()

    @property
    def modem(self) -> SimulatedModem:
        """The device as it was plugged in last: what it was asked, its settings, how long it took."""
        return self._modem

    def plug(self) -> None:
        """Put the device in, with fresh settings; nothing happens when it is in already."""
        if self.plugged:
            return
        self._join()
        if self._modem.sim is not None:
            # What was done to the card stays: attempts used up, a PUK asked for.
            self.sim = self._modem.sim.powered_off()
        modem = SimulatedModem(self.personality)
        modem.sim = self.sim
        self._modem = modem
        self._holder.listen()
        self._out.clear()
        self._thread = threading.Thread(target=self._serve, name=f"device {self.personality.name}", daemon=True)
        self._thread.start()

    def unplug(self) -> None:
        """Pull the device: its line breaks, and its port refuses connections until it is plugged again."""
        self._out.set()
        self._alarm.send(b"\0")
        self._join()
        self._wake.recv(CHUNK)

    def insert(self, sim: Sim | None) -> None:
        """Exchange the card in the running device; None takes it out."""
        with self._lock:
            self.sim = sim
            self._modem.sim = sim

    def close(self) -> None:
        """Pull the device and give the port number back."""
        self.unplug()
        for held in (self._holder, self._wake, self._alarm):
            held.close()

    def _join(self) -> None:
        if self._thread is not None:
            self._thread.join(JOIN_S)
            self._thread = None

    def _serve(self) -> None:
        """Serve one connection at a time until the device is out."""
        line: socket.socket | None = None
        period_s = self.personality.storm_period_s if self.personality.storm else None
        try:
            while not self._out.is_set():
                heard = [self._wake, self._holder] if line is None else [line, self._wake, self._holder]
                ready, _, _ = select.select(heard, [], [], period_s if line else None)
                # The line first: a program that closes and opens again is heard in that order.
                if line is not None and line in ready and not self._hear(line):
                    line.close()
                    line = None
                if self._holder in ready:
                    line = self._accept(line)
                if line is not None and not ready and not self._send(line, self._murmur()):
                    line.close()
                    line = None
        finally:
            self._gone(line)

    def _accept(self, line: socket.socket | None) -> socket.socket:
        """Take a caller; a second one is turned away, as the system does for a port that is open already."""
        caller, _ = self._holder.accept()
        if line is not None:
            caller.close()
            return line
        caller.settimeout(SEND_S)
        caller.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return caller

    def _hear(self, line: socket.socket) -> bool:
        """Take what was sent and answer it; False when the line has ended."""
        try:
            data = line.recv(CHUNK)
        except OSError:
            return False
        if not data:
            return False
        with self._lock:
            emissions = self._modem.feed(data)
        return all(self._emit(line, emission) for emission in emissions)

    def _emit(self, line: socket.socket, emission: Emission) -> bool:
        if self._out.wait(emission.delay_s):
            return False
        if emission.drops:
            self._out.set()
        return self._send(line, emission.data)

    def _murmur(self) -> bytes:
        with self._lock:
            return self._modem.unsolicited()

    def _send(self, line: socket.socket, data: bytes) -> bool:
        try:
            line.sendall(data)
        except OSError:
            return False
        return True

    def _gone(self, line: socket.socket | None) -> None:
        self._out.set()
        if line is not None:
            line.close()
        self._holder.close()
        # Bound again at once and not listening: nobody else can be given the number meanwhile.
        self._holder = _bound(self.port)


class Hub:
    """Any number of simulated devices. A context manager: leaving it stops them all."""

    def __init__(self, personalities: Iterable[Personality] = ()) -> None:
        """Plug each of `personalities` in, under its own name."""
        self._slots: dict[str, Slot] = {}
        for personality in personalities:
            self.plug(personality)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def places(self) -> tuple[str, ...]:
        """The names of all slots, with a device or without, in the order of plugging."""
        return tuple(self._slots)

    @property
    def addresses(self) -> dict[str, str]:
        """Slot name -> `socket://...` of every device that is plugged in, in the order of plugging."""
        return {name: slot.address for name, slot in self._slots.items() if slot.plugged}

    def slot(self, name: str) -> Slot:
        """Raises HubError for a name that was never plugged."""
        try:
            return self._slots[name]
        except KeyError as error:
            raise HubError(f"The hub has no slot named {name}.", remedy="Plug a device in first.") from error

    def plug(self, personality: Personality, *, slot: str | None = None) -> str:
        """Plug a new device into a new slot (named after the device if not said) and give its address."""
        blocking("plugging a simulated device")
        name = slot or personality.name
        if name in self._slots:
            raise HubError(f"The hub has a slot named {name} already.", remedy="Replug it, or use another name.")
        made = Slot(personality)
        made.plug()
        self._slots[name] = made
        return made.address

    def unplug(self, name: str) -> None:
        blocking("unplugging a simulated device")
        self.slot(name).unplug()

    def replug(self, name: str) -> str:
        """Put the device of a slot back, at the same address."""
        blocking("plugging a simulated device")
        self.slot(name).plug()
        return self.slot(name).address

    def swap_sim(self, name: str, sim: Sim | None) -> None:
        """Exchange the card of a device, plugged or not; it stays exchanged when the device is replugged."""
        self.slot(name).insert(sim)

    def stop(self) -> None:
        """Pull every device and wait for it; twice is no error."""
        blocking("stopping the simulated devices")
        for slot in self._slots.values():
            slot.close()
        self._slots.clear()


def _bound(port: int) -> socket.socket:
    holder = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # Elsewhere the number could not be bound again while an old line is being wound up; on Windows the
    # option means that another program may take the port.
    if sys.platform != "win32":
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        holder.bind((HOST, port))
    except OSError as error:
        holder.close()
        raise HubError(f"Port {port} of this computer cannot be had.", remedy="Start the training again.") from error
    return holder
