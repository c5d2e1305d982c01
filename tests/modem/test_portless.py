"""USB devices without a serial port: which of them get a card, and what it says."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.modem.portless import GRACE_S, PortlessWatch
from app.modem.ports import DeviceSeen, devices, seen_ports
from tests.modem.test_ports import usb
from tests.peers.usb_tree import Parts, device, unplug

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a tree of Linux")

PHONE: Parts = [("06/01", None, None)]


class Watched:
    """A watch whose time passes when the test says so."""

    def __init__(self, folder: Path) -> None:
        self.now = 100.0
        self._watch = PortlessWatch(folder, lambda: self.now)

    def look(self, *served: str) -> list[DeviceSeen]:
        return self._watch.look(served)


@pytest.mark.parametrize(
    ("ids", "parts", "words"),
    [
        ("12d1:14dc", [("02/06", "cdc_ether", None)], ("HiLink", "network card only")),
        ("12d1:1f01", [("08/06", "usb-storage", None)], ("HiLink", "usb-modeswitch")),
        ("12d1:1446", [("08/06", "usb-storage", None)], ("ZeroCD", "usb-modeswitch")),
        ("12d1:14fe", [("08/06", "usb-storage", None), ("08/06", "usb-storage", None)], ("ZeroCD", "usb-modeswitch")),
        ("2cb7:01a0", [("02/0e", "cdc_mbim", None), ("0a/00", "cdc_mbim", None)], ("MBIM", "*#06#")),
        ("2c7c:0801", [("ff/ff", None, None)], ("option is expected", "modprobe option")),
        ("18d1:4ee1", PHONE, ("shows no modem", "*#06#")),
        ("04e8:6860", [("ff/00", None, None)], ("no port to read", "another cable")),
        ("04e8:6860", [], ("no port to read", "another cable")),
        ("22b8:2e24", [("e0/01", "rndis_host", None)], ("network card only", "tethering")),
    ],
)
def test_a_phone_or_modem_without_a_port_is_a_device(
    tmp_path: Path, ids: str, parts: Parts, words: tuple[str, str]
) -> None:
    device(tmp_path, "1-2.4", ids, *parts, serial="S1")
    (found,) = Watched(tmp_path).look()
    assert (found.ports, found.at_ports, found.place) == ((), (), "1-2.4")
    assert found.obstacle is not None
    told = f"{found.label} {found.obstacle.sentence} {found.obstacle.remedy}"
    assert all(word in told for word in words), told
    assert not found.obstacle.askable


@pytest.mark.parametrize(
    ("ids", "parts"),
    [
        ("05ac:024f", [("03/01", "usbhid", None)]),
        ("04e8:61f5", [("08/06", "uas", None)]),
        ("04e8:3301", [("07/01", "usblp", None)]),
        ("046d:c31c", [("03/01", "usbhid", None)]),
        ("2341:0043", [("02/02", "cdc_acm", "ttyACM0")]),
        ("0403:6001", [("ff/ff", "ftdi_sio", "ttyUSB0")]),
        ("8087:0aaa", [("e0/01", "btusb", None)]),
    ],
)
def test_keyboards_discs_printers_and_devices_with_ports_are_not(tmp_path: Path, ids: str, parts: Parts) -> None:
    device(tmp_path, "1-3", ids, *parts)
    device(tmp_path, "usb1", "1d6b:0002", ("09/00", "hub", None), kind="09")
    watched = Watched(tmp_path)
    assert watched.look() == []
    watched.now += GRACE_S
    assert watched.look() == []


def test_a_device_plugged_in_later_is_given_a_moment_for_its_driver(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    assert watched.look() == []
    device(tmp_path, "1-1", "04e8:6860", *PHONE)
    assert watched.look() == []
    watched.now += GRACE_S
    assert len(watched.look()) == 1


def test_another_device_at_the_same_place_is_looked_at_anew(tmp_path: Path) -> None:
    device(tmp_path, "1-1", "046d:c31c", ("03/01", "usbhid", None))
    watched = Watched(tmp_path)
    assert watched.look() == []
    unplug(tmp_path, "1-1")
    watched.look()
    device(tmp_path, "1-1", "04e8:6860", *PHONE)
    watched.look()
    watched.now += GRACE_S
    assert len(watched.look()) == 1


def test_a_device_whose_port_is_there_is_left_to_the_ports_and_keeps_its_key(tmp_path: Path) -> None:
    device(tmp_path, "1-2.4", "04e8:6860", *PHONE, product="SM-G960F", serial="R58")
    watched = Watched(tmp_path)
    (without,) = watched.look()
    (with_port,) = devices(seen_ports(provider=lambda: [usb("/dev/ttyACM0", "04e8:6860", "1-2.4:1.1", "R58")]))
    assert watched.look(with_port.place) == []
    assert without.key == with_port.key


def test_where_there_is_no_such_tree_nothing_is_found(tmp_path: Path) -> None:
    assert Watched(tmp_path / "none").look() == []


def test_no_file_of_a_device_that_concerns_nobody_is_read_again(tmp_path: Path) -> None:
    device(tmp_path, "1-3", "046d:c31c", ("03/01", "usbhid", None))
    watched = Watched(tmp_path)
    assert watched.look() == []
    # Read again, it would be a phone.
    (tmp_path / "1-3" / "idVendor").write_text("04e8")
    (tmp_path / "1-3:1.0" / "bInterfaceClass").write_text("ff")
    assert watched.look() == []
