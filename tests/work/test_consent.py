"""Consent comes first: no device hears a byte before it is on record, and who agreed to what can be told later."""

from __future__ import annotations

import os
import socket
import tty
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

import pytest
from msgspec.structs import replace

from app.journal.errors import JournalFull
from app.modem.ports import PortSeen, devices
from app.provisioning.consent import TEXT_VERSION, Consent, Ground
from app.training.devices.hub import Hub
from app.training.devices.personalities import BY_NAME
from app.work.consent import Consents
from app.work.events import CardState, ConsentChanged, DeviceCard, DeviceChanged, DeviceGone
from app.work.intake import Intake
from tests.work.benches import Bench

EC25 = "quectel-ec25"
MARK = "AT+MARK"


@pytest.fixture
def bench() -> Iterator[Bench]:
    with Hub() as hub:
        yield Bench(hub)


class Wire:
    """The far end of a pseudo-terminal that never answers: holds every byte that reached the device."""

    def __init__(self) -> None:
        self.far, self.near = os.openpty()
        tty.setraw(self.near)
        os.set_blocking(self.far, False)
        self.path = os.ttyname(self.near)

    def heard(self) -> bytes:
        try:
            return os.read(self.far, 65536)
        except BlockingIOError:
            return b""

    def close(self) -> None:
        os.close(self.far)
        os.close(self.near)


@pytest.fixture
def wire() -> Iterator[Wire]:
    made = Wire()
    yield made
    made.close()


def asked(bench: Bench) -> list[str]:
    """Every command line that the simulated device received."""
    return list(bench.hub.slot(EC25)._modem.asked)


def asked_in_the_end(bench: Bench) -> list[str]:
    """As `asked`, once the device has taken in what was written before its port was closed.

    It turns a second caller away until then, and answers the first thing that one asks after it.
    """
    answered = False
    while not answered:
        with socket.create_connection(("127.0.0.1", bench.hub.slot(EC25).port), 20) as line:
            line.settimeout(20)
            with suppress(ConnectionError):
                line.sendall(f"{MARK}\r".encode())
                answered = line.recv(1) != b""
    return [line for line in asked(bench) if line != MARK]


def test_per_device_no_byte_reaches_the_device_before_its_owner_agreed(bench: Bench, wire: Wire) -> None:
    bench.ground = Ground.PER_DEVICE
    bench.look = lambda: devices([PortSeen(wire.path, description="USB modem", chosen=True)])  # type: ignore[method-assign]
    with bench.running() as intake:
        card = bench.wait_for_card(CardState.ASK)
        assert (card.identity, card.consent, card.port) == (None, None, "")
        intake.read_again(card.key)
        bench.wait_for_card(CardState.ASK)
        assert wire.heard() == b""
        assert bench.noted == []
        intake.agree(card.key)
        bench.wait_for_card(CardState.READING)
        bench.wait_for_card(CardState.STARTING, CardState.FAILED)
        assert wire.heard().startswith(b"AT"), "the wire does hear what is asked"


def test_per_device_what_was_agreed_is_on_record_before_the_first_command(bench: Bench) -> None:
    bench.ground = Ground.PER_DEVICE
    before: list[list[str]] = []
    take = bench.note

    def note(kind: str, detail: Mapping[str, object], /) -> str:
        before.append(asked(bench))
        return take(kind, detail)

    bench.note = note  # type: ignore[method-assign]
    bench.hub.plug(BY_NAME[EC25])
    with bench.running() as intake:
        key = bench.wait_for_card(CardState.ASK).key
        intake.agree(key)
        read = bench.wait_for_card(CardState.READY)
    assert before == [[]]
    ((kind, detail),) = bench.noted
    assert kind == "consent"
    assert detail.pop("place")
    assert detail == {
        "ground": "per-device", "text": TEXT_VERSION, "operator": "Ana", "device": BY_NAME[EC25].name,
    }  # fmt: skip
    assert read.consent == Consent(Ground.PER_DEVICE, bench.clock.now(), "Ana", "code 1")
    assert str(read.consent) == f"per-device, text {TEXT_VERSION}, 2026-03-02T09:00:00Z, audit code 1"


def test_a_customer_who_does_not_agree_keeps_an_unread_device(bench: Bench) -> None:
    bench.ground = Ground.PER_DEVICE
    bench.hub.plug(BY_NAME[EC25])
    with bench.running() as intake:
        key = bench.wait_for_card(CardState.ASK).key
        intake.decline(key)
        assert bench.wait_for_card(*CardState).state is CardState.DECLINED
        intake.read_again(key)
        assert bench.wait_for_card(*CardState).state is CardState.DECLINED
        assert asked(bench) == []
        assert [kind for kind, _ in bench.noted] == ["consent-refused"]
        intake.agree(key)
        assert bench.wait_for_card(CardState.READY).identity is not None


def test_a_word_taken_back_ends_the_reading_and_forgets_what_it_brought(bench: Bench) -> None:
    bench.ground = Ground.PER_DEVICE
    bench.hub.plug(replace(BY_NAME[EC25], latency_s=0.05))
    with bench.running() as intake:
        key = bench.wait_for_card(CardState.ASK).key
        intake.agree(key)
        seen = bench.wait_for(lambda event: isinstance(event, DeviceChanged) and has_imei(event.card))
        assert isinstance(seen[-1], DeviceChanged)
        intake.decline(key)
        last = bench.wait_for(lambda event: isinstance(event, DeviceChanged) and not has_imei(event.card))[-1]
        assert isinstance(last, DeviceChanged)
        assert (last.card.state, last.card.identity, last.card.consent) == (CardState.DECLINED, None, None)
        said = asked_in_the_end(bench)
        intake.read_again(key)
        bench.wait_for_card(CardState.DECLINED)
        assert asked_in_the_end(bench) == said
        assert intake.trace(key) == ""


