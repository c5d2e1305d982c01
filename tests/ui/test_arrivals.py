"""What waits for the window: in its order, only the newest of each device, and a change of state always."""

from __future__ import annotations

from msgspec.structs import replace

from app.work.events import CardState, DeviceCard, DeviceChanged, DeviceGone, LoopFailed
from ui.arrivals import Arrivals

FAILED = LoopFailed("ports", "The ports could not be listed.", "Trying again.")


def card(key: str, state: CardState = CardState.READING, label: str = "modem") -> DeviceChanged:
    return DeviceChanged(DeviceCard(key, label, "/dev/ttyUSB0", state))


def taken(*events: object) -> list[object]:
    arrivals = Arrivals()
    for event in events:
        arrivals.put(event)
    return list(iter(arrivals.take, None))


def test_events_keep_their_order() -> None:
    events = [card("a"), FAILED, card("b"), DeviceGone("a"), card("a")]
    assert taken(*events) == events


def test_of_a_device_being_read_only_the_newest_card_waits() -> None:
    assert taken(card("a", label="USB modem"), card("b"), card("a", label="EC25")) == [
        card("a", label="EC25"),
        card("b"),
    ]


def test_each_change_of_state_is_told() -> None:
    # The desk takes a device that was sent only after it has been seen being read again.
    events = [card("a", CardState.READY), card("a"), card("a", CardState.READY)]
    assert taken(*events) == events


def test_nothing_is_moved_past_a_device_that_went() -> None:
    events = [card("old"), DeviceGone("new"), card("old", label="EC25")]
    assert taken(*events) == events


def test_a_card_that_was_taken_is_not_replaced_any_more() -> None:
    arrivals = Arrivals()
    arrivals.put(card("a"))
    assert arrivals.take() == card("a")
    assert arrivals.put(replace(card("a", label="EC25")))
    assert arrivals.take() == card("a", label="EC25")
    assert arrivals.take() is None


def test_whoever_takes_is_called_once_for_what_waits() -> None:
    arrivals = Arrivals()
    assert [arrivals.put(event) for event in (card("a"), card("b"), card("a"))] == [True, False, False]
    arrivals.take()
    assert not arrivals.put(FAILED)
