"""Thirty-two devices at once, some of them in trouble: each healthy one is read right, whatever the others do."""

from __future__ import annotations

import threading

import pytest
from msgspec.structs import replace

from app.training.devices.hub import Hub
from app.training.devices.personalities import (
    DIES_HALF_WAY,
    QUECTEL_EC25,
    ROAMING,
    SIERRA_EM7455,
    SILENT,
    SIMCOM_SIM7600,
    TELIT_LE910,
    UBLOX_SARA_R4,
)
from app.training.devices.personality import Personality, readable
from app.work.events import CardState, DeviceChanged, DeviceGone
from tests.work.benches import WAIT_S, Bench

HEALTHY = (QUECTEL_EC25, SIMCOM_SIM7600, TELIT_LE910, UBLOX_SARA_R4, SIERRA_EM7455, ROAMING)
HANGS = replace(QUECTEL_EC25, name="hangs", hangs_after=3)
FLOODS = replace(QUECTEL_EC25, name="floods", storm=("^FLOOD: " + "7" * 900,), storm_period_s=0.001)
TROUBLED = (SILENT, replace(SILENT, name="silent too"), HANGS, FLOODS, DIES_HALF_WAY)
COUNT = 32
READ = ("manufacturer", "model", "imei", "imsi", "iccid", "number")
ENDED = {CardState.READY, CardState.PARTLY, CardState.NEEDS_YOU, CardState.FAILED}


def devices() -> dict[str, Personality]:
    troubled = {personality.name: personality for personality in TROUBLED}
    healthy = {f"slot {place}": HEALTHY[place % len(HEALTHY)] for place in range(COUNT - len(troubled))}
    return {**troubled, **healthy}


def workers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("read ")]


@pytest.mark.parametrize("sim_poll_s", [0.0, 1.0])
def test_thirty_two_devices(sim_poll_s: float) -> None:
    on_bench = devices()
    with Hub() as hub:
        for slot, personality in on_bench.items():
            hub.plug(personality, slot=slot)
        bench = Bench(hub)
        intake = bench.intake(sim_poll_s)
        intake.run_once()
        assert len(workers()) == COUNT
        waiting = {hub.slot(slot).address for slot in on_bench if slot.startswith("slot ")}
        while waiting:
            event = bench.told.get(timeout=WAIT_S)
            assert isinstance(event, DeviceChanged)
            card = event.card
            if card.state not in ENDED or card.key not in waiting:
                continue
            waiting.discard(card.key)
            wanted = readable(next(on_bench[slot] for slot in on_bench if hub.slot(slot).address == card.key))
            assert card.identity is not None
            assert {name: card.identity.value(name) for name in READ} == {name: wanted[name] for name in READ}
        assert len(workers()) == COUNT
        keys = set(hub.addresses.values())
        for slot in on_bench:
            hub.unplug(slot)
        intake.run_once()
        gone = set()
        while not bench.told.empty():
            event = bench.told.get()
            if isinstance(event, DeviceGone):
                gone.add(event.key)
        assert gone >= keys - {hub.slot(DIES_HALF_WAY.name).address}
        for thread in workers():
            thread.join(WAIT_S)
        assert workers() == []
