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
from collections.abc import Iterator
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
from installer.windows.package import package
from installer.windows.wine import (
    WORK,
    Prefix,
    building_prefix,
    cpython,
    python_path,
    shipping_site,
    testing_site,
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
NEWER_IS_THERE = 4
"""The setup's exit code (app.nsi)."""
SETUP_MB, INSTALLED_MB = 35, 110
SUITE = ("core", "gate", "identifiers", "journal", "languages", "operators", "provisioning", "scanning", "training")
"""Folders of tests that are about no system in particular."""
NOT_HERE = ("tests/gate/test_tls.py",)
"""Wine 8 judges certificates by rules of its own."""
SUITE_LIMIT_S = 1200.0
PICTURE_BYTES = 10_000
"""A window with nothing in it takes less."""


def expect(holds: object, what: str) -> None:
    """Say what was seen. Raises Failed where it does not hold."""
    if not holds:
        raise Failed(f"not so: {what}")
    say(f"seen: {what}")


@dataclass(frozen=True, slots=True)
class Installed:
    """The program as it stands in `folder` of a Windows, listed under `root` of its registry. `display` is that of an
    X server."""

    prefix: Prefix
    about: Metadata
    display: str
    folder: Path
    root: str

    @property
    def journal(self) -> Path:
        return self.prefix.local / self.about.command / "journal.db"

    def run(self, *arguments: str, stdin: str = "") -> str:
        """What the command line prints; it ends with 0 or Failed is raised."""
        program = self.folder / f"{self.about.command}.exe"
        return self.prefix.run(program, *arguments, stdin=stdin, limit_s=LIMIT_S, env={"DISPLAY": self.display}).out

    def setup(self, *command: str | Path, check: bool = True) -> int:
        """Run a setup, and wait until it and what it started have ended; its exit code."""
        ended = self.prefix.run(*command, check=check, limit_s=LIMIT_S, env={"DISPLAY": self.display})
        self.prefix.rest()
        return ended.code

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
        prefix.rest()
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


def try_setup(program: Installed, out: Path, older: Path, current: Path) -> None:
    program.setup(older, "/S")
    expect(program.listed() == [OLDER], f"{OLDER} installed silently")
    try_program(program, out)
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
    expect(not program.journal.parent.exists(), "nothing left of the user's after /PURGE")


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
    expect(not program.folder.exists(), "no file left of the program")
    expect(program.listed() == [], "no key left")
    expect(program.journal.exists(), "the journal left to its user")


def megabytes(path: Path) -> float:
    """Of a file, or of all in a folder."""
    return sum(file.stat().st_size for file in (path, *path.rglob("*")) if file.is_file()) / 1e6


def older_packages(build: Build) -> Build:
    """The same program packaged as an older version: what is tried is how one setup meets another."""
    made = replace(build, metadata=replace(build.metadata, version=OLDER), aside="older")
    made.out.mkdir(parents=True, exist_ok=True)
    package(made)
    return made


@contextmanager
def fresh() -> Iterator[Prefix]:
    prefix = Prefix(WORK / "fresh")
    prefix.make()
    try:
        yield prefix
    finally:
        prefix.end()


def try_suite() -> None:
    """The tests of SUITE by the Windows Python, from source."""
    prefix, sites = building_prefix(), python_path(shipping_site(), testing_site())
    without = [f"--ignore={path}" for path in NOT_HERE]
    command = (cpython() / "python.exe", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--timeout=300")
    ended = prefix.run(
        *command, *without, *(f"tests/{folder}" for folder in SUITE), env=sites, check=False, limit_s=SUITE_LIMIT_S
    )
    told = ended.out.strip().splitlines()
    expect(ended.code == 0, f"the tests under Windows: {told[-1] if told else ended.err}")


def smoke(build: Build, display: str) -> None:
    try_suite()
    about, older = build.metadata, older_packages(build)
    out = build.work / "smoke"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()

    def packages(ending: str) -> tuple[Path, Path]:
        first, second = (made.out / made.metadata.file_name("windows", "x64", ending) for made in (older, build))
        return first, second

    with fresh() as prefix:
        program = Installed(prefix, about, display, prefix.local / "Programs" / about.name, "HKCU")
        try_setup(program, out, *packages("exe"))
    with fresh() as prefix:
        try_msi(Installed(prefix, about, display, prefix.c / "Program Files" / about.name, "HKLM"), *packages("msi"))


@script
def main() -> None:
    build = Build("windows", load_metadata(), commit_date(), Python([sys.executable]))
    with screen() as display:
        smoke(build, display)


if __name__ == "__main__":
    sys.exit(main())
