"""Everything the checks look at, handed in: where this system keeps its facts, and the parts of the station."""

from __future__ import annotations

import getpass
import os
import shutil
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field
from serial.tools.list_ports import comports

from app.credentials.store import TokenState
from app.gate.client import GateClient
from app.masked import Secret
from app.modem.line import Line, open_line
from app.modem.ports import PortSeen, listing, seen_ports
from app.paths import Paths
from app.settings import Settings
from app.updates.checking import UpdateCheck
from app.work.encryption import Encryption

if TYPE_CHECKING:
    from serial.tools.list_ports_common import ListPortInfo

NETWORK_TIMEOUT_S = 10.0
"""How long the gate may take here; a gate that is slower than this is worth a line, whatever the setting allows."""


class Group(Struct, frozen=True):
    """A group of this system. `members` are those of the group file: not those whose main group it is."""

    name: str
    members: frozenset[str]


class Account(Struct, frozen=True):
    """Who the program runs as; `gids` are the process's groups, fixed when its owner signed in."""

    name: str
    uid: int
    gids: frozenset[int]


def this_account() -> Account:
    """The account of this process. Windows knows no numbers: there 0 stands for them and nothing looks at it."""
    if sys.platform == "win32":
        return Account(getpass.getuser(), 0, frozenset())
    import pwd

    uid = os.geteuid()
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        # A container may run a number that no account has.
        name = str(uid)
    return Account(name, uid, frozenset({*os.getgroups(), os.getegid()}))


def system_group(gid: int) -> Group | None:
    """The group with this number, or None."""
    if sys.platform == "win32":
        return None
    import grp

    try:
        row = grp.getgrgid(gid)
    except KeyError:
        return None
    return Group(row.gr_name, frozenset(row.gr_mem))


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def _now() -> datetime:
    return datetime.now(UTC)


class Surroundings(Struct, frozen=True, kw_only=True):
    """What is looked at. Only the first seven differ from station to station; tests hand in the rest as well.

    `token` may raise CredentialsLocked or CredentialsUnavailable. `listed`, `open_line` and `free_bytes`
    ask the system. `proxy` gives the gate's, as `gate.proxies.proxy_for` does.
    """

    paths: Paths
    settings: Settings
    token_state: Callable[[], TokenState]
    token: Callable[[], Secret | None]
    proxy: Callable[[], str]
    encryption: Encryption
    updates: UpdateCheck
    platform: str = sys.platform
    account: Account = field(default_factory=this_account)
    group: Callable[[int], Group | None] = system_group
    listed: Callable[[], Iterable[ListPortInfo]] = comports
    open_line: Callable[[str], Line] = open_line
    free_bytes: Callable[[Path], int] = _free_bytes
    now: Callable[[], datetime] = _now
    proc: Path = Path("/proc")
    usb: Path = Path("/sys/bus/usb/devices")
    udev: Path = Path("/run/udev/data")
    pid: int = field(default_factory=os.getpid)

    @property
    def extra_ports(self) -> tuple[str, ...]:
        """Ports that the settings name and that are there, or cannot be looked for."""
        return tuple(port for port in self.settings.texts("ports.extra") if not self.is_absent(port))

    def is_absent(self, port: str) -> bool:
        return port.startswith("/") and not Path(port).exists()

    def ports(self) -> list[PortSeen]:
        """The candidate ports. Blocks: Windows can take seconds over Bluetooth ports."""
        return seen_ports(self.extra_ports, self.listed)

    def files(self) -> dict[str, Path]:
        """The device file behind each candidate port that has one."""
        return {port.path: Path(port.path) for port in self.ports() if port.path.startswith("/")}

    def every_port(self) -> list[ListPortInfo]:
        """What the system lists, candidates or not."""
        with listing:
            return list(self.listed())

    @property
    def base_url(self) -> str:
        return self.settings.text("gate.base_url")

    @property
    def network_timeout_s(self) -> float:
        return min(self.settings.number("gate.timeout_s"), NETWORK_TIMEOUT_S)

    def gate(self) -> GateClient:
        """A client of its own: what the doctor asks must not touch the delivery's."""
        return GateClient(self.base_url, timeout_s=self.network_timeout_s, extra_ca=self.settings.text("gate.extra_ca"))
