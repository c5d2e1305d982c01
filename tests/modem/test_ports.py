"""Ports grouped into devices, from a scripted list of the system's ports."""

from __future__ import annotations

from pathlib import Path

from serial.tools.list_ports_common import ListPortInfo

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
    assert [port.path for port in seen_ports(provider=lambda: listed)] == ["/dev/ttyUSB90"]
    named = seen_ports(["/dev/ttyUSB7", "socket://127.0.0.1:7000"], provider=lambda: listed)
    assert [(port.path, port.chosen) for port in named] == [
        ("/dev/ttyUSB7", True),
        ("socket://127.0.0.1:7000", True),
        ("/dev/ttyUSB90", False),
    ]
    assert [device.at_ports for device in devices(named)] == [(port.path,) for port in named]


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


def test_every_row_of_the_rules_says_why() -> None:
    assert all(port_rules().denied.values())
    assert all(port_rules().at.values())
