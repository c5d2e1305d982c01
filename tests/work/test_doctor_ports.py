"""The doctor's checks of ports: real trees under a folder of the test, a real port held by a real program."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from serial.tools.list_ports_common import ListPortInfo

from app.credentials.store import SessionStore
from app.modem import portless
from app.modem.line import Line
from app.modem.port_errors import opening
from app.paths import paths
from app.settings import load_settings
from app.updates.checking import UpdateCheck
from app.work.doctor import drivers, holders, modem_manager, permissions, ports
from app.work.doctor.line import Grade, line
from app.work.doctor.line import Line as Told
from app.work.doctor.surroundings import Account, Group, Surroundings, system_group
from app.work.encryption import Encryption
from tests.peers.usb_tree import Parts, device

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="paths and trees of Linux")

STRANGER = Account("clerk", 4242, frozenset({4243}))


def around(folder: Path, *overrides: str, **parts: object) -> Surroundings:
    (folder / "proc").mkdir(exist_ok=True)
    where = paths(folder)
    kept = SessionStore()
    settings = load_settings(where.settings, overrides)
    given: dict[str, object] = {
        "paths": where,
        "settings": settings,
        "token_state": kept.status,
        "token": kept.load,
        "proxy": str,
        "encryption": Encryption(where, keyring=None, wish=lambda: "auto"),
        "updates": UpdateCheck(settings=settings, keys=(), now=lambda: datetime.now(UTC)),
        "platform": "linux",
        "listed": list,
        "proc": folder / "proc",
        "usb": folder / "usb",
        "udev": folder / "udev",
        **parts,
    }
    return Surroundings(**given)  # type: ignore[arg-type]


def extra(*files: Path) -> str:
    return "ports.extra=" + ",".join(str(file) for file in files)


def listed_port(path: str, vid: int, pid: int, location: str = "", product: str = "") -> ListPortInfo:
    info = ListPortInfo(path)
    info.vid, info.pid, info.location, info.product = vid, pid, location or None, product or None
    return info


def told(findings: object) -> Told:
    return line("x", findings)  # type: ignore[arg-type]


# ports


def test_no_port_says_what_to_plug_in(tmp_path: Path) -> None:
    found = told(ports.look(around(tmp_path)))
    assert found.grade is Grade.WARNING
    assert "Plug a modem" in found.fix


def test_ports_are_told_by_device_and_those_left_alone_with_the_reason(tmp_path: Path) -> None:
    seen = [
        listed_port("/dev/ttyUSB2", 0x2C7C, 0x0125, "1-2.3:1.2", "EC25"),
        listed_port("/dev/ttyUSB3", 0x2C7C, 0x0125, "1-2.3:1.3", "EC25"),
        listed_port("/dev/ttyACM9", 0x2341, 0x0043, "1-2.4:1.0", "Uno"),
    ]
    found = told(ports.look(around(tmp_path, listed=lambda: seen)))
    assert found.grade is Grade.OK
    assert "1 device. EC25: /dev/ttyUSB2 /dev/ttyUSB3." in found.summary
    assert "/dev/ttyACM9 (an Arduino" in found.summary


def test_a_port_of_the_settings_that_is_gone_is_named(tmp_path: Path) -> None:
    found = told(ports.look(around(tmp_path, extra(tmp_path / "gone"))))
    assert found.grade is Grade.WARNING
    assert f"{tmp_path}/gone is named in the settings" in found.summary


def test_a_serial_number_in_a_path_is_masked(tmp_path: Path) -> None:
    port = tmp_path / "usb-Vendor_490154203237518-if02"
    port.touch()
    found = told(ports.look(around(tmp_path, extra(port))))
    assert "490154203237518" not in found.summary
    assert "7518-if02" in found.summary


# permissions


@pytest.fixture
def port(tmp_path: Path) -> Path:
    file = tmp_path / "ttyUSB0"
    file.touch()
    file.chmod(0o660)
    return file


def group_of(file: Path, members: frozenset[str] = frozenset()) -> dict[int, Group]:
    return {file.stat().st_gid: Group("dialout", members)}


@pytest.fixture
def owned(port: Path) -> Path:
    """A port whose group is not root's, where the test may make it so."""
    if os.geteuid() == 0:
        os.chown(port, 0, 20)
    elif port.stat().st_gid == 0:
        pytest.skip("only root can give the file to a group")
    return port


