"""What cables, ports and devices do wrong: a status and a sentence, never an exception, never another's value."""

from __future__ import annotations

import errno
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import serial

from app.identifiers.identity import ReadStatus
from app.modem.line import open_line
from app.modem.port_errors import PortBusy, PortDenied, PortGone, PortMissing, PortUnfit, opening, using
from app.modem.probe import identify
from app.modem.processes import Process, holder_among, holder_of
from tests.modem.devices import ICCID, IMEI, IMSI, NUMBER, Ec25, read
from tests.peers.ptys import Modem, PtyModem, TcpModem

VALUES = {"manufacturer": "Quectel", "model": "EC25", "imei": IMEI, "imsi": IMSI, "iccid": ICCID, "number": NUMBER}
QUESTIONS = 15


@pytest.mark.parametrize("peer", [PtyModem, TcpModem])
@pytest.mark.parametrize("commands", range(1, QUESTIONS))
def test_unplugged_after_any_command(peer: type[PtyModem | TcpModem], commands: int) -> None:
    with peer(Modem(Ec25(), unplug_after=commands)) as device:
        identity = identify(device.path)
    assert identity.status is ReadStatus.GONE
    assert identity.warnings[-1].code == "modem.port-gone"
    assert all(identity.value(name) in {None, value} for name, value in VALUES.items())


def test_a_late_answer_is_never_taken_for_the_next_one() -> None:
    # Longer than the patience with a command about the equipment; the second time it is waited for.
    identity = read(Modem(Ec25(), delays_s={"AT+CGSN": 2.3}))
    assert {name: identity.value(name) for name in VALUES} == VALUES
    assert identity.value("home_mobile_network_name") == "Test"


def test_a_silent_port() -> None:
    identity = read(Modem({}, default=None), deadline_s=1.0)
    assert (identity.status, identity.warnings[0].code) == (ReadStatus.NO_ANSWER, "modem.no-answer")


def test_a_port_that_sends_something_else() -> None:
    identity = read(Modem({}, default=b"$GPGGA,123519,4807.038,N\r\n"), deadline_s=1.0)
    assert (identity.status, identity.warnings[0].code) == (ReadStatus.NOT_A_MODEM, "modem.not-a-modem")


def test_a_flood() -> None:
    identity = read(Modem({}, default=b"\x7e\x00\xff7" * 20_000), deadline_s=1.0)
    assert identity.status is ReadStatus.NOT_A_MODEM


def test_a_flood_after_a_good_start() -> None:
    identity = read(Modem(Ec25({"AT+CIMI": "1234567890" * 8_000})), deadline_s=1.5)
    assert (identity.value("imei"), identity.value("imsi")) == (IMEI, None)


def test_a_device_that_stops_answering() -> None:
    device = Ec25()
    heard: list[str] = []

    def answer(command: str) -> bytes | None:
        heard.append(command)
        return device(command) if len(heard) < 5 else None

    identity = read(Modem(answer), deadline_s=2.0)
    assert identity.status is ReadStatus.PARTIAL
    assert identity.value("imei") == IMEI
    assert identity.warnings[-1].field == "port"


def test_the_time_is_kept() -> None:
    identity = read(Modem(Ec25(), latency_s=0.2), deadline_s=1.0)
    assert identity.status is ReadStatus.PARTIAL
    assert identity.warnings[-1].code == "modem.time-up"


def test_called_off() -> None:
    stop = threading.Event()
    device = Ec25()

    def answer(command: str) -> bytes | None:
        if command == "AT+CPIN?":
            stop.set()
            return None
        return device(command)

    identity = read(Modem(answer), stop=stop)
    assert (identity.value("imei"), identity.warnings[-1].code) == (IMEI, "station.cancelled")


def test_a_port_in_use() -> None:
    with PtyModem(Modem(Ec25())) as peer:
        holder = open_line(peer.path)
        identity = identify(peer.path)
        holder.close()
        assert (identity.status, identity.warnings[0].code) == (ReadStatus.BUSY, "modem.port-busy")
        assert identify(peer.path).status is ReadStatus.OK


