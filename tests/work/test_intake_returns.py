"""A device that is back at another place of the hub, or was counted anew by the system, keeps its card."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from app.masked import Identifier
from app.modem.ports import PortSeen
from app.training.devices.hub import Hub
from app.training.devices.personalities import QUECTEL_EC25, ROAMING, SPARE_DE, VODAFONE_DE
from app.training.devices.personality import Personality
from app.work.events import CardState, DeviceCard, DeviceChanged, DeviceGone
from app.work.intake import Intake
from app.work.returns import KEPT_S
from tests.work.benches import Bench

OTHER_EC25 = ROAMING
NO_IMEI = replace(
    QUECTEL_EC25, hardware=replace(QUECTEL_EC25.hardware, imei=Identifier("000000000000000")), name="unprogrammed"
)


@pytest.fixture
def bench() -> Iterator[Bench]:
    with Hub() as hub:
        yield Bench(hub)


@pytest.fixture
def intake(bench: Bench) -> Iterator[Intake]:
    with bench.running() as made:
        yield made


def usb(place: str, serial: str | None = "0123456789") -> PortSeen:
    return PortSeen("", vid=0x2C7C, pid=0x0125, serial=serial, location=place)


def pulled_and_plugged(bench: Bench, device: Personality, back: Personality) -> tuple[DeviceCard, list[DeviceCard]]:
    """The card at one place, and every card after the device was put in at another."""
    bench.hub.plug(device, slot="A1")
    first = bench.wait_for_card(CardState.READY, CardState.PARTLY)
    bench.hub.unplug("A1")
    bench.wait_for(lambda event: event == DeviceGone(first.key))
    bench.hub.plug(back, slot="A2")
    seen = bench.wait_for(
        lambda event: isinstance(event, DeviceChanged) and event.card.state in {CardState.READY, CardState.PARTLY}
    )
    return first, [event.card for event in seen if isinstance(event, DeviceChanged)]


def test_known_again_by_its_imei(bench: Bench, intake: Intake) -> None:
    first, cards = pulled_and_plugged(bench, QUECTEL_EC25, QUECTEL_EC25)
    assert cards[0].key != first.key
    assert cards[-1].key == first.key
    assert cards[-1].previous_iccid is None
    # The card under which it was met first has gone, and the one it has now can be asked for.
    known = {card.key for card in cards if card.identity and card.identity.imei}
    assert known == {first.key}
    intake.read_again(first.key)
    assert bench.wait_for_card(CardState.READY).key == first.key


def test_known_at_once_by_its_serial_number(bench: Bench, intake: Intake) -> None:
    bench.usb = {"A1": usb("1-1"), "A2": usb("1-2")}
    first, cards = pulled_and_plugged(bench, QUECTEL_EC25, QUECTEL_EC25)
    assert {card.key for card in cards} == {first.key}


def test_one_serial_number_for_many_devices_is_found_out(bench: Bench, intake: Intake) -> None:
    bench.usb = {"A1": usb("1-1"), "A2": usb("1-2")}
    first, cards = pulled_and_plugged(bench, QUECTEL_EC25, OTHER_EC25)
    assert cards[-1].key != first.key
    assert cards[-1].previous_iccid is None


def test_a_serial_number_that_two_on_the_bench_carry_says_nothing(bench: Bench, intake: Intake) -> None:
    bench.usb = {"A1": usb("1-1"), "A2": usb("1-2"), "A3": usb("1-3")}
    bench.hub.plug(OTHER_EC25, slot="A3")
    other = bench.wait_for_card(CardState.READY)
    first, cards = pulled_and_plugged(bench, QUECTEL_EC25, QUECTEL_EC25)
    assert cards[0].key not in {first.key, other.key}
    assert cards[-1].key == first.key


def test_another_device_gets_its_own_card(bench: Bench, intake: Intake) -> None:
    first, cards = pulled_and_plugged(bench, QUECTEL_EC25, OTHER_EC25)
    assert first.key not in {card.key for card in cards}
    assert cards[-1].previous_iccid is None


def test_an_imei_that_was_never_programmed_finds_nobody(bench: Bench, intake: Intake) -> None:
    first, cards = pulled_and_plugged(bench, NO_IMEI, NO_IMEI)
    assert first.key not in {card.key for card in cards}


def test_after_a_while_it_is_a_new_device(bench: Bench, intake: Intake) -> None:
    bench.hub.plug(QUECTEL_EC25, slot="A1")
    first = bench.wait_for_card(CardState.READY)
    bench.hub.unplug("A1")
    bench.wait_for(lambda event: event == DeviceGone(first.key))
    bench.later_s = KEPT_S + 1
    bench.hub.plug(QUECTEL_EC25, slot="A2")
    assert bench.wait_for_card(CardState.READY).key != first.key


def test_a_sim_exchanged_while_it_was_out_is_told(bench: Bench, intake: Intake) -> None:
    _, cards = pulled_and_plugged(bench, QUECTEL_EC25, replace(QUECTEL_EC25, sim=SPARE_DE))
    assert cards[-1].previous_iccid == VODAFONE_DE.iccid