def test_a_port_without_the_right_names_the_group_and_the_command(tmp_path: Path, owned: Path) -> None:
    found = told(permissions.look(around(tmp_path, extra(owned), account=STRANGER, group=group_of(owned).get)))
    assert found.grade is Grade.PROBLEM
    assert f"may not open {owned}: the group dialout may" in found.summary
    assert "sudo usermod -aG dialout clerk" in found.fix
    assert "sign out" in found.fix


def test_a_group_joined_since_signing_in_asks_only_to_sign_in_again(tmp_path: Path, owned: Path) -> None:
    groups = group_of(owned, frozenset({"clerk"}))
    found = told(permissions.look(around(tmp_path, extra(owned), account=STRANGER, group=groups.get)))
    assert found.grade is Grade.PROBLEM
    assert "usermod" not in found.fix
    assert "Sign out" in found.fix


def test_a_port_that_no_group_may_open_asks_for_a_rule(tmp_path: Path, port: Path) -> None:
    port.chmod(0o600)
    found = told(permissions.look(around(tmp_path, extra(port), account=STRANGER)))
    assert found.grade is Grade.PROBLEM
    assert "udev rule" in found.fix


@pytest.mark.parametrize(
    ("mode", "account"),
    [
        (0o660, Account("root", 0, frozenset({0}))),
        (0o606, STRANGER),
    ],
)
def test_who_may_open_is_told_so(tmp_path: Path, port: Path, mode: int, account: Account) -> None:
    port.chmod(mode)
    assert told(permissions.look(around(tmp_path, extra(port), account=account))).grade is Grade.OK


def test_the_ports_own_group_may_open_it(tmp_path: Path, owned: Path) -> None:
    member = Account("clerk", 4242, frozenset({owned.stat().st_gid}))
    assert told(permissions.look(around(tmp_path, extra(owned), account=member))).grade is Grade.OK


def test_the_system_knows_its_groups() -> None:
    assert system_group(0) is not None
    assert system_group(54_321_987) is None


# holders


HOLD = "import os, sys; os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY); print('held', flush=True); sys.stdin.read()"


@pytest.fixture
def terminal() -> Iterator[Path]:
    master, slave = os.openpty()
    yield Path(os.ttyname(slave))
    os.close(master)
    os.close(slave)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_the_program_that_holds_a_port_is_named(tmp_path: Path, terminal: Path) -> None:
    surroundings = around(tmp_path, extra(terminal), proc=Path("/proc"))
    assert told(holders.look(surroundings)).grade is not Grade.PROBLEM
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(terminal)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        found = told(holders.look(surroundings))
        name = Path(f"/proc/{holder.pid}/comm").read_text().strip()
        holder.communicate()
    assert found.grade is Grade.PROBLEM
    assert f"{terminal}: held by {name} (process {holder.pid})." in found.summary
    assert f"Close {name}" in found.fix
    assert told(holders.look(surroundings)).grade is not Grade.PROBLEM


HOLD_ALONE = HOLD.replace("; print", "; import fcntl, termios; fcntl.ioctl(3, termios.TIOCEXCL); print")


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="root turns into someone else for a moment")
def test_a_holder_of_another_account_is_noticed_by_opening(tmp_path: Path, terminal: Path) -> None:
    terminal.chmod(0o666)
    surroundings = around(tmp_path, extra(terminal), proc=Path("/proc"))
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_ALONE, str(terminal)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        os.seteuid(65534)
        try:
            found = told(holders.look(surroundings))
        finally:
            os.seteuid(0)
        holder.communicate()
    assert found.grade is Grade.PROBLEM
    assert f"{terminal} is in use by another program." in found.summary
    assert f"sudo fuser -v {terminal}" in found.fix


def run(folder: Path, pid: int, name: str, *files: Path) -> None:
    process = folder / "proc" / str(pid)
    (process / "fd").mkdir(parents=True)
    (process / "comm").write_text(f"{name}\n")
    for number, file in enumerate(files):
        (process / "fd" / str(number)).symlink_to(file)


