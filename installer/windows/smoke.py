"""The packages for Windows tried as an administrator would, in fresh Wines (`installer/smoke.py windows`).

The setup: an older version installed silently, the one that was built over it; the program tests itself, reads a
simulated modem on a COM port, keeps the token in the Credential Locker and registers the modem at the training gate;
it is taken off again. The MSI the same by msiexec. Needs what `installer/build.py windows` made; ends with 1 at the
first thing that is not as it should be.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from app.masked import Secret
from app.training.devices.personalities import BY_NAME
from app.training.gate import TrainingGate
from dev import Failed, say, script
from installer.build import commit_date
from installer.metadata import Metadata, load_metadata
from installer.plan import Build, Python
from installer.starts import against_the_source, await_window, stop
from installer.windows.msi import msi
from installer.windows.package import setup
from installer.windows.wine import (
    WORK,
    Prefix,
    cpython,
    python_path,
    shipping_site,
)
from tests.peers.cables import plugged
from tests.peers.desktop import screen

PORT, TOKEN = "COM7", "smoke-token"
MODEM = BY_NAME["quectel-ec25"]
IMEI = MODEM.hardware.imei.reveal()
ROWS = r"Software\Microsoft\Windows\CurrentVersion\Uninstall"
CREDENTIALS = r"HKCU\Software\Wine\Credential Manager"
OLDER = "0.0.1"
LIMIT_S = 300.0
REMOVED_S = 60.0
STARTS = 3
NEWER_IS_THERE = 4
"""The setup's exit code (app.nsi)."""
SETUP_MB, INSTALLED_MB = 35, 110
PICTURE_BYTES = 10_000
"""A window with nothing in it takes less."""


def expect(holds: object, what: str) -> None:
    """Say what was seen. Raises Failed where it does not hold."""
    if not holds:
        raise Failed(f"not so: {what}")
    say(f"seen: {what}")


def until(holds: Callable[[], object], what: str) -> None:
    """Wait for what comes about after the program that does it has ended. Raises Failed where it does not."""
    end = time.monotonic() + REMOVED_S
    while not holds() and time.monotonic() < end:
        time.sleep(0.1)
    expect(holds(), what)


@dataclass(frozen=True, slots=True)
class Installed:
    """The program as it stands in `folder` of a Windows, listed under `root` of its registry."""

    prefix: Prefix
    about: Metadata
    folder: Path
    root: str

    @property
    def journal(self) -> Path:
        return self.prefix.local / self.about.command / "journal.db"

    @property
    def executable(self) -> Path:
        return self.folder / f"{self.about.command}.exe"

    def run(self, *arguments: str, stdin: str = "") -> str:
        """What the command line prints; it ends with 0 or Failed is raised."""
        return self.prefix.run(self.executable, *arguments, stdin=stdin, limit_s=LIMIT_S).out

    def setup(self, *command: str | Path, check: bool = True) -> int:
        """Run a setup; its exit code. An uninstaller goes on from a copy of itself after it has ended."""
        return self.prefix.run(*command, check=check, limit_s=LIMIT_S).code

    def listed(self) -> list[str]:
        """The versions of it that Windows names among the installed programs."""
        asked = self.prefix.run("reg", "query", rf"{self.root}\{ROWS}", "/s", check=False)
        keys = [dict(_values(key)) for key in asked.out.split("HKEY_")]
        return [key["DisplayVersion"] for key in keys if key.get("DisplayName") == self.about.name]


def _values(key: str) -> Iterator[tuple[str, str]]:
    """Names and values below a key, as reg prints them."""
    for line in key.splitlines():
        name, *rest = line.strip().split("    ")
        if rest:
            yield name, rest[-1]


@contextmanager
def modem(prefix: Prefix, folder: Path) -> Iterator[None]:
    """A simulated modem on PORT of this Windows, as long as the block."""
    with plugged(folder / PORT, MODEM) as port:
        path = str(port.resolve())
        prefix.run("reg", "add", r"HKLM\Software\Wine\Ports", "/v", PORT, "/t", "REG_SZ", "/d", path, "/f")
        # Wine names its ports when its server starts.
        prefix.end()
        prefix.start()
        yield


def try_program(program: Installed, out: Path) -> None:
    """What the installed program does: its own test, reading, the token, and a registration."""
    report = out / "self-test.json"
    program.run("--self-test", f"Z:{report}")
    told = json.loads(report.read_text(encoding="utf-8"))
    expect(told["ok"], f"the self-test's {len(told['parts'])} parts")
    expect(report.with_suffix(".png").stat().st_size > PICTURE_BYTES, "a picture of the window")
    with modem(program.prefix, out), TrainingGate(token=Secret(TOKEN)) as gate:
        (read,) = json.loads(program.run("read", "--port", PORT, "--json"))
        expect(read["imei"] == IMEI, f"a modem read on {PORT}")
        at_gate = ("--set", f"gate.base_url={gate.base_url}")
        program.run(*at_gate, "token", "set", stdin=f"{TOKEN}\n")
        expect(program.run("token", "status").startswith("stored"), "the token kept")
        kept = program.prefix.run("reg", "query", CREDENTIALS, "/s").out
        expect(f"Generic: {program.about.command}" in kept and TOKEN not in kept, "it is in the Credential Locker")
        rows = json.dumps([{key: read[key] for key in ("imei", "iccid", "imsi")}])
        program.run(*at_gate, "submit", "register", "-", "--wait", "60", stdin=rows)
        expect([record["imei"] for record in gate.records] == [IMEI], "the modem registered at the gate")


