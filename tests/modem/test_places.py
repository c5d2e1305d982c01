"""Names of places: kept as texts, given once, never to two places."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.modem.places import LONGEST, SlotRefused, next_name, renamed, slots
from app.modem.ports import PortSeen, devices
from app.settings import Settings, SettingsError

PLACES = st.text("0123456789-.=/:abc", min_size=1, max_size=20).filter(lambda text: text.strip() == text)
NAMES = st.text("ABC123 é", min_size=1, max_size=LONGEST).map(str.strip).filter(bool)


@settings(max_examples=100)
@given(st.dictionaries(PLACES, NAMES, max_size=5), PLACES, NAMES)
def test_what_was_named_is_read_back(named: dict[str, str], place: str, name: str) -> None:
    rows = tuple(f"{at}={called}" for at, called in named.items())
    assert slots(rows) == named
    if any(called == name for at, called in named.items() if at != place):
        with pytest.raises(SlotRefused):
            renamed(rows, place, name)
    else:
        assert slots(renamed(rows, place, name)) == {**named, place: name}
        assert place not in slots(renamed(rows, place, ""))


@pytest.mark.parametrize("name", ["A=1", "x" * (LONGEST + 1)])
def test_a_name_that_cannot_be_kept_is_refused(name: str) -> None:
    with pytest.raises(SlotRefused):
        renamed((), "1-2", name)


@pytest.mark.parametrize(
    ("named", "following"),
    [({}, "A1"), ({"a": "A1", "b": "A2"}, "A3"), ({"a": "B7", "b": "B8", "c": "B2"}, "B3"), ({"a": "left"}, "A1")],
)
def test_the_next_name_follows_the_last(named: dict[str, str], following: str) -> None:
    assert next_name(named) == following


def test_the_place_is_the_usb_location_or_else_the_path() -> None:
    ports = [
        PortSeen("/dev/ttyUSB0", 0x2C7C, 0x0125, "s", "1-2.4", 0),
        PortSeen("/dev/ttyUSB1", 0x2C7C, 0x0125, "s", "1-2.4", 1),
        PortSeen("socket://192.168.10.20:7000", chosen=True),
    ]
    assert [device.place for device in devices(ports)] == ["1-2.4", "socket://192.168.10.20:7000"]


def test_the_setting_takes_pairs_only() -> None:
    assert Settings().changed({"ports.slots": "1-2.4=A1, 1-2.3=A2"}).texts("ports.slots") == ("1-2.4=A1", "1-2.3=A2")
    for wrong in ("A1", "=A1", "1-2="):
        with pytest.raises(SettingsError):
            Settings().changed({"ports.slots": [wrong]})