def modem_at(folder: Path, place: str, *, ignored: bool = False) -> list[ListPortInfo]:
    (folder / "usb" / place).mkdir(parents=True)
    (folder / "usb" / place / "dev").write_text("189:5\n")
    (folder / "udev").mkdir()
    (folder / "udev" / "c189:5").write_text("E:ID_VENDOR=Quectel\n" + ("E:ID_MM_DEVICE_IGNORE=1\n" if ignored else ""))
    return [listed_port(str(folder / "ttyUSB2"), 0x2C7C, 0x0125, f"{place}:1.2", "EC25")]


def test_modem_manager_that_holds_a_port_comes_with_the_rule_for_its_hub(tmp_path: Path) -> None:
    port = tmp_path / "ttyUSB2"
    port.touch()
    seen = modem_at(tmp_path, "1-2.3")
    run(tmp_path, 71, "ModemManager", port)
    found = told(holders.look(around(tmp_path, listed=lambda: seen)))
    assert found.grade is Grade.PROBLEM
    assert f"{port}: held by ModemManager." in found.summary
    assert 'KERNEL=="1-2.*", ENV{ID_MM_DEVICE_IGNORE}="1"' in found.fix
    assert "udevadm control --reload" in found.fix


def test_modem_manager_is_a_warning_until_the_rule_works(tmp_path: Path) -> None:
    seen = modem_at(tmp_path, "1-2.3")
    run(tmp_path, 71, "ModemManager")
    surroundings = around(tmp_path, listed=lambda: seen)
    assert told(holders.look(surroundings)).grade is Grade.WARNING
    (tmp_path / "udev" / "c189:5").write_text("E:ID_MM_DEVICE_IGNORE=1\n")
    assert told(holders.look(surroundings)).grade is Grade.OK


def test_modem_manager_that_holds_a_port_in_spite_of_the_rule_is_a_problem(tmp_path: Path) -> None:
    port = tmp_path / "ttyUSB2"
    port.touch()
    seen = modem_at(tmp_path, "1-2.3", ignored=True)
    run(tmp_path, 71, "ModemManager", port)
    assert told(holders.look(around(tmp_path, listed=lambda: seen))).grade is Grade.PROBLEM


def test_modem_manager_without_a_device_is_a_warning(tmp_path: Path) -> None:
    run(tmp_path, 71, "ModemManager")
    found = told(holders.look(around(tmp_path)))
    assert found.grade is Grade.WARNING
    assert "run the doctor again" in found.fix


def test_the_rule_covers_each_hub_once_and_a_device_without_a_hub_itself() -> None:
    assert 'KERNEL=="1-2.*|3-1"' in modem_manager.rule(["1-2.3", "1-2.4", "3-1"])


def test_this_program_and_other_files_are_no_holders(tmp_path: Path) -> None:
    port = tmp_path / "ttyUSB0"
    port.touch()
    run(tmp_path, 71, "gate-station", port)
    run(tmp_path, 72, "editor", tmp_path / "letter")
    (tmp_path / "proc" / "73").mkdir()
    assert told(holders.look(around(tmp_path, extra(port), pid=71))).grade is Grade.OK
    assert told(holders.look(around(tmp_path, extra(port), pid=70))).grade is Grade.PROBLEM


def refuses(number: int) -> object:
    def open_line(path: str) -> Line:
        with opening(path):
            raise OSError(number, os.strerror(number))
        raise AssertionError

    return open_line


@pytest.mark.parametrize(
    ("number", "grade"), [(errno.EBUSY, Grade.PROBLEM), (errno.EACCES, Grade.OK), (errno.ENOENT, Grade.OK)]
)
def test_where_the_system_names_no_holder_opening_tells(tmp_path: Path, number: int, grade: Grade) -> None:
    port = tmp_path / "cu.modem"
    port.touch()
    surroundings = around(tmp_path, extra(port), platform="darwin", open_line=refuses(number))
    found = told(holders.look(surroundings))
    assert found.grade is grade
    if grade is Grade.PROBLEM:
        assert f"{port} is in use by another program. This system does not say which." in found.summary


# drivers


