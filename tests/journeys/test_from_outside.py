"""A shift seen from outside: the program as a process on a desktop, its window read as a screen reader reads it and
driven by the keys of a keyboard and a scanner, devices on pseudo-terminals, a real keyring, the training gate."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import pytest

from app.masked import Secret
from app.training.devices.personalities import BY_NAME, SPARE_DE
from app.training.gate import TrainingGate
from tests.peers.accessible import ACTIVE, Gone, Node, programs
from tests.peers.cables import Cable
from tests.peers.desktop import PATIENCE_S, SCREEN, Desktop, desktop
from tests.peers.desktop import until as seen
from tests.peers.program import Program

pytestmark = pytest.mark.timeout(240)

T = TypeVar("T")
TOKEN, NEW_TOKEN = "journey-token", "journey-token-two"
MODEM, OTHER, THIRD = BY_NAME["quectel-ec25"], BY_NAME["telit-le910"], BY_NAME["simcom-sim7600"]
IMEI = MODEM.hardware.imei.reveal()


def until(look: Callable[[], T | None], what: str) -> T:
    """What `look` finds once it finds something: while a window is being built, parts of its tree come and go."""
    return seen(look, what, Gone)


@dataclass
class Window:
    """The window of the program, as its tree tells of it."""

    node: Node
    process: subprocess.Popen[str]

    def find(self, role: str, name: str) -> Node:
        def look() -> Node | None:
            return next((node for node in self.node.all() if node.role == role and name in node.name), None)

        return until(look, f"{role} {name!r}")

    def reads(self, name: str, text: str) -> None:
        """Waits until the field `name` holds `text`."""
        until(lambda: self.find("text", name).text.replace(" ", "") == text, f"{name} {text}")

    def says(self, words: str) -> None:
        """Waits until something that shows says so."""
        until(lambda: any(words in f"{node.name} {node.description}" for node in self.node.all()), words)

    def said(self) -> list[str]:
        """All that shows, for a failure's message."""
        return [f"{node.role}: {node.name} {node.description}".strip() for node in self.node.all() if node.name]


@dataclass
class Shop:
    """A station, its gate, and a hub with three places."""

    desktop: Desktop
    gate: TrainingGate
    program: Program
    cables: list[Cable]

    @contextmanager
    def window(self) -> Iterator[Window]:
        """The program's window, in front and ready; killed at the end of the block if it runs still."""
        process = self.program.start()
        try:
            with programs(self.desktop.bus) as root:
                node = until(
                    lambda: next((child for child in root.children() if child.name == "gate-station"), None), "it"
                )
                window = Window(node, process)
                window.find("push button", "Register")
                until(lambda: any(frame.has(ACTIVE) for frame in node.children()), "its window in front")
                yield window
        except AssertionError:
            self.desktop.picture(self.program.home.parent / "failed.png")
            raise
        finally:
            process.kill()
            process.communicate()


@pytest.fixture
def shop(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Shop]:
    with ExitStack() as stack:
        screen = stack.enter_context(desktop(tmp_path))
        gate = stack.enter_context(TrainingGate(token=Secret(TOKEN)))
        hub = tmp_path / "hub"
        hub.mkdir()
        cables = [Cable(hub / name) for name in ("A1", "A2", "A3")]
        for cable in cables:
            stack.callback(cable.pull)
        settings = {
            "gate.base_url": gate.base_url,
            "ports.extra": ",".join(str(cable.path) for cable in cables),
            "ports.sim_poll_s": 0.5,
            "scanner.external_ids": "CRM-#####",
            "delivery.backoff_max_s": 1,
            "language": "en",
            "sounds": "off",
        }
        program = Program(tmp_path / "home", settings, screen.bus, screen.environment)
        if installed := request.config.getoption("--program"):
            program = replace(program, started_by=(installed,))
        assert program.run("token", "set", stdin=f"{TOKEN}\n").code == 0
        yield Shop(screen, gate, program, cables)


def record(shop: Shop, **wanted: str) -> None:
    """Waits until the gate holds a record with these values."""
    until(
        lambda: any(all(held.get(key) == value for key, value in wanted.items()) for held in shop.gate.records),
        f"a record with {', '.join(wanted)}",
    )


