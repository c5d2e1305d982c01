"""The first loop on real lines: cards come, fill and go as devices are plugged, read and pulled."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from app.identifiers.identity import Identity, ReadStatus
from app.training.devices.hub import Hub
from app.training.devices.personalities import BY_NAME, SPARE_DE
from app.training.devices.personality import readable
from app.work.events import CardState, DeviceChanged, DeviceGone, LoopFailed
from app.work.intake import Intake
from tests.work.benches import POLL_S, WAIT_S, Bench


@pytest.fixture
def bench() -> Iterator[Bench]:
    with Hub() as hub:
        yield Bench(hub)


@pytest.fixture
def intake(bench: Bench) -> Iterator[Intake]:
    with bench.running() as made:
        yield made


def test_a_plugged_device_is_read_by_itself_and_what_is_known_shows_at_once(bench: Bench, intake: Intake) -> None:
    bench.hub.plug(BY_NAME["quectel-ec25"])
    seen = bench.wait_for(lambda event: isinstance(event, DeviceChanged) and event.card.state is CardState.READY)
    cards = [event.card for event in seen if isinstance(event, DeviceChanged)]
    assert cards[0].state is CardState.READING
    partial = [card for card in cards[:-1] if card.identity and card.identity.imei and not card.identity.imsi]
    assert partial, "the IMEI shows before the SIM is read"
    wanted = readable(BY_NAME["quectel-ec25"])
    assert cards[-1].identity is not None
    assert cards[-1].identity.value("imei") == wanted["imei"]
    assert cards[-1].label == "Quectel EC25"
    assert len({card.key for card in cards}) == 1


def test_a_pulled_device_goes_also_while_it_is_read(bench: Bench, intake: Intake) -> None:
    bench.hub.plug(BY_NAME["slow"])
    card = bench.wait_for_card(CardState.READING)
    bench.hub.unplug("slow")
    assert bench.wait_for(lambda event: isinstance(event, DeviceGone))[-1] == DeviceGone(card.key)


def test_a_device_plugged_again_is_read_again(bench: Bench, intake: Intake) -> None:
    bench.hub.plug(BY_NAME["telit-le910"])
    first = bench.wait_for_card(CardState.READY)
    bench.hub.unplug("telit-le910")
    bench.wait_for(lambda event: isinstance(event, DeviceGone))
    bench.hub.replug("telit-le910")
    assert bench.wait_for_card(CardState.READY).key == first.key


def test_read_again_sees_a_swapped_sim(bench: Bench, intake: Intake) -> None:
    bench.hub.plug(BY_NAME["quectel-ec25"])
    card = bench.wait_for_card(CardState.READY)
    bench.hub.swap_sim("quectel-ec25", SPARE_DE)
    intake.read_again(card.key)
    again = bench.wait_for_card(CardState.READY)
    assert again.identity is not None
    assert again.identity.value("iccid") == SPARE_DE.iccid.reveal()


@pytest.mark.parametrize(
    ("name", "state", "word"),
    [
        ("sim-locked", CardState.NEEDS_YOU, "locked"),
        ("no-sim", CardState.NEEDS_YOU, "SIM"),
        ("dies-half-way", CardState.FAILED, "went away"),
    ],
)
def test_a_device_in_trouble_says_so_on_its_card(
    bench: Bench, intake: Intake, name: str, state: CardState, word: str
) -> None:
    bench.hub.plug(BY_NAME[name])
    card = bench.wait_for_card(CardState.NEEDS_YOU, CardState.FAILED, CardState.READY, CardState.PARTLY)
    assert card.state is state
    assert word in card.sentence


def test_silence_just_after_plugging_is_a_start_not_a_fault(bench: Bench, intake: Intake) -> None:
    bench.hub.plug(BY_NAME["silent"])
    assert bench.wait_for_card(CardState.STARTING, CardState.FAILED).state is CardState.STARTING


def test_one_device_in_trouble_delays_no_other(bench: Bench, intake: Intake) -> None:
    bench.hub.plug(BY_NAME["slow"])
    bench.wait_for_card(CardState.READING)
    bench.hub.plug(BY_NAME["huawei-e3372"])
    assert bench.wait_for_card(CardState.READY).label.lower().startswith("huawei")


def test_a_look_that_fails_is_told_and_the_watch_goes_on(bench: Bench, intake: Intake) -> None:
    bench.faults = 2
    assert isinstance(bench.wait_for(lambda event: isinstance(event, LoopFailed))[-1], LoopFailed)
    bench.hub.plug(BY_NAME["sierra-em7455"])
    bench.wait_for_card(CardState.READY)


def test_a_device_that_is_back_before_its_reading_has_ended_waits_for_it(bench: Bench) -> None:
    happened: list[str] = []
    begun, may_end = threading.Semaphore(0), threading.Event()

    def read(port: str, **_: object) -> Identity:
        happened.append("begun")
        begun.release()
        may_end.wait(WAIT_S)
        happened.append("ended")
        return Identity(port, ReadStatus.GONE)

    reader = replace(bench.reader(), read=read)
    intake = Intake(
        look=bench.look,
        reader=reader,
        consent=bench.consents(),
        publish=bench.told.put,
        poll_s=POLL_S,
        sim_poll_s=0,
    )
    bench.hub.plug(BY_NAME["quectel-ec25"])
    intake.run_once()
    assert begun.acquire(timeout=WAIT_S)
    bench.hub.unplug("quectel-ec25")
    intake.run_once()
    bench.hub.replug("quectel-ec25")
    intake.run_once()
    assert not begun.acquire(timeout=0.2)
    may_end.set()
    assert begun.acquire(timeout=WAIT_S)
    bench.wait_for_card(CardState.FAILED)
    assert happened == ["begun", "ended", "begun", "ended"]
    bench.hub.unplug("quectel-ec25")
    intake.run_once()
