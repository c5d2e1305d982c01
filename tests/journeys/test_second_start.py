"""A second start of the window, as real processes: the first comes to the front, and there is no second."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.peers.desktop import PATIENCE_S, desktop, until
from tests.peers.program import Program

pytestmark = pytest.mark.timeout(120)

TITLE, TRAINING = "^Gate Station$", "^Gate Station - training$"


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    return Program(tmp_path / "home", more_environment={"XDG_RUNTIME_DIR": str(tmp_path)})


def owners(program: Program) -> set[int]:
    """The processes whose windows answer a second start."""
    runtime = Path(program.more_environment["XDG_RUNTIME_DIR"]) / "gate-station"
    return {int(file.read_text().partition("\n")[0] or 0) for file in runtime.glob("*.address")}


@contextmanager
def window(program: Program, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A window that answers a second start; killed at the end."""
    process = program.start(*arguments)
    try:
        until(lambda: process.pid in owners(program) or process.poll() is not None, "a window that answers")
        assert process.poll() is None
        yield process
    finally:
        process.kill()
        process.communicate()


def test_it_brings_the_first_to_the_front_and_ends(tmp_path: Path) -> None:
    with ExitStack() as stack:
        screen = stack.enter_context(desktop(tmp_path))
        environment = {**screen.environment, "XDG_RUNTIME_DIR": str(tmp_path)}
        program = Program(tmp_path / "home", {"language": "en"}, screen.bus, environment)

        first = stack.enter_context(window(program))
        until(lambda: screen.windows(TITLE), "the window")
        (number,) = screen.windows(TITLE)
        # Over it stands another, of another place: it does not count as the same.
        stack.enter_context(window(program, "training"))
        until(lambda: screen.windows(TRAINING) == screen.front, "training in front")
        screen.ask("windowminimize", number)
        until(lambda: not screen.windows(TITLE), "the window minimized")

        told = replace(program, started_by=(sys.executable, "-X", "importtime", "-m", "ui")).run()

        assert told.code == 0
        assert "a window is open already" in told.err
        until(lambda: screen.windows(TITLE) == [number] == screen.front, "the window in front")
        assert first.poll() is None

        # Not minimized, behind the other.
        (other,) = screen.windows(TRAINING)
        screen.ask("windowactivate", "--sync", other)
        assert program.run().code == 0
        until(lambda: screen.front == [number], "the window in front once more")

        # Neither the journal nor the keyring: what would ask them is not even loaded.
        loaded = {line.rpartition("|")[2].strip() for line in told.err.splitlines()}
        assert "ui.single_instance" in loaded
        assert not {"app.assembly", "app.journal", "app.credentials", "keyring", "sqlcipher3"} & loaded


def test_of_two_that_start_at_once_one_stays(program: Program) -> None:
    both = [program.start() for _ in range(2)]
    try:
        until(lambda: any(process.poll() is not None for process in both), "one that ended")
        assert sorted(str(process.poll()) for process in both) == ["0", "None"]
        assert owners(program) == {process.pid for process in both if process.poll() is None}
    finally:
        for process in both:
            process.kill()
            process.communicate()


def test_one_that_was_killed_leaves_nothing_in_the_way(program: Program) -> None:
    with window(program) as killed:
        killed.kill()
        # Not waited for: what is left of it in the system is in nobody's way either.
        with window(program) as next_one:
            assert program.run().code == 0
            assert next_one.poll() is None


def test_one_that_is_closed_gives_its_place_away(program: Program) -> None:
    with window(program) as first:
        first.terminate()
        first.wait(PATIENCE_S)
        with window(program) as second:
            assert owners(program) == {second.pid}


def test_two_sessions_and_two_journals_have_a_window_each(program: Program, tmp_path: Path) -> None:
    elsewhere = replace(program, more_environment={**program.more_environment, "DISPLAY": ":77"})
    other = replace(program, home=tmp_path / "other")
    with window(program) as first, window(elsewhere) as second, window(other) as third:
        assert owners(program) == {first.pid, second.pid, third.pid}
        # A monitor of the same screen is the same session.
        beside = replace(program, more_environment={**program.more_environment, "DISPLAY": ":77.0"})
        assert beside.run().code == 0