HOLD = """
import fcntl, os, sys, termios
port = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
fcntl.flock(port, fcntl.LOCK_EX | fcntl.LOCK_NB)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_the_program_that_holds_a_port_is_named() -> None:
    with PtyModem(Modem(Ec25())) as peer:
        command = [sys.executable, "-c", HOLD, peer.path]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            identity = identify(peer.path)
            name = Path(f"/proc/{holder.pid}/comm").read_text().strip()
            holder.communicate()
    assert identity.status is ReadStatus.BUSY
    assert f"{peer.path} is in use by {name}." in identity.warnings[0].message


@pytest.mark.parametrize(
    ("running", "holder"),
    [
        ([Process(1, "init", None), Process(7, "picocom", frozenset({"/dev/ttyUSB2"}))], "picocom"),
        ([Process(3, "ModemManager", None), Process(7, "picocom", frozenset({"/dev/ttyUSB2"}))], "picocom"),
        ([Process(3, "ModemManager", None), Process(7, "picocom", frozenset({"/dev/ttyUSB3"}))], "ModemManager"),
        ([Process(3, "ModemManager", frozenset()), Process(1, "init", None)], None),
        ([], None),
    ],
)
def test_who_holds_a_port(running: list[Process], holder: str | None) -> None:
    assert holder_among(running, "/dev/ttyUSB2") == holder


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links")
def test_a_port_is_the_same_under_its_other_name_whatever_is_closed_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As /dev/serial/by-id has them."""
    port, other = tmp_path / "ttyUSB2", tmp_path / "usb-Quectel"
    port.touch()
    other.symlink_to(port)
    folder = tmp_path / "proc" / "7"
    (folder / "fd").mkdir(parents=True)
    (folder / "comm").write_text("picocom\n")
    (folder / "fd" / "3").symlink_to(port.resolve())
    (folder / "fd" / "4").symlink_to(tmp_path)
    readlink = Path.readlink

    def closed(link: Path) -> Path:
        if link.name == "4":
            link.unlink()
        return readlink(link)

    monkeypatch.setattr(Path, "readlink", closed)
    assert holder_of(str(other), tmp_path / "proc") == "picocom"


@pytest.mark.parametrize(
    ("port", "status", "code"),
    [
        ("/dev/no-such-port", ReadStatus.GONE, "modem.port-missing"),
        ("socket://127.0.0.1:1", ReadStatus.GONE, "modem.port-missing"),
        ("socket://nowhere", ReadStatus.NOT_A_MODEM, "modem.port-unfit"),
        ("nonsense://1", ReadStatus.NOT_A_MODEM, "modem.port-unfit"),
        ("/dev/null", ReadStatus.NOT_A_MODEM, "modem.port-unfit"),
    ],
)
def test_a_port_that_is_none(port: str, status: ReadStatus, code: str) -> None:
    identity = identify(port)
    assert (identity.status, identity.warnings[0].code) == (status, code)
    assert port in identity.warnings[0].message


@pytest.mark.parametrize(
    ("foreign", "ours"),
    [
        (serial.SerialException(errno.EBUSY, "x"), PortBusy),
        (
            serial.SerialException("could not open port 'COM7': PermissionError(13, 'Access is denied.', None, 5)"),
            PortBusy,
        ),
        (serial.SerialException(errno.EACCES, "x"), PortDenied),
        (serial.SerialException("could not open port 'COM9': FileNotFoundError(2, 'x', None, 2)"), PortMissing),
        (serial.SerialException("Could not configure port: (25, 'x')"), PortUnfit),
        (TimeoutError("x"), PortMissing),
    ],
)
def test_what_opening_raises_becomes_ours(foreign: Exception, ours: type[Exception]) -> None:
    with pytest.raises(ours, match="COM7"), opening("COM7"):
        raise foreign


@pytest.mark.parametrize("foreign", [TypeError("x"), OSError(errno.EIO, "x"), serial.SerialException("x")])
def test_what_an_unplugged_port_raises_becomes_ours(foreign: Exception) -> None:
    with pytest.raises(PortGone), using("COM7"):
        raise foreign