@pytest.mark.parametrize(
    ("ids", "interfaces", "expected"),
    [
        (
            "12d1:14dc",
            [("02/06", "cdc_ether", None), ("0a/00", "cdc_ether", None)],
            ("warning", "network card only", "*#06#"),
        ),
        ("12d1:1446", [("08/06", "usb-storage", None)], ("problem", "disc with its Windows driver", "usb-modeswitch")),
        ("2c7c:0801", [("ff/ff", None, None)], ("problem", "option is expected", "modprobe option")),
        ("1546:1141", [("02/02", None, None)], ("problem", "no driver took", "modprobe cdc_acm")),
        ("abcd:0001", [("02/02", None, None)], ("problem", "no driver took", "modprobe cdc_acm")),
        ("18d1:4ee1", [("06/01", None, None)], ("warning", "phone that shows no modem", "USB modem")),
        (
            "2717:ff48",
            [("ff/ff", None, None), ("ff/42", None, None)],
            ("warning", "phone that shows no modem", "*#06#"),
        ),
        ("22b8:2e24", [("e0/01", "rndis_host", None)], ("warning", "network card only", "tethering")),
        ("05ac:12a8", [("06/01", None, None)], ("warning", "phone that shows no modem", "*#06#")),
        ("04e8:6860", [("ff/00", None, None)], ("warning", "no port to read", "another USB mode")),
    ],
)
def test_a_device_without_a_port_is_told_what_it_needs(
    tmp_path: Path, ids: str, interfaces: Parts, expected: tuple[str, str, str]
) -> None:
    grade, summary, fix = expected
    device(tmp_path / "usb", "1-2.4", ids, *interfaces, product="Thing")
    found = told(drivers.look(around(tmp_path)))
    assert found.grade == grade
    assert summary in found.summary
    assert f"Thing ({ids}) at 1-2.4" in found.summary
    assert fix in found.fix


def test_devices_that_concern_nobody_are_passed_over(tmp_path: Path) -> None:
    device(tmp_path / "usb", "usb1", "1d6b:0002", ("09/00", "hub", None), kind="09")
    device(tmp_path / "usb", "1-1", "0781:5567", ("08/06", "usb-storage", None), product="Stick")
    device(tmp_path / "usb", "1-3", "046d:c31c", ("03/01", "usbhid", None), product="Keyboard")
    found = told(drivers.look(around(tmp_path)))
    assert found.grade is Grade.OK
    assert "Stick" not in found.summary


def test_devices_with_ports_are_told_with_their_driver(tmp_path: Path) -> None:
    device(
        tmp_path / "usb",
        "1-2",
        "2c7c:0125",
        ("ff/ff", "option", "ttyUSB0"),
        ("ff/ff", "qmi_wwan", None),
        product="EC25",
    )
    device(tmp_path / "usb", "1-3", "1546:1102", ("02/02", "cdc_acm", "ttyACM0"))
    found = told(drivers.look(around(tmp_path)))
    assert found.grade is Grade.OK
    assert "EC25 (2c7c:0125): option; u-blox (1546:1102): cdc_acm." in found.summary


def test_no_usb_at_all_is_no_trouble(tmp_path: Path) -> None:
    assert told(drivers.look(around(tmp_path))).grade is Grade.OK


def test_elsewhere_the_expected_driver_is_told_from_the_list(tmp_path: Path) -> None:
    seen = [listed_port("COM7", 0x2C7C, 0x0125), listed_port("COM8", 0x1915, 0x520F)]
    found = told(drivers.look(around(tmp_path, platform="win32", listed=lambda: seen)))
    assert "COM7 (Quectel): the maker's USB driver" in found.summary
    assert "COM8 (Nordic Semiconductor): needs no driver of its maker." in found.summary
    assert "Device Manager" in found.summary


def test_every_row_of_the_drivers_table_is_whole() -> None:
    rows = portless.known_devices()
    assert rows[0x12D1, 0x14DC].kind == portless.NETWORK_CARD
    assert {row.kind for row in rows.values()} <= {"modem", "phone", "network", "adapter"}
    assert all("linux" in row.drivers for row in rows.values() if row.kind == portless.MODEM)
