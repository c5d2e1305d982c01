"""A desktop without a screen: X server, window manager, session bus with a real keyring, accessibility bus."""

from __future__ import annotations

import os
import shlex
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from tests.peers.keyring import START_S, PrivateBus, PrivateKeyring, installed

LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
SCANNER_GAP_MS = 6
SCREEN = (1280, 800)
PATIENCE_S = 30.0
LOOK_EVERY_S = 0.05
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desktop:
    """What a program needs to appear on it, and a keyboard and scanner before it. `pressed` are the keys that a person
    has pressed; what a scanner types is not among them."""

    display: str
    bus: str
    pressed: list[str] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DISPLAY": self.display,
            "QT_QPA_PLATFORM": "xcb",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "DBUS_SESSION_BUS_ADDRESS": self.bus,
        }

    def key(self, *names: str) -> None:
        """Press keys one after another, such as `ctrl+Return`, in the window in front."""
        self.pressed.extend(names)
        self.ask("key", "--delay", "150", *names)

    def type(self, text: str) -> None:
        """As a person types."""
        self.pressed.extend(text)
        self.ask("type", "--delay", "90", text)

    def scan(self, code: str) -> None:
        """As a scanner that ends each code with Enter. One process, so that no pause is in the code."""
        gap = str(SCANNER_GAP_MS)
        self.ask("type", "--delay", gap, "--args", "1", code, "key", "--delay", gap, "Return")

    def picture(self, file: Path) -> None:
        """The whole screen, as a PNG."""
        run(["import", "-window", "root", str(file)], self.display)

    def windows(self, title: str) -> list[str]:
        """The numbers of the windows that can be seen, by a pattern of their titles."""
        return self.ask("search", "--onlyvisible", "--name", title, check=False)

    @property
    def front(self) -> list[str]:
        """The number of the window in front; none where there is none."""
        return self.ask("getactivewindow", check=False)

    def ask(self, *arguments: str, check: bool = True) -> list[str]:
        """What xdotool says to a command, word by word."""
        return run(["xdotool", *arguments], self.display, check=check).split()


def run(command: list[str], display: str, *, check: bool = True) -> str:
    program = installed(command[0])
    environment = {**os.environ, "DISPLAY": display}
    return subprocess.run(
        [program, *command[1:]], env=environment, check=check, timeout=30, stdout=subprocess.PIPE, text=True
    ).stdout


def until(look: Callable[[], T | None], what: str, *gone: type[Exception]) -> T:
    """What `look` finds once it finds something; `gone` are faults that mean it does not yet. Neither processes, nor
    windows, nor the accessibility tree tell surely of a change."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        with suppress(*gone):
            if found := look():
                return found
        time.sleep(LOOK_EVERY_S)
    raise AssertionError(f"not seen within {PATIENCE_S:g} s: {what}")


@contextmanager
def desktop(folder: Path) -> Iterator[Desktop]:
    """As long as the block. `folder` is empty and takes what the services write."""
    with ExitStack() as stack:
        display = stack.enter_context(screen())
        bus = PrivateBus(folder)
        stack.callback(bus.stop)
        runtime = folder / "run"
        runtime.mkdir(mode=0o700)
        environment = {
            "PATH": os.environ["PATH"],
            "DISPLAY": display,
            "DBUS_SESSION_BUS_ADDRESS": bus.address,
            "XDG_RUNTIME_DIR": str(runtime),
            "HOME": str(folder),
        }
        keyring = PrivateKeyring(bus, folder / "keyring")
        stack.callback(keyring.stop)
        with bus.awaited("org.a11y.Bus"):
            (launcher,) = [path for path in LAUNCHERS if Path(path).exists()]
            stack.enter_context(_process([launcher, "--launch-immediately"], environment))
        ready = folder / "openbox-is-ready"
        os.mkfifo(ready)
        told = f"sh -c {shlex.quote(f'echo >{shlex.quote(str(ready))}')}"
        stack.enter_context(_process([installed("openbox"), "--startup", told], environment))
        ready.read_text()
        yield Desktop(display, bus.address)


@contextmanager
def screen() -> Iterator[str]:
    """An X server with one screen of SCREEN; the name of the display it chose."""
    read, write = os.pipe()
    command = [
        installed("Xvfb"),
        "-displayfd",
        str(write),
        "-screen",
        "0",
        f"{SCREEN[0]}x{SCREEN[1]}x24",
        "-nolisten",
        "tcp",
    ]
    process = subprocess.Popen([*command, "-noreset"], pass_fds=(write,), stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as told:
            number = told.readline().strip()
        assert number, "Xvfb chose no display"
        yield f":{number}"
    finally:
        process.terminate()
        process.wait(START_S)


@contextmanager
def _process(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(START_S)
