"""The intake and ports that come late, are doubtful, or are not there at all."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from msgspec.structs import replace
from serial.tools.list_ports_common import ListPortInfo

from app.identifiers.identity import Identity, ReadStatus
from app.masked import Identifier
from app.modem.ports import ASK, DeviceSeen, Obstacle, PortSeen, devices, listing, seen_ports
from app.work.events import CardState, DeviceChanged, DeviceGone
from app.work.intake import Intake
from tests.modem.devices import EC25
from tests.peers.ptys import Modem, PtyModem
from tests.work.benches import POLL_S, WAIT_S, Bench

WITHOUT = Obstacle("Phone is a phone that shows no modem.", "Scan its label.")


def modem(*interfaces: int) -> DeviceSeen:
    """A Quectel at one place, of which only these ports are there so far."""
    ports = [
        PortSeen(f"/dev/ttyUSB{number}", 0x2C7C, 0x0125, "S1", "1-2.3", number, product="EC25") for number in interfaces
    ]
    (device,) = devices(ports)
    return device


class Scripted:
    """A bench whose looks and readings are the test's: `here` is what is seen, `answers` what a port says."""

    def __init__(self) -> None:
        self.bench = Bench(hub=None)  # type: ignore[arg-type]
        self.here: list[DeviceSeen] = []
        self.asked: list[str] = []
        self.hangs: frozenset[str] = frozenset()
        self.first: list[ReadStatus] = []
        self.begun = threading.Event()

    def read(self, port: str, *, stop: threading.Event, **_: object) -> Identity:
        self.asked.append(port)
        self.begun.set()
        if self.first:
            return Identity(port, self.first.pop(0))
        if port in self.hangs:
            assert stop.wait(WAIT_S)
            return Identity(port, ReadStatus.PARTIAL)
        return Identity(
            port, ReadStatus.OK, imei=Identifier("356938035643809"), iccid=Identifier("8949020000123456788")
        )

    @contextmanager
    def intake(self) -> Iterator[Intake]:
        reader = replace(self.bench.reader(), read=self.read)
        made = Intake(
            look=lambda: self.here,
            reader=reader,
            consent=self.bench.consents(),
            publish=self.bench.told.put,
            poll_s=POLL_S,
            sim_poll_s=0,
        )
        yield made
        self.here = []
        made.run_once()

    def then(self, made: Intake, *seen: DeviceSeen) -> None:
        self.here = list(seen)
        made.run_once()


def scripted(act: Callable[[Scripted, Intake], None]) -> Scripted:
    bench = Scripted()
    with bench.intake() as made:
        act(bench, made)
    return bench


def test_ports_of_one_device_that_come_one_after_another_are_taken_up() -> None:
    def act(bench: Scripted, made: Intake) -> None:
        bench.hangs = frozenset({"/dev/ttyUSB0"})
        bench.then(made, modem(0))
        assert bench.begun.wait(WAIT_S)
        bench.then(made, modem(0, 1, 2, 3))
        assert bench.bench.wait_for_card(CardState.READY).port == "/dev/ttyUSB2"

    assert scripted(act).asked == ["/dev/ttyUSB0", "/dev/ttyUSB2"]


def test_a_lesser_port_that_comes_later_does_not_have_it_read_again() -> None:
    def act(bench: Scripted, made: Intake) -> None:
        bench.then(made, modem(0, 2))
        bench.bench.wait_for_card(CardState.READY)
        bench.then(made, modem(0, 1, 2, 3))
        made.read_again(modem(0).key)
        bench.bench.wait_for_card(CardState.READY)

    assert scripted(act).asked == ["/dev/ttyUSB2", "/dev/ttyUSB2"]


def test_a_device_without_a_port_has_a_card_and_becomes_one_that_is_read() -> None:
    def act(bench: Scripted, made: Intake) -> None:
        with_port = modem(2)
        bench.then(made, replace(with_port, ports=(), at_ports=(), obstacle=WITHOUT))
        card = bench.bench.wait_for_card(CardState.NO_PORT)
        assert (card.sentence, card.remedy, card.place) == (WITHOUT.sentence, WITHOUT.remedy, "1-2.3")
        bench.then(made, with_port)
        assert bench.bench.wait_for_card(CardState.READY).key == card.key

    assert scripted(act).asked == ["/dev/ttyUSB2"]