def try_windows(program: Installed) -> None:
    """Its window, against that of the source; and that a second start opens none."""
    prefix, source = program.prefix, (cpython() / "python.exe", "-m", "ui")
    sites = python_path(shipping_site())
    said = against_the_source(
        lambda: prefix.launch(program.executable, "training"),
        lambda: prefix.launch(*source, "training", env=sites),
        prefix.display,
        starts=STARTS,
    )
    expect(said, said)
    first = prefix.launch(program.executable)
    try:
        await_window(first, prefix.display)
        second = prefix.run(program.executable, limit_s=LIMIT_S)
        expect("a window is open already" in second.err, "a second start shows the first one's window")
        expect(first.poll() is None, "which goes on")
    finally:
        stop(first)


def try_setup(program: Installed, out: Path, older: Path, current: Path) -> None:
    program.setup(older, "/S")
    expect(program.listed() == [OLDER], f"{OLDER} installed silently")
    try_program(program, out)
    try_windows(program)
    program.setup(current, "/S")
    expect(program.listed() == [program.about.version], f"{program.about.version} installed over it")
    kept_journal(program)
    expect(program.setup(older, "/S", check=False) == NEWER_IS_THERE, "the older one refused over the newer")
    expect(megabytes(current) <= SETUP_MB, f"a setup of {megabytes(current):.1f} MB")
    expect(megabytes(program.folder) <= INSTALLED_MB, f"{megabytes(program.folder):.1f} MB installed")
    uninstall = program.folder / "uninstall.exe"
    program.setup(uninstall, "/S")
    gone(program)
    program.setup(current, "/S")
    program.setup(uninstall, "/S", "/PURGE")
    until(lambda: not program.journal.parent.exists(), "nothing left of the user's after /PURGE")
    kept = program.prefix.run("reg", "query", CREDENTIALS, "/s", check=False).out
    expect(program.about.command not in kept, "nor in the Credential Locker")


def try_msi(program: Installed, older: Path, current: Path) -> None:
    program.setup("msiexec", "/i", older, "/qn")
    expect(program.listed() == [OLDER], f"{OLDER} installed for all users, silently")
    rows = json.dumps([{"imei": IMEI}])
    program.run("submit", "register", "-", "--queue-only", stdin=rows)
    program.setup("msiexec", "/i", current, "/qn")
    expect(program.listed() == [program.about.version], f"{program.about.version} in its place")
    kept_journal(program)
    expect(program.setup("msiexec", "/i", older, "/qn", check=False) != 0, "the older one refused over the newer")
    expect(program.listed() == [program.about.version], "and nothing changed by that")
    program.setup("msiexec", "/x", current, "/qn")
    gone(program)


def kept_journal(program: Installed) -> None:
    entries = json.loads(program.run("journal", "--json", "--reveal"))
    expect([entry["fields"]["imei"] for entry in entries] == [IMEI], "the journal kept")


def gone(program: Installed) -> None:
    until(lambda: not program.folder.exists(), "no file left of the program")
    until(lambda: program.listed() == [], "no key left")
    expect(program.journal.exists(), "the journal left to its user")


def megabytes(path: Path) -> float:
    """Of a file, or of all in a folder."""
    return sum(file.stat().st_size for file in (path, *path.rglob("*")) if file.is_file()) / 1e6


def older_packages(build: Build) -> Build:
    """The same program packaged as an older version: what is tried is how one setup meets another."""
    made = replace(build, metadata=replace(build.metadata, version=OLDER), aside="older")
    made.out.mkdir(parents=True, exist_ok=True)
    setup(made, quick=True)
    msi(made)
    return made


@contextmanager
def fresh(display: str) -> Iterator[Prefix]:
    prefix = Prefix(WORK / "fresh", display)
    prefix.make()
    try:
        yield prefix
    finally:
        prefix.end()


def smoke(build: Build, display: str) -> None:
    about, older = build.metadata, older_packages(build)
    out = build.work / "smoke"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()

    def packages(ending: str) -> tuple[Path, Path]:
        first, second = (made.out / made.metadata.file_name("windows", "x64", ending) for made in (older, build))
        return first, second

    with fresh(display) as prefix:
        try_setup(Installed(prefix, about, prefix.local / "Programs" / about.name, "HKCU"), out, *packages("exe"))
    with fresh(display) as prefix:
        try_msi(Installed(prefix, about, prefix.c / "Program Files" / about.name, "HKLM"), *packages("msi"))


@script
def main() -> None:
    build = Build("windows", load_metadata(), commit_date(), Python([sys.executable]))
    with screen() as display:
        smoke(build, display)


if __name__ == "__main__":
    sys.exit(main())
