#!/usr/bin/env python3
"""The task runner: `python3 dev.py demo`, `python3 dev.py test`, and what they are made of.

Standard library only, so that it runs with nothing but Python 3.11 or newer, on Linux, Windows and macOS.
Every command sets up what it needs first; a second time that takes a second.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ParamSpec

ROOT = Path(__file__).resolve().parent
OLDEST = (3, 11)

# Found by adding one package at a time to a minimal Debian 12.
WINDOW_PACKAGES = (
    "libgl1", "libegl1", "libxkbcommon0", "libglib2.0-0", "libfontconfig1", "libdbus-1-3",
    "libxkbcommon-x11-0", "libxcb-cursor0", "libxcb-icccm4", "libxcb-keysyms1", "libxcb-shape0",
)  # fmt: skip
TEST_PACKAGES = (
    "dbus-daemon", "gnome-keyring", "libfaketime",
    "xvfb", "openbox", "xdotool", "at-spi2-core", "imagemagick",
)  # fmt: skip
BENCH_PACKAGES = ("gammu",)


class Failed(Exception):
    """A step ended with an error that its own output explains."""


def say(text: str) -> None:
    print(f"dev: {text}", flush=True)


Arguments = ParamSpec("Arguments")


def script(main: Callable[Arguments, None]) -> Callable[Arguments, int]:
    """The main of a script: its exit code is 0, or 1 where it raises Failed, which is said."""

    @functools.wraps(main)
    def run_main(*arguments: Arguments.args, **named: Arguments.kwargs) -> int:
        try:
            main(*arguments, **named)
        except Failed as failure:
            say(f"FAILED: {failure}")
            return 1
        return 0

    return run_main


def run(*command: str | Path, env: Mapping[str, str] | None = None, quiet: bool = False) -> None:
    """Run a command in the project's folder. Raises Failed, naming it, when it does not end with 0."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        check=False,
        stdout=subprocess.DEVNULL if quiet else None,
    )
    if done.returncode:
        raise Failed(f"{Path(str(command[0])).name} {' '.join(map(str, command[1:4]))} ended with {done.returncode}")


def side_by_side(lanes: Mapping[str, Sequence[Sequence[str]]]) -> None:
    """Run the commands of each lane one after another, and the lanes at once; each line begins with its lane's name.

    A lane stops at the first command that fails, the others go on. Raises Failed, naming each such command.
    """

    def drive(name: str, commands: Sequence[Sequence[str]]) -> str:
        began = time.monotonic()
        for command in commands:
            with subprocess.Popen(
                command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
            ) as process:
                for line in process.stdout or ():
                    print(f"{name:<8}{time.monotonic() - began:4.0f} s  {line}", end="", flush=True)
            if process.returncode:
                return f"{' '.join(command[1:])} ended with {process.returncode}"
        return ""

    # Not bare threads: what one raises, such as of a program that is not there, would end it and nothing else.
    with ThreadPoolExecutor(len(lanes)) as threads:
        failed = list(filter(None, threads.map(drive, lanes.keys(), lanes.values())))
    if failed:
        raise Failed("; ".join(failed))


# --- setting up -----------------------------------------------------------------------------------------


def apt_install(packages: Sequence[str]) -> None:
    """Install the Debian packages that are missing, with sudo where this is not root."""
    if not sys.platform.startswith("linux") or shutil.which("dpkg-query") is None:
        return
    asked = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package}\n", *packages],
        capture_output=True,
        text=True,
        check=False,
    )
    installed = {line.split()[1] for line in asked.stdout.splitlines() if line.startswith("installed ")}
    missing = [package for package in packages if package not in installed]
    if not missing:
        return
    say(f"installing {' '.join(missing)}")
    apt_get("update")
    apt_get("install", "--no-install-recommends", *missing)