def test_a_doubtful_port_is_written_to_only_when_the_operator_says_so() -> None:
    def act(bench: Scripted, made: Intake) -> None:
        doubtful = replace(modem(2), obstacle=Obstacle("It is an adapter.", ASK, askable=True))
        bench.then(made, doubtful)
        card = bench.bench.wait_for_card(CardState.LEFT_ALONE)
        bench.then(made, doubtful)
        assert bench.asked == []
        made.read_again(card.key)
        bench.bench.wait_for_card(CardState.READY)

    assert scripted(act).asked == ["/dev/ttyUSB2"]


def test_a_list_that_takes_long_delays_no_unplugging_and_no_opening() -> None:
    """Listing hangs, as it can on Windows: a pulled device still goes, and another one can still be opened."""
    bench = Bench(hub=None)  # type: ignore[arg-type]
    first, second = PtyModem(Modem(EC25)), PtyModem(Modem(EC25))
    slow, may_end = threading.Event(), threading.Event()

    def provider() -> list[ListPortInfo]:
        if slow.is_set():
            assert may_end.wait(WAIT_S)
        return []

    def look() -> list[DeviceSeen]:
        return devices(seen_ports([peer.path for peer in (first, second)], provider))

    made = Intake(
        look=look, reader=bench.reader(), publish=bench.told.put, poll_s=POLL_S, sim_poll_s=0, consent=bench.consents()
    )
    stop = threading.Event()
    loop = threading.Thread(target=made.run, args=(stop,))
    with first, second:
        loop.start()
        ready = {bench.wait_for_card(CardState.READY).port for _ in range(2)}
        assert ready == {first.path, second.path}
        slow.set()
        first.unplug()
        assert bench.wait_for(lambda event: isinstance(event, DeviceGone))[-1] == DeviceGone(first.path)
        assert listing.locked()
        made.read_again(second.path)
        assert bench.wait_for_card(CardState.READY).port == second.path
        assert listing.locked()
        stop.set()
        may_end.set()
        loop.join(WAIT_S)
    assert not loop.is_alive()


def test_a_port_that_cannot_be_used_yet_is_tried_again_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.work.worker.RETRY_S", 0.01)
    first = [ReadStatus.DENIED, ReadStatus.BUSY, ReadStatus.NOT_A_MODEM, ReadStatus.NO_ANSWER]

    def act(bench: Scripted, made: Intake) -> None:
        bench.first = list(first)
        bench.then(made, modem(2))
        told = bench.bench.wait_for(lambda event: isinstance(event, DeviceChanged) and event.card.state == "ready")
        states = [event.card.state for event in told if isinstance(event, DeviceChanged)]
        failed, starting = CardState.FAILED, CardState.STARTING
        assert states == [CardState.READING, failed, failed, starting, starting, CardState.READY]

    assert scripted(act).asked == ["/dev/ttyUSB2"] * 5


def test_what_sends_only_noise_long_after_plugging_is_left_in_peace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.work.worker.STARTING_S", 0.0)
    monkeypatch.setattr("app.work.worker.LATER_S", (0.01,))

    def act(bench: Scripted, made: Intake) -> None:
        bench.first = [ReadStatus.NO_ANSWER, ReadStatus.NOT_A_MODEM]
        bench.then(made, modem(2))
        told = bench.bench.wait_for(lambda event: isinstance(event, DeviceChanged) and "modem" in event.card.sentence)
        assert [event.card.state for event in told if isinstance(event, DeviceChanged)][-1] is CardState.FAILED
        with pytest.raises(queue.Empty):
            bench.bench.told.get(timeout=0.2)

    assert scripted(act).asked == ["/dev/ttyUSB2"] * 2
