"""The SIM of a device that stays plugged: taken out, exchanged, unlocked; and what is kept for support."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from msgspec.structs import replace

from app.identifiers.identity import Identity, SimState
from app.masked import Secret
from app.modem.line import Line, open_line
from app.modem.pin import PinOutcome
from app.modem.port_errors import PortGone
from app.training.devices.hub import Hub
from app.training.devices.personalities import BY_NAME, ORANGE_FR_LOCKED, SPARE_DE, VODAFONE_DE
from app.work.events import CardState, DeviceCard, DeviceChanged, DeviceGone
from app.work.intake import Intake, NoSuchDevice
from tests.work.benches import Bench

EC25 = "quectel-ec25"
ENDED = (CardState.READY, CardState.PARTLY, CardState.NEEDS_YOU, CardState.FAILED)


@pytest.fixture
def bench() -> Iterator[Bench]:
    with Hub() as hub:
        yield Bench(hub)


@pytest.fixture
def intake(bench: Bench) -> Iterator[Intake]:
    with bench.running() as made:
        yield made


def answering(port: str) -> Line:
    """The port, opened, with a device that has answered on it. Raises PortGone where another holds it."""
    line = open_line(port)
    try:
        line.write(b"AT\r")
        while not line.read(1.0).endswith(b"OK\r\n"):
            pass
    except PortGone:
        line.close()
        raise
    return line


def iccid(card: DeviceCard) -> str | None:
    return card.identity.value("iccid") if card.identity else None


@pytest.mark.parametrize("name", [EC25, "telit-le910", "ublox-sara-r4", "simcom-sim7600"])
def test_another_sim_is_noticed_and_told_as_a_change(bench: Bench, intake: Intake, name: str) -> None:
    bench.hub.plug(BY_NAME[name])
    first = bench.wait_for_card(*ENDED)
    assert (first.state, first.previous_iccid) == (CardState.READY, None)
    bench.hub.swap_sim(name, SPARE_DE)
    changed = bench.wait_for_card(CardState.READY)
    assert iccid(changed) == SPARE_DE.iccid.reveal()
    assert first.identity is not None
    assert changed.previous_iccid == first.identity.iccid
    assert changed.key == first.key


def test_a_sim_taken_out_and_another_put_in(bench: Bench, intake: Intake) -> None:
    bench.hub.plug(BY_NAME[EC25])
    bench.wait_for_card(CardState.READY)
    bench.hub.swap_sim(EC25, None)
    empty = bench.wait_for_card(CardState.NEEDS_YOU)
    assert empty.identity is not None
    assert (empty.identity.sim_state, iccid(empty), empty.previous_iccid) == (SimState.ABSENT, None, None)
    bench.hub.swap_sim(EC25, SPARE_DE)
    assert bench.wait_for_card(CardState.READY).previous_iccid == VODAFONE_DE.iccid
    bench.hub.swap_sim(EC25, None)
    bench.wait_for_card(CardState.NEEDS_YOU)
    bench.hub.swap_sim(EC25, SPARE_DE)
    again = bench.wait_for_card(CardState.READY)
    assert (iccid(again), again.previous_iccid) == (SPARE_DE.iccid.reveal(), VODAFONE_DE.iccid)


def test_a_device_that_says_nothing_of_a_sim_is_not_looked_at(bench: Bench) -> None:
    looked: list[str] = []

    def look(known: Identity, **_: object) -> bool:
        looked.append(known.port)
        return False

    reader = replace(bench.reader(), sim_changed=look)
    intake = Intake(
        look=bench.look,
        reader=reader,
        consent=bench.consents(),
        publish=bench.told.put,
        poll_s=0.05,
        sim_poll_s=0.01,
    )
    bench.hub.plug(BY_NAME["samsung-phone"])
    intake.run_once()
    bench.wait_for_card(CardState.PARTLY)
    bench.hub.plug(BY_NAME[EC25])
    intake.run_once()
    bench.wait_for_card(CardState.READY)
    for name in ("samsung-phone", EC25):
        bench.hub.unplug(name)
    intake.run_once()
    assert bench.hub.slot("samsung-phone").address not in looked


def test_a_port_that_another_program_holds_is_left_alone(bench: Bench) -> None:
    bench.hub.plug(BY_NAME[EC25])
    intake = bench.intake(sim_poll_s=0.01)
    intake.run_once()
    card = bench.wait_for_card(CardState.READY)
    held: Line | None = None
    while held is None:
        # A look may be going on; then this program is turned away, as the look would be.
        with suppress(PortGone):
            held = answering(card.port)
    bench.hub.swap_sim(EC25, SPARE_DE)
    held.write(b"AT+CGMI\r")
    assert held.read(2.0)
    assert bench.told.empty()
    held.close()
    assert iccid(bench.wait_for_card(CardState.READY)) == SPARE_DE.iccid.reveal()
    bench.hub.unplug(EC25)
    intake.run_once()


def test_a_pin_unlocks_the_sim_and_the_device_is_read_again(bench: Bench, intake: Intake) -> None:
    bench.hub.plug(BY_NAME["sim-locked"])
    key = bench.wait_for_card(CardState.NEEDS_YOU).key
    wrong = intake.enter_pin(key, Secret("0000"))
    assert (wrong.outcome, wrong.attempts_left) == (PinOutcome.WRONG, 2)
    bench.wait_for_card(CardState.NEEDS_YOU)
    assert intake.enter_pin(key, Secret("4711")).outcome is PinOutcome.OK
    card = bench.wait_for_card(CardState.READY)
    assert iccid(card) == ORANGE_FR_LOCKED.iccid.reveal()
    assert "4711" not in intake.trace(key)


def test_a_pin_for_a_device_that_is_gone(intake: Intake) -> None:
    with pytest.raises(NoSuchDevice):
        intake.enter_pin("nowhere", Secret("1234"))


def test_the_last_reading_is_kept_for_support_masked_also_after_the_device_has_gone(
    bench: Bench, intake: Intake
) -> None:
    bench.hub.plug(BY_NAME[EC25])
    card = bench.wait_for_card(CardState.READY)
    bench.hub.unplug(EC25)
    bench.wait_for(lambda event: isinstance(event, DeviceGone))
    text = intake.trace(card.key)
    assert "> AT+QCCID" in text
    assert card.identity is not None
    for name in ("imei", "imsi", "iccid", "number"):
        value = card.identity.value(name)
        assert value is not None
        assert value.lstrip("+") not in text
    assert intake.trace("nowhere") == ""


def test_nothing_is_told_while_the_sim_stays(bench: Bench, intake: Intake) -> None:
    bench.hub.plug(BY_NAME[EC25])
    bench.wait_for_card(CardState.READY)
    asked = len(bench.hub.slot(EC25).modem.asked)
    bench.hub.plug(BY_NAME["telit-le910"])
    told = bench.wait_for(lambda event: isinstance(event, DeviceChanged) and event.card.state is CardState.READY)
    assert {event.card.port for event in told if isinstance(event, DeviceChanged)} == {
        bench.hub.slot("telit-le910").address
    }
    looks = bench.hub.slot(EC25).modem.asked[asked:]
    assert set(looks) == {"AT+QCCID"}