def apt_get(*arguments: str | Path) -> None:
    """Run apt-get as root, asking nothing, after any other of this project's. Raises Failed."""
    import fcntl

    (ROOT / "build").mkdir(exist_ok=True)
    # Who finds dpkg's own lock taken is refused.
    with (ROOT / "build" / "apt.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sudo = [] if os.geteuid() == 0 else ["sudo"]
        run(*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y", *arguments, quiet=True)


def bin_of(venv: Path, name: str) -> Path:
    return venv / ("Scripts" if os.name == "nt" else "bin") / (name + (".exe" if os.name == "nt" else ""))


def virtual_environment(python: str, venv: Path) -> Path:
    """The environment `venv` with the locked packages and this project; made anew only when they changed."""
    version = subprocess.run([python, "-VV"], capture_output=True, text=True, check=True).stdout
    content = version.encode() + b"".join(
        (ROOT / name).read_bytes() for name in ("requirements.lock", "pyproject.toml")
    )
    stamp, digest = venv / "stamp", hashlib.sha256(content + str(ROOT).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return bin_of(venv, "python")
    say(f"making {venv.name} ({version.split(chr(10))[0].split(' (')[0]})")
    if importlib.util.find_spec("ensurepip") is None:
        # Debian keeps it in a package of its own.
        apt_install((f"python{sys.version_info.major}.{sys.version_info.minor}-venv",))
    run(python, "-m", "venv", "--clear", venv)
    pip = (bin_of(venv, "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    run(*pip, "--require-hashes", "-r", "requirements.lock")
    run(*pip, "--no-deps", "--no-build-isolation", "--editable", ".")
    stamp.write_text(digest)
    return bin_of(venv, "python")


def setup(packages: Sequence[str] = WINDOW_PACKAGES) -> Path:
    """Everything the program needs; returns the environment's Python."""
    apt_install(packages)
    return virtual_environment(sys.executable, ROOT / ".venv")


def newer_python() -> str | None:
    """The newest Python on this machine that is newer than this one, of those the project supports."""
    found: dict[tuple[int, int], str] = {}
    for minor in range(sys.version_info.minor + 1, sys.version_info.minor + 6):
        candidates = [shutil.which(f"python3.{minor}") or ""]
        candidates += map(str, sorted(Path.home().glob(f".pyenv/versions/3.{minor}.*/bin/python3.{minor}")))
        for candidate in filter(None, candidates):
            # A pyenv shim is there for every version but runs only the chosen one: ask it.
            asked = subprocess.run([candidate, "-c", "import ensurepip, venv"], capture_output=True, check=False)
            if asked.returncode == 0:
                found[3, minor] = candidate
    return found[max(found)] if found else None


# --- the commands ---------------------------------------------------------------------------------------


def lint(python: Path) -> None:
    run(python, "-m", "ruff", "format", "--check", "--quiet", ".")
    run(python, "-m", "ruff", "check", "--quiet", ".")
    run(python, "-m", "mypy")
    venv = python.parent.parent
    run(bin_of(venv, "lint-imports"), "--no-cache")
    workflows = sorted((ROOT / ".github" / "workflows").iterdir())
    run(bin_of(venv, "check-jsonschema"), "--builtin-schema", "vendor.github-workflows", "--quiet", *workflows)
    run(bin_of(venv, "zizmor"), "--offline", "--quiet", *workflows)


def pytest(python: Path, *arguments: str) -> None:
    run(python, "-m", "pytest", "-q", *arguments, env={"QT_QPA_PLATFORM": "offscreen"})


def every_test(python: Path, *arguments: str) -> None:
    """The whole suite. Its tests wait on devices and gates more than they compute: two a core run at once, and who has
    none left takes some of another's."""
    pytest(python, "--numprocesses", str(2 * (os.cpu_count() or 1)), "--dist", "worksteal", *arguments)


def command_setup(_: Sequence[str]) -> None:
    setup((*WINDOW_PACKAGES, *TEST_PACKAGES))


def command_lint(_: Sequence[str]) -> None:
    lint(setup())


def command_test(arguments: Sequence[str]) -> None:
    python = setup((*WINDOW_PACKAGES, *TEST_PACKAGES))
    if arguments:
        pytest(python, *arguments)
        return
    lint(python)
    every_test(python)
    if newer := newer_python():
        say(f"once more with {newer}")
        python = virtual_environment(newer, ROOT / f".venv-{Path(newer).name}")
        every_test(python, "-m", "not drawn")
    else:
        say("no newer Python on this machine: tested with this one only")


def has_display() -> bool:
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def gate_station(*arguments: str) -> None:
    python = setup()
    run(
        bin_of(python.parent.parent, "gate-station"),
        *arguments,
        env={} if has_display() else {"QT_QPA_PLATFORM": "offscreen"},
    )


def command_demo(arguments: Sequence[str]) -> None:
    gate_station("demo", *arguments)


def command_run(arguments: Sequence[str]) -> None:
    gate_station(*arguments)


def rivals() -> None:
    """Another reader to be measured against, in an environment of its own: it is no part of the program."""
    venv, lock = ROOT / ".venv-rivals", ROOT / "tests" / "bench" / "rivals.lock"
    stamp = venv / "stamp"
    if not stamp.exists() or stamp.read_text() != lock.read_text():
        run(sys.executable, "-m", "venv", "--clear", venv)
        run(bin_of(venv, "python"), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock)
        stamp.write_text(lock.read_text())


def command_bench(arguments: Sequence[str]) -> None:
    rivals()
    run(
        setup((*WINDOW_PACKAGES, *BENCH_PACKAGES)),
        "-m",
        "tests.bench",
        *arguments,
        env={"QT_QPA_PLATFORM": "offscreen"},
    )


def command_soak(arguments: Sequence[str]) -> None:
    run(setup((*WINDOW_PACKAGES, *TEST_PACKAGES)), "-m", "tests.soak", *arguments)


def command_screens(arguments: Sequence[str]) -> None:
    offscreen = {"QT_QPA_PLATFORM": "offscreen"}
    if list(arguments) == ["--accept"]:
        run(setup(), "-m", "tests.ui.goldens", "accept", env=offscreen)
    else:
        run(setup(), "-m", "ui.screens", *(arguments or ("build/screens",)), env=offscreen)


def command_installer(arguments: Sequence[str]) -> None:
    """Build installers and try them, several side by side: most of the time each keeps one processor busy.

    `linux` installs and purges on this machine, `windows` works in a Wine, where a part of the tests runs as well.
    """
    python = setup((*WINDOW_PACKAGES, *TEST_PACKAGES))
    steps = ("build", "smoke")
    lanes = {name: [[sys.executable, f"installer/{step}.py", name] for step in steps] for name in arguments}
    if "windows" in lanes:
        lanes["suite"] = [[str(python), "-m", "installer.windows.suite"]]
    side_by_side(lanes)


COMMANDS: Mapping[str, tuple[Callable[[Sequence[str]], None], str]] = {
    "setup": (command_setup, "install what the program and its tests need"),
    "demo": (command_demo, "the training station: a window, or without a display driven and drawn to build/demo/"),
    "run": (command_run, "the program itself; what follows is passed on"),
    "test": (command_test, "everything CI runs; with arguments: pytest with them"),
    "lint": (command_lint, "format, lint, types, import contract, the hosted workflow"),
    "bench": (command_bench, "measure speed and memory, each against its own reference, in one run"),
    "soak": (command_soak, "kill the program at random moments, again and again, and check that nothing is lost"),
    "screens": (command_screens, "draw every screen to build/screens/; --accept: draw the golden pictures anew"),
    "installer": (
        command_installer,
        "build packages and try them, side by side: linux and macos on this machine, windows under Wine",
    ),
}


def main() -> int:
    if sys.version_info < OLDEST:
        say(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; this is {sys.version.split()[0]}")
        return 2
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(f"  {name:<10} {words}" for name, (_, words) in COMMANDS.items()),
    )
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    chosen = parser.parse_args()
    begun = time.monotonic()
    # Told not to keep what it compiles, each of the hundreds of processes below would compile all of it again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    try:
        COMMANDS[chosen.command][0](chosen.arguments)
    except Failed as failure:
        say(f"FAILED: {failure}")
        return 1
    except KeyboardInterrupt:
        return 130
    say(f"{chosen.command}: done in {time.monotonic() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
