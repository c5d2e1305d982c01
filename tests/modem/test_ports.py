"""Ports grouped into devices, from a scripted list of the system's ports."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from serial.tools.list_ports_common import ListPortInfo

import resources
from app.modem.ports import devices, port_rules, seen_ports


def usb(
    path: str, ids: str, location: str | None = None, serial: str | None = None, product: str | None = None
) -> ListPortInfo:
    info = ListPortInfo(path)
    info.vid, info.pid = (int(part, 16) for part in ids.split(":"))
    info.location, info.serial_number, info.product = location, serial, product
    return info


def quectel(hub: str, first: int) -> list[ListPortInfo]:
    return [
        usb(f"/dev/ttyUSB{first + number}", "2c7c:0125", f"{hub}:1.{number}", product="EC25") for number in range(4)
    ]


def test_ports_of_one_device_come_together_with_the_at_port_first() -> None:
    ports = seen_ports(provider=lambda: [*quectel("1-1", 0), *quectel("1-2", 4)])
    first, second = devices(ports)
    assert (first.label, len(first.ports)) == ("EC25", 4)
    assert first.at_ports == ("/dev/ttyUSB2", "/dev/ttyUSB3", "/dev/ttyUSB0", "/dev/ttyUSB1")
    assert second.at_ports[0] == "/dev/ttyUSB6"
    assert first.key != second.key


def test_a_product_can_differ_from_its_maker() -> None:
    listed = [usb(f"/dev/ttyUSB{number}", "2c7c:0900", f"1-1:1.{number}") for number in range(4)]
    (device,) = devices(seen_ports(provider=lambda: listed))
    assert device.at_ports[:2] == ("/dev/ttyUSB3", "/dev/ttyUSB2")


def test_an_unknown_device_is_tried_in_the_order_of_its_interfaces() -> None:
    listed = [usb(f"/dev/ttyACM{9 - number}", "ffff:0001", f"1-1:1.{number}", "S1") for number in (4, 0, 2)]
    (device,) = devices(seen_ports(provider=lambda: listed))
    assert device.at_ports == ("/dev/ttyACM9", "/dev/ttyACM7", "/dev/ttyACM5")


def test_what_is_no_modem_is_left_alone_unless_named() -> None:
    adapter = usb("/dev/ttyUSB7", "1a86:7523", "1-4:1.0")
    qdl = usb("/dev/ttyUSB8", "05c6:9008", "1-5:1.0")
    onboard, bare = ListPortInfo("/dev/ttyS0"), ListPortInfo("/dev/ttyUSB90")
    listed = [adapter, qdl, onboard, bare]
    assert [port.path for port in seen_ports(provider=lambda: listed)] == ["/dev/ttyUSB7", "/dev/ttyUSB90"]
    named = seen_ports(["/dev/ttyUSB7", "socket://127.0.0.1:7000"], provider=lambda: listed)
    assert [(port.path, port.chosen) for port in named] == [
        ("/dev/ttyUSB7", True),
        ("socket://127.0.0.1:7000", True),
        ("/dev/ttyUSB90", False),
    ]
    assert [device.at_ports for device in devices(named)] == [(port.path,) for port in named]


def test_an_adapter_is_shown_and_not_asked_by_itself_unless_named() -> None:
    listed = [usb("/dev/ttyUSB7", "1a86:7523", "1-4:1.0", product="USB Serial")]
    (shown,) = devices(seen_ports(provider=lambda: listed))
    assert shown.at_ports == ("/dev/ttyUSB7",)
    assert shown.obstacle is not None
    assert shown.obstacle.askable
    assert "adapter" in shown.obstacle.sentence
    (named,) = devices(seen_ports(["/dev/ttyUSB7"], provider=lambda: listed))
    assert named.obstacle is None


def test_ports_of_the_registry_are_added() -> None:
    listed = [usb("COM7", "2c7c:0125", "1-1:x.2")]
    ports = seen_ports(provider=lambda: listed, registered=lambda: ["COM7", "COM21"])
    assert [(port.path, port.interface) for port in ports] == [("COM7", 2), ("COM21", None)]


def test_looking_opens_nothing_and_grouping_keeps_the_order(tmp_path: Path) -> None:
    missing = str(tmp_path / "ttyUSB0")
    listed = [
        usb(missing, "2c7c:0125", "1-1:1.2"),
        usb("/dev/ttyUSB5", "12d1:1506", "1-2:1.0"),
        usb("/x", "2c7c:0125", "1-1:1.3"),
    ]
    assert [device.at_ports for device in devices(seen_ports(provider=lambda: listed))] == [
        (missing, "/x"),
        ("/dev/ttyUSB5",),
    ]


def test_every_row_of_the_rules_says_why_and_where_it_is_from() -> None:
    assert all(port_rules().denied.values())
    assert all(port_rules().doubtful.values())
    assert all(port_rules().at.values())
    table = tomllib.loads(resources.read_text("ports.toml"))
    assert [row for rows in table.values() for row in rows if not row.get("source")] == []


def test_every_row_of_the_rules_is_read_once() -> None:
    table = tomllib.loads(resources.read_text("ports.toml"))
    for kind in ("deny", "doubt", "at"):
        ids = [(row["vid"], row.get("pid")) for row in table[kind]]
        assert len(ids) == len(set(ids)), kind
        assert all(re.fullmatch(r"[0-9a-f]{4}", number) for pair in ids for number in pair if number)


@pytest.mark.parametrize(
    ("ids", "interfaces", "first"),
    [
        ("2cb7:0007", (2, 4, 6), 2),
        ("1546:1010", (2, 4, 6, 8), 6),
        ("1bc7:0021", (0, 2, 4, 6), 6),
        ("19d2:0031", (0, 1, 2, 3), 1),
        ("12d1:1001", (0, 1, 2), 2),
        ("1782:4d11", (2, 3, 4, 5, 6, 7, 8), 2),
        ("1e0e:9205", (0, 1, 2, 3), 2),
        ("1e0e:9011", (2, 4, 5), 4),
        ("1199:c001", (0, 2, 4), 0),
        ("1bc7:1041", (0, 4, 5, 6, 7), 5),
        ("1e2d:006f", (0, 2, 4, 6), 0),
        ("05c6:908b", (0, 1, 2, 3), 1),
    ],
)
def test_the_at_port_of_known_devices_is_tried_first(ids: str, interfaces: tuple[int, ...], first: int) -> None:
    listed = [usb(f"/dev/ttyUSB{number}", ids, f"1-1:1.{number}") for number in interfaces]
    (device,) = devices(seen_ports(provider=lambda: listed))
    assert device.at_ports[0] == f"/dev/ttyUSB{first}"
    assert len(device.at_ports) == len(interfaces)


@pytest.mark.parametrize(
    "ids", ["04b8:0202", "051d:0002", "091e:0003", "239a:800b", "05e0:1701", "0e8d:2000", "0d28:0204"]
)
def test_printers_scanners_receivers_and_boards_are_left_alone(ids: str) -> None:
    assert seen_ports(provider=lambda: [usb("/dev/ttyACM0", ids, "1-1:1.0")]) == []


@pytest.mark.parametrize("ids", ["05e0:2006", "0e8d:2008", "1782:4d11", "1546:1102", "04e8:6860"])
def test_phones_of_the_same_makers_are_not(ids: str) -> None:
    assert len(seen_ports(provider=lambda: [usb("/dev/ttyACM0", ids, "1-1:1.0")])) == 1
