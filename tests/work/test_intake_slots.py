"""Cards name the place the operator named, also after it was renamed, and their sentences do too."""

from __future__ import annotations

from msgspec.structs import replace

from app.identifiers.identity import Identity, ReadStatus, ReadWarning
from app.modem.ports import PortSeen
from app.training.devices.hub import Hub
from app.training.devices.personalities import BY_NAME
from app.work.cards import at_slot
from app.work.events import CardState, DeviceCard, DeviceChanged
from tests.work.benches import Bench

MODEM = "quectel-ec25"


def test_a_card_names_its_slot_and_follows_a_new_name() -> None:
    with Hub() as hub:
        bench = Bench(hub)
        bench.usb[MODEM] = PortSeen("", location="1-2.4")
        with bench.running() as intake:
            intake.name_slots({"1-2.4": "A1"})
            hub.plug(BY_NAME[MODEM])
            card = bench.wait_for_card(CardState.READY)
            assert (card.place, card.slot) == ("1-2.4", "A1")
            intake.name_slots({"1-2.4": "B2"})
            told = bench.wait_for(lambda event: isinstance(event, DeviceChanged) and event.card.slot == "B2")[-1]
            assert told == DeviceChanged(replace(card, slot="B2"))


def test_the_sentence_of_a_named_place_names_it_and_not_the_port() -> None:
    port = "/dev/ttyUSB9"
    card = DeviceCard("k", "modem", port, CardState.FAILED, None, f"{port} gave no answer.", f"Try {port} again.")
    named = at_slot(card, "A4")
    assert (named.sentence, named.remedy) == ("A4 gave no answer.", "Try A4 again.")
    assert at_slot(card, "") == card


def test_the_remarks_of_a_named_place_name_it_too() -> None:
    remark = ReadWarning("port", "modem.time-up", "COM7 did not answer everything within 20 s.")
    identity = Identity("COM7", ReadStatus.PARTIAL, warnings=(remark,))
    named = at_slot(DeviceCard("k", "modem", "COM7", CardState.PARTLY, identity), "A4")
    assert named.identity is not None
    assert [each.message for each in named.identity.warnings] == ["A4 did not answer everything within 20 s."]