@contextmanager
def at_most(shop: Shop, keys: int, what: str) -> Iterator[None]:
    """The goal of a flow: so many keys of a person. How long it took, devices and gate included, `pytest -rP` tells."""
    shop.desktop.pressed.clear()
    begun = time.monotonic()
    yield
    sys.stdout.write(f"{what}: {len(shop.desktop.pressed)} keys, {time.monotonic() - begun:.1f} s\n")
    assert len(shop.desktop.pressed) <= keys


def test_a_new_device_and_then_another_sim(shop: Shop) -> None:
    with shop.window() as window:
        with at_most(shop, 3, "a new device"):
            shop.cables[0].plug(MODEM)
            window.reads("IMEI", IMEI)
            window.says("Ready")
            shop.desktop.scan(f"IMEI1: {IMEI}")
            window.says("Matches the label")
            shop.desktop.scan("CRM-20418")
            window.reads("External id", "CRM-20418")
            shop.desktop.key("ctrl+Return")
            record(shop, imei=IMEI, user_external_id="CRM-20418")
            window.says("Registered")
        with at_most(shop, 2, "a SIM replacement"):
            shop.desktop.key("F3")
            window.find("push button", "Send changes")
            shop.cables[0].swap_sim(SPARE_DE)
            window.reads("ICCID", SPARE_DE.iccid.reveal())
            window.says("change")
            shop.desktop.key("ctrl+Return")
            record(shop, imei=IMEI, iccid=SPARE_DE.iccid.reveal(), user_external_id="CRM-20418")
            window.says("Updated")
    assert len(shop.gate.records) == 1


def test_the_window_is_whole_on_a_small_screen(shop: Shop) -> None:
    with shop.window() as window:
        left, top, width, height = window.find("check box", "Settings").place
        assert left >= 0 <= top
        assert left + width <= SCREEN[0]
        assert top + height <= SCREEN[1]


def test_a_batch_on_the_hub(shop: Shop) -> None:
    with shop.window() as window, at_most(shop, 2, "a batch of three"):
        # As soon as there is a window: before the journal is open.
        shop.desktop.key("F7")
        for cable, modem in zip(shop.cables, (MODEM, OTHER, THIRD), strict=True):
            cable.plug(modem)
        window.find("push button", "Send 3 ready")
        shop.desktop.key("ctrl+Return")
        for modem in (MODEM, OTHER, THIRD):
            record(shop, imei=modem.hardware.imei.reveal())
    assert len(shop.gate.records) == 3


def test_a_day_without_the_gate(shop: Shop) -> None:
    shop.gate.close_door()
    with shop.window() as window:
        shop.cables[0].plug(MODEM)
        window.reads("IMEI", IMEI)
        window.says("Ready")
        shop.desktop.key("ctrl+Return")
        window.says("Offline since")
        window.says("nothing is lost")
        shop.desktop.key("alt+F4")
        window.find("push button", "Close")
        shop.desktop.key("alt+F4")
        assert window.process.wait(PATIENCE_S) == 0
    assert shop.gate.records == []
    shop.gate.open_door()
    with shop.window() as window:
        record(shop, imei=IMEI)
        window.says("Registered")
    assert len(shop.gate.effects) == 1


def test_a_token_that_is_refused_in_mid_shift(shop: Shop) -> None:
    with shop.window() as window:
        shop.cables[0].plug(MODEM)
        window.reads("IMEI", IMEI)
        window.says("Ready")
        shop.gate.token = Secret(NEW_TOKEN)
        shop.desktop.key("ctrl+Return")
        window.find("push button", "Enter a new token")
        shop.cables[1].plug(OTHER)
        window.says("2 connected")
        window.find("push button", "Enter a new token").press()
        window.find("text", "New token")
        shop.desktop.scan(NEW_TOKEN)
        window.find("push button", "Yes, keep it")
        shop.desktop.key("Return")
        record(shop, imei=IMEI)
        window.says("Registered")
        # The work went on meanwhile, and stands as it was.
        shop.desktop.key("ctrl+2", "ctrl+Return")
        record(shop, imei=OTHER.hardware.imei.reveal())
    assert len(shop.gate.effects) == 2
