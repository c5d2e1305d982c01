"""The hub as a program meets it: through pyserial, on loopback."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator

import pytest
import serial
from msgspec.structs import replace

from app.seams import BlockedUiThread, allow_here, refuse_here
from app.training.devices import personalities as bench
from app.training.devices.hub import Hub, HubError
from app.training.devices.personality import Personality, readable

OK = b"\r\nOK\r\n"
FINAL = re.compile(rb"\r\n(OK|ERROR|COMMAND NOT SUPPORT|\+CME ERROR: [^\r]*)\r\n\Z")
PATIENCE_S = 10.0


def brisk(personality: Personality) -> Personality:
    """The same device without its latencies."""
    return replace(personality, latency_s=0.001, latencies={}, storm_period_s=0.02)


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as hub:
        yield hub


def opened(address: str) -> serial.SerialBase:
    return serial.serial_for_url(address, timeout=PATIENCE_S)


def ask(port: serial.SerialBase, command: str) -> bytes:
    """Send one line and read to its final result."""
    port.write(f"{command}\r".encode())
    reply = b""
    while not FINAL.search(reply):
        byte = port.read(1)
        assert byte, f"no final result to {command}: {reply!r}"
        reply += byte
    return reply


def ended(port: serial.SerialBase) -> None:
    """Read what is still on its way, then meet the break of the line."""
    with pytest.raises(serial.SerialException):
        port.read(10_000)


@pytest.mark.parametrize("personality", [p for p in bench.ALL if not p.silent], ids=lambda p: p.name)
def test_every_device_says_what_it_declares(hub: Hub, personality: Personality) -> None:
    address = hub.plug(brisk(replace(personality, dies_after=None)))
    with opened(address) as port:
        said = b"".join(ask(port, f"AT{command}") for command in personality.answers).decode("latin-1")
    declared = readable(personality)
    for name in ("manufacturer", "model", "revision", "imei", "imsi", "iccid", "number"):
        value = declared[name]
        assert value is None or value in said, name


def test_the_bytes_on_the_wire_are_those_of_the_device(hub: Hub) -> None:
    with opened(hub.plug(brisk(bench.QUECTEL_EC25))) as port:
        assert ask(port, "AT+CGSN") == b"AT+CGSN\r\r\n001017010000134\r\n" + OK
        assert ask(port, "ATE0") == b"ATE0\r" + OK
        assert ask(port, "AT+CGMM") == b"\r\nEC25\r\n" + OK


def test_many_devices_are_served_at_once(hub: Hub) -> None:
    for index in range(6):
        hub.plug(brisk(bench.QUECTEL_EC25), slot=f"A{index + 1}")
    ports = [opened(address) for address in hub.addresses.values()]
    assert len(set(hub.addresses.values())) == 6
    for port in ports:
        port.write(b"AT+CGSN\r")
    for port in ports:
        assert b"001017010000134" in port.read_until(OK)
        port.close()


def test_a_storm_blows_without_being_asked_and_stops_when_told(hub: Hub) -> None:
    with opened(hub.plug(brisk(bench.HUAWEI_E3372))) as port:
        assert port.read_until(b"^RSSI:19\r\n").endswith(b"^RSSI:19\r\n")
        assert port.read_until(b"^HCSQ").endswith(b"^HCSQ")
        assert b"001017030000379" in ask(port, "AT+CGSN")
        ask(port, "AT^CURC=0")
        assert ask(port, "AT+CGMM") == b"AT+CGMM\r\r\nE3372\r\n" + OK


def test_a_silent_device_takes_everything_and_says_nothing(hub: Hub) -> None:
    with serial.serial_for_url(hub.plug(bench.SILENT), timeout=0.2) as port:
        port.write(b"AT\r")
        assert port.read(1) == b""


class TestPlugging:
    def test_pulling_a_device_breaks_its_line_and_its_port_is_gone(self, hub: Hub) -> None:
        address = hub.plug(brisk(bench.QUECTEL_EC25))
        port = opened(address)
        ask(port, "AT")
        hub.unplug("quectel-ec25")
        ended(port)
        port.close()
        assert hub.addresses == {}
        with pytest.raises(serial.SerialException):
            opened(address)

    def test_pulling_does_not_wait_for_a_slow_answer(self, hub: Hub) -> None:
        address = hub.plug(replace(bench.QUECTEL_EC25, latency_s=3600))
        port = opened(address)
        port.write(b"AT\r")
        assert port.read(3) == b"AT\r"
        hub.unplug("quectel-ec25")
        ended(port)
        port.close()

    def test_a_device_that_is_put_back_has_its_address_and_fresh_settings(self, hub: Hub) -> None:
        address = hub.plug(brisk(bench.QUECTEL_EC25))
        with opened(address) as port:
            ask(port, "ATE0")
        hub.unplug("quectel-ec25")
        hub.unplug("quectel-ec25")
        assert hub.replug("quectel-ec25") == address
        assert hub.addresses == {"quectel-ec25": address}
        with opened(address) as port:
            assert ask(port, "AT") == b"AT\r" + OK

    def test_a_dying_device_is_gone_by_itself_and_comes_back_when_replugged(self, hub: Hub) -> None:
        address = hub.plug(brisk(replace(bench.DIES_HALF_WAY, dies_after=1)))
        port = opened(address)
        ask(port, "AT")
        port.write(b"AT+CGSN\r")
        ended(port)
        port.close()
        assert hub.replug("dies-half-way") == address
        with opened(address) as port:
            assert b"001017040001292" in ask(port, "AT+CGSN")

    def test_a_card_can_be_exchanged_in_place_and_stays_exchanged(self, hub: Hub) -> None:
        address = hub.plug(brisk(bench.QUECTEL_EC25))
        with opened(address) as port:
            assert b"262020000000001" in ask(port, "AT+CIMI")
            hub.swap_sim("quectel-ec25", bench.SPARE_DE)
            assert b"262020000000099" in ask(port, "AT+CIMI")
        hub.unplug("quectel-ec25")
        hub.replug("quectel-ec25")
        with opened(address) as port:
            assert b"262020000000099" in ask(port, "AT+CIMI")
            hub.swap_sim("quectel-ec25", None)
            assert b"+CME ERROR: 10" in ask(port, "AT+CIMI")

    def test_a_port_in_use_turns_a_second_program_away_and_serves_it_afterwards(self, hub: Hub) -> None:
        address = hub.plug(brisk(bench.QUECTEL_EC25))
        first = opened(address)
        ask(first, "AT")
        second = opened(address)
        ended(second)
        second.close()
        ask(first, "AT")
        first.close()
        with opened(address) as third:
            ask(third, "AT")

    def test_what_it_was_asked_is_remembered(self, hub: Hub) -> None:
        with opened(hub.plug(brisk(bench.QUECTEL_EC25))) as port:
            ask(port, "AT")
            ask(port, "AT+CMEE=2")
        modem = hub.slot("quectel-ec25").modem
        assert modem.asked == ["AT", "AT+CMEE=2"]
        assert modem.settings.cmee == 2
        assert modem.busy_s == pytest.approx(0.002)

    def test_a_slot_is_named_once_and_must_exist(self, hub: Hub) -> None:
        hub.plug(bench.QUECTEL_EC25)
        with pytest.raises(HubError, match="already"):
            hub.plug(bench.QUECTEL_EC25)
        with pytest.raises(HubError, match="no slot"):
            hub.unplug("A9")

    def test_stopping_ends_every_thread_and_frees_every_port(self) -> None:
        before = set(threading.enumerate())
        hub = Hub([bench.QUECTEL_EC25, bench.HUAWEI_E3372])
        address = hub.addresses["quectel-ec25"]
        port = opened(address)
        hub.stop()
        hub.stop()
        ended(port)
        port.close()
        assert set(threading.enumerate()) == before
        with pytest.raises(serial.SerialException):
            opened(address)

    def test_the_window_thread_is_refused(self, hub: Hub) -> None:
        refuse_here()
        try:
            with pytest.raises(BlockedUiThread):
                hub.plug(bench.QUECTEL_EC25)
        finally:
            allow_here()