def has_imei(card: DeviceCard) -> bool:
    return card.identity is not None and card.identity.imei is not None


def test_what_cannot_be_written_down_is_not_agreed(bench: Bench) -> None:
    bench.ground = Ground.PER_DEVICE

    def full(kind: str, detail: Mapping[str, object], /) -> str:
        raise JournalFull("The disk is full.", remedy="Free some space.")

    bench.note = full  # type: ignore[method-assign]
    bench.hub.plug(BY_NAME[EC25])
    with bench.running() as intake:
        key = bench.wait_for_card(CardState.ASK).key
        with pytest.raises(JournalFull):
            intake.agree(key)
        intake.read_again(key)
        assert bench.wait_for_card(*CardState).state is CardState.ASK
        assert asked(bench) == []


def test_plugged_in_again_the_device_is_another_customers(bench: Bench) -> None:
    bench.ground = Ground.PER_DEVICE
    bench.hub.plug(BY_NAME[EC25])
    with bench.running() as intake:
        intake.agree(bench.wait_for_card(CardState.ASK).key)
        bench.wait_for_card(CardState.READY)
        bench.hub.unplug(EC25)
        bench.wait_for(lambda event: isinstance(event, DeviceGone))
        bench.hub.replug(EC25)
        assert bench.wait_for_card(CardState.ASK).identity is None


def shift(bench: Bench) -> tuple[Consents, Intake]:
    bench.ground = Ground.PER_SHIFT
    consents = bench.consents()
    return consents, bench.intake(consents=consents)


def test_per_shift_nothing_is_read_before_the_shift_is_confirmed(bench: Bench) -> None:
    bench.ground = Ground.PER_SHIFT
    consents = bench.consents()
    bench.hub.plug(BY_NAME[EC25])
    with bench.running(consents=consents) as intake:
        bench.wait_for_card(CardState.SHIFT)
        assert asked(bench) == []
        assert consents.shift_wanted
        consents.confirm_shift()
        intake.reconsider()
        read = bench.wait_for_card(CardState.READY)
        assert read.consent is not None
        assert (read.consent.ground, read.consent.operator) == (Ground.PER_SHIFT, "Ana")
    assert bench.noted == [("consent", {"ground": "per-shift", "text": TEXT_VERSION, "operator": "Ana"})]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda bench: bench.clock.pass_s(8 * 3600), "hours over"),
        (lambda bench: bench.clock.set_back(60), "hours over"),
        (lambda bench: setattr(bench, "operator", "Luis"), "another operator"),
    ],
)
def test_a_shift_ends_and_is_asked_for_again(bench: Bench, change: Callable[[Bench], None], why: str) -> None:
    consents, intake = shift(bench)
    intake.run_once()
    consents.confirm_shift()
    intake.reconsider()
    assert consents.now(None) is not None
    change(bench)
    assert consents.now(None) is None, "at once, not only when somebody looks"
    intake.run_once()
    assert [(kind, detail.get("why")) for kind, detail in bench.noted] == [("consent", None), ("consent-ended", why)]
    told = [bench.told.get_nowait() for _ in range(bench.told.qsize())]
    assert told == [ConsentChanged()] * 3, "wanted, confirmed, wanted again"


def test_a_shift_that_is_over_stops_the_look_at_sims_and_leaves_what_was_read(bench: Bench) -> None:
    bench.ground = Ground.PER_SHIFT
    consents = bench.consents()
    bench.hub.plug(BY_NAME[EC25])
    with bench.running(sim_poll_s=0.01, consents=consents) as intake:
        bench.wait_for_card(CardState.SHIFT)
        consents.confirm_shift()
        intake.reconsider()
        bench.wait_for_card(CardState.READY)
        bench.clock.pass_s(9 * 3600)
        bench.wait_for(lambda event: event == ConsentChanged() and consents.shift_wanted)
        # One look may be under way at that moment; after it none begins.
        bench.hub.plug(BY_NAME["telit-le910"])
        bench.wait_for_card(CardState.SHIFT)
        settled = asked(bench)
        bench.hub.plug(BY_NAME["huawei-e3372"])
        bench.wait_for_card(CardState.SHIFT)
        assert asked(bench) == settled


def test_where_the_devices_are_the_employers_nobody_is_asked(bench: Bench) -> None:
    bench.hub.plug(BY_NAME[EC25])
    with bench.running():
        assert str(bench.wait_for_card(CardState.READY).consent) == "employer-owned"
    assert bench.noted == []
    assert not bench.consents().look()


@pytest.mark.parametrize("ground", [Ground.PER_SHIFT, Ground.PER_DEVICE])
def test_a_submission_without_a_device_says_that_nothing_was_confirmed(bench: Bench, ground: Ground) -> None:
    bench.ground = ground
    assert str(bench.consents().without_device()) == f"{ground}, nothing confirmed"
