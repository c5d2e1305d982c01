"""A real GNOME Keyring on a bus of its own, for tests of the token's store (Linux).

Needs dbus-daemon and gnome-keyring-daemon. Nothing of the user's own session is used: the bus has no service
directory, so that nothing starts by itself, and home and data folders are the test's.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jeepney import MatchRule, MessageType, message_bus  # type: ignore[import-untyped]
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection  # type: ignore[import-untyped]

PASSWORD = "a password of the test"
SECRET_SERVICE = "org.freedesktop.secrets"
START_S = 10.0

BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


class PrivateBus:
    """A D-Bus session bus on which nothing can be started by asking for it."""

    def __init__(self, folder: Path) -> None:
        config = folder / "bus.conf"
        config.write_text(BUS_CONFIG.format(socket=folder / "bus"))
        self._process = subprocess.Popen(
            [installed("dbus-daemon"), f"--config-file={config}", "--nofork", "--nopidfile", "--print-address=1"],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().strip()
        assert self.address, "dbus-daemon gave no address"

    def connect(self) -> DBusConnection:
        return open_dbus_connection(self.address)

    @contextmanager
    def awaited(self, name: str) -> Iterator[None]:
        """Ends once the service that the block starts has taken `name`."""
        with self.connect() as connection:
            arrival = MatchRule(type="signal", interface="org.freedesktop.DBus", member="NameOwnerChanged")
            arrival.add_arg_condition(0, name)
            Proxy(message_bus, connection, timeout=START_S).AddMatch(arrival)
            with connection.filter(arrival) as signals:
                yield
                arrived = connection.recv_until_filtered(signals, timeout=START_S)
                assert arrived.header.message_type is MessageType.signal

    def stop(self) -> None:
        _end(self._process)


class PrivateKeyring:
    """gnome-keyring-daemon on a private bus. The kept entries outlive `stop()` in `home`."""

    def __init__(self, bus: PrivateBus, home: Path, *, unlocked: bool = True) -> None:
        """Start it and wait until it serves. `unlocked=False` leaves an existing keyring in `home` locked."""
        home.mkdir(exist_ok=True)
        runtime = home / "run"
        runtime.mkdir(mode=0o700, exist_ok=True)
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_RUNTIME_DIR": str(runtime),
            "DBUS_SESSION_BUS_ADDRESS": bus.address,
        }
        command = [installed("gnome-keyring-daemon"), "--foreground", "--components=secrets"]
        with bus.awaited(SECRET_SERVICE):
            self._process = subprocess.Popen(
                [*command, "--unlock"] if unlocked else command,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                # It says on each start that it may not lock memory; a failure shows as the name not arriving.
                stderr=subprocess.DEVNULL,
            )
            assert self._process.stdin is not None
            with self._process.stdin as stdin:
                if unlocked:
                    stdin.write(PASSWORD.encode())

    def freeze(self) -> None:
        """Make it deaf, as a keyring is that waits for its owner."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        # It has ended by itself before (an abort at clients that come and go), and every later test then told of it.
        assert self._process.poll() is None, f"gnome-keyring-daemon ended by itself: {self._process.returncode}"
        self.thaw()
        _end(self._process)


@contextmanager
def unlocked_keyring(folder: Path) -> Iterator[str]:
    """The bus address of a real keyring that lives as long as the block."""
    bus = PrivateBus(folder)
    try:
        keyring = PrivateKeyring(bus, folder / "home")
        try:
            yield bus.address
        finally:
            keyring.stop()
    finally:
        bus.stop()


def _end(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(START_S)
    if process.stdout is not None:
        process.stdout.close()


def installed(program: str) -> str:
    path = shutil.which(program)
    assert path is not None, f"{program} is not installed: these tests need it and do not skip without it"
    return path
