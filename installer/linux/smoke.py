"""Installs the .deb as an administrator would, works with the installed program, purges it, and looks at what is left.

Run by `installer/smoke.py linux`, as root or with sudo. Pictures and report stay in build/installer/linux/smoke/.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from app.paths import policy_file
from app.training.devices.personalities import BY_NAME
from app.training.devices.personality import readable
from app.training.gate import TrainingGate
from dev import TEST_PACKAGES, Failed, apt_get, apt_install, say, script
from installer.linux.tools import output
from installer.metadata import ROOT, load_metadata
from installer.starts import WINDOW_S, against_the_source, stop
from tests.peers.cables import plugged
from tests.peers.desktop import screen
from tests.peers.keyring import unlocked_keyring
from tests.peers.program import Program

NAME = load_metadata().command
PROGRAM = f"/usr/bin/{NAME}"
"""Named whole: an environment on the path may have one of the same name."""
WORK = ROOT / "build" / "installer" / "linux"
PACKAGES = (*TEST_PACKAGES, "desktop-file-utils", "appstream", "mandoc", "lintian", "bash-completion", "debconf")
LOOKED_AT = ("/etc", "/opt", "/srv", "/usr", "/var/lib", "/var/spool")
OF_OTHERS = re.compile(r"/var/lib/(apt|dpkg|systemd|man-db|PackageKit)/|/var/cache/|/__pycache__")
"""Lists that dpkg, apt and their like keep of their own."""
RULES = Path("/etc/udev/rules.d/78-gate-station-bench.rules")
MODEM = "quectel-ec25"
LARGEST_DEB, LARGEST_INSTALLED = 35e6, 110e6
JOURNEY = ROOT / "tests" / "journeys" / "test_from_outside.py"
STARTS = 5
COLOURS = 100
"""A picture of the bare X server has one or two."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What the steps work on: the package, the installed program with a home of its own, the same from source."""

    deb: Path
    out: Path
    folder: Path
    installed: Program
    source: Program


@script
def main() -> None:
    began = time.monotonic()
    apt_install(PACKAGES)
    tried(the_package())
    say(f"the .deb was tried in {time.monotonic() - began:.0f} s")


def tried(deb: Path) -> None:
    """Every step on this machine, and the machine as it was before. Raises Failed."""
    if installed():
        raise Failed(f"{NAME} is installed on this machine: purging it would take it from whoever uses it")
    # First what it depends on, which stays: what is there now is to be there afterwards, and no more.
    apt_get("satisfy", "--no-install-recommends", output("dpkg-deb", "-f", deb, "Depends").strip())
    before = files()
    try:
        with bench(deb) as given:
            for step in STEPS:
                say(f"{step.__name__.replace('_', ' ')}: {step(given)}")
    finally:
        if installed():
            apt_get("purge", NAME)
    say(f"nothing is left: {nothing_left(before)}")


def the_package() -> Path:
    found = list((WORK / "out").glob("*.deb"))
    if len(found) != 1:
        raise Failed(f"{len(found)} packages in {WORK / 'out'}: build one with installer/build.py linux")
    return found[0]


@contextmanager
def bench(deb: Path) -> Iterator[Bench]:
    out = WORK / "smoke"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "bus").mkdir()
        with unlocked_keyring(folder / "bus") as bus, screen() as shown:
            environment = {"DISPLAY": shown, "QT_QPA_PLATFORM": "xcb"}
            source = Program(folder / "home", bus=bus, more_environment=environment)
            yield Bench(deb, out, folder, replace(source, started_by=(PROGRAM,)), source)
            if not (folder / "home" / "journal.db").exists():
                raise Failed("the user's journal is gone")


# --- the steps, in order; each returns what it saw, or raises Failed -----------------------------------------


def sizes(given: Bench) -> str:
    deb, taken = given.deb.stat().st_size, int(output("dpkg-deb", "-f", given.deb, "Installed-Size")) * 1024
    said = f"package {deb / 1e6:.1f} MB, installed {taken / 1e6:.1f} MB"
    if deb > LARGEST_DEB or taken > LARGEST_INSTALLED:
        raise Failed(f"{said}: more than {LARGEST_DEB / 1e6:g} and {LARGEST_INSTALLED / 1e6:g} MB")
    return said


def package_is_well_made(given: Bench) -> str:
    output("lintian", "--allow-root", "--fail-on", "error,warning", given.deb)
    return "lintian has no error and no warning"


def install(given: Bench) -> str:
    apt_get("install", "--no-install-recommends", given.deb)
    if not installed():
        raise Failed("apt-get ended well and the package is not installed")
    if changed := output("dpkg", "--verify", NAME).strip():
        raise Failed(f"files are not as they were packed: {changed}")
    if RULES.exists():
        raise Failed("ModemManager was told off without being asked")
    return output("dpkg-query", "-W", "-f", "${Package} ${Version} ${db:Status-Status}", NAME)


def desktop_entry_metadata_and_manual(_: Bench) -> str:
    output("desktop-file-validate", f"/usr/share/applications/{NAME}.desktop")
    output("appstreamcli", "validate", "--no-net", f"/usr/share/metainfo/{load_metadata().app_id}.metainfo.xml")
    output("mandoc", "-Tlint", "-W", "style,stop", f"/usr/share/man/man1/{NAME}.1.gz")
    if "EXIT STATUS" not in output("man", "--local-file", f"/usr/share/man/man1/{NAME}.1.gz"):
        raise Failed("the manual page does not tell the exit codes")
    return "valid"


def completion(_: Bench) -> str:
    code = (
        f". /usr/share/bash-completion/completions/{NAME};"
        f"COMP_WORDS=({NAME} journal ex); COMP_CWORD=2; _{NAME.replace('-', '_')}; echo ${{COMPREPLY[*]}}"
    )
    if (found := output("bash", "-c", code).strip()) != "export":
        raise Failed(f"`{NAME} journal ex` is completed to {found!r}")
    return f"journal ex -> {found}"


def bench_hub(given: Bench) -> str:
    """The question is answered afterwards, as `dpkg-reconfigure` does."""
    answer = given.folder / "answer"
    answer.write_text(f"{NAME} {NAME}/bench-hub string 1-2\n")
    root("debconf-set-selections", answer)
    root("dpkg-reconfigure", NAME)
    rule = RULES.read_text() if RULES.exists() else ""
    if 'KERNEL=="1-2.*"' not in rule or "ID_MM_DEVICE_IGNORE" not in rule:
        raise Failed(f"the rule for the hub is {rule!r}")
    return rule.strip()


def version_and_ports(given: Bench) -> str:
    version = given.installed.run("--version").out.strip()
    if version != f"{NAME} {load_metadata().version}":
        raise Failed(f"--version says {version!r}")
    ports = given.installed.run("ports", "--json")
    if ports.code:
        raise Failed(f"ports ended with {ports.code}: {ports.err}")
    return f"{version}, {len(ports.json)} devices"


def self_test(given: Bench) -> str:
    report = given.out / "self-test.json"
    ended = given.installed.run("--self-test", str(report))
    told = json.loads(report.read_text(encoding="utf-8"))
    facts = {part["name"]: part.get("facts", {}) for part in told["parts"]}
    if ended.code or not told["ok"]:
        raise Failed(f"the self-test failed:\n{ended.out}{ended.err}")
    if not told["program"]["frozen"]:
        raise Failed("the self-test was of another program than the installed one")
    if facts["window"]["platform"] != "xcb":
        raise Failed(f"the self-test was not on X11: {facts}")
    return f"{len(facts)} parts on {facts['window']['platform']}, window shown in {facts['window']['shown_ms']} ms"


def window_on_the_screen(given: Bench) -> str:
    """The training station's window, as the X server has it."""
    picture = given.out / "screen.png"
    shown = given.installed.more_environment["DISPLAY"]
    process = given.installed.start("training")
    try:
        end, colours = time.monotonic() + WINDOW_S, 0
        while colours < COLOURS:
            if time.monotonic() > end or process.poll() is not None:
                raise Failed(f"no window was drawn within {WINDOW_S:g} s ({colours} colours)")
            output("import", "-display", shown, "-window", "root", picture)
            colours = int(output("identify", "-format", "%k", picture))
    finally:
        stop(process)
    return f"{picture.relative_to(ROOT)}, {colours} colours"


def modem_on_a_line(given: Bench) -> str:
    """A simulated modem on a pseudo-terminal is read, then registered at a gate; the token waits in the keyring."""
    with TrainingGate() as gate, plugged(given.folder / "modem", BY_NAME[MODEM]) as modem:
        station = replace(given.installed, settings={"gate.base_url": gate.base_url})
        read = station.run("read", "--port", str(modem), "--json")
        if read.code or read.json[0]["imei"] != readable(BY_NAME[MODEM])["imei"]:
            raise Failed(f"reading {modem.name} ended with {read.code}: {read.out}{read.err}")
        if station.run("token", "set", stdin=f"{gate.token.reveal()}\n").code:
            raise Failed("the keyring did not take the token")
        row = {"username": "ana", **{key: read.json[0][key] for key in ("imei", "iccid", "imsi", "number")}}
        rows = given.folder / "rows.json"
        rows.write_text(json.dumps([row]))
        sent = station.run("submit", "register", str(rows), "--wait", "20")
        if sent.code or [record["imei"] for record in gate.records] != [row["imei"]]:
            raise Failed(f"registering ended with {sent.code}: {sent.out}{sent.err}")
        station.run("token", "clear")
    if (given.folder / "home" / "journal.db").read_bytes().startswith(b"SQLite format 3"):
        raise Failed("the journal is not encrypted, although there is a keyring")
    return f"{modem.name} read and registered; the gate holds {len(gate.records)} record, the journal is encrypted"


def shift_seen_from_outside(given: Bench) -> str:
    """A new device, a SIM replacement, a batch, an offline day and a refused token, by keys and scanner alone."""
    told = output(sys.executable, "-m", "pytest", "-q", "-rP", JOURNEY, "--program", PROGRAM, "-p", "no:cacheprovider")
    (given.out / "journey.txt").write_text(told)
    if not (counts := re.findall(r"^.+: \d+ keys, [\d.]+ s$", told, re.MULTILINE)):
        raise Failed("the shift told nothing of its keys")
    return "; ".join(counts)


def start_against_the_source(given: Bench) -> str:
    return against_the_source(
        lambda: given.installed.start("training"),
        lambda: given.source.start("training"),
        given.source.more_environment["DISPLAY"],
        starts=STARTS,
    )


def purge(_: Bench) -> str:
    """With an administrator's policy in its place, which goes along."""
    root("cp", f"/usr/share/doc/{NAME}/examples/policy.json", policy_file())
    apt_get("purge", NAME)
    if installed():
        raise Failed("apt-get ended well and the package is still installed")
    return "done"


STEPS: tuple[Callable[[Bench], str], ...] = (
    sizes,
    package_is_well_made,
    install,
    desktop_entry_metadata_and_manual,
    completion,
    bench_hub,
    version_and_ports,
    self_test,
    window_on_the_screen,
    modem_on_a_line,
    shift_seen_from_outside,
    start_against_the_source,
    purge,
)


def nothing_left(before: frozenset[str]) -> str:
    """No new file under the folders of the system that no package owns, and no answer to the package's question."""
    left = [path for path in sorted(files() - before) if not owned(path)]
    if left or NAME in output("debconf-show", "--listowners").split():
        raise Failed(f"purging left {left or 'the answer to its question'}")
    return f"{len(before)} files and folders looked at under {', '.join(LOOKED_AT)}"


def files() -> frozenset[str]:
    found = (str(path) for top in LOOKED_AT for path in Path(top).rglob("*"))
    return frozenset(path for path in found if not OF_OTHERS.search(path))


def owned(path: str) -> bool:
    """Whether a package holds it: one that somebody else installed meanwhile."""
    return subprocess.run(["dpkg-query", "--search", path], capture_output=True, check=False).returncode == 0


def installed() -> bool:
    asked = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status}", NAME], capture_output=True, text=True, check=False
    )
    return asked.stdout not in {"", "not-installed"}


def root(*command: str | Path) -> None:
    """Run as root, asking nothing."""
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    output(*sudo, "env", "DEBIAN_FRONTEND=noninteractive", *command)


if __name__ == "__main__":
    sys.exit(main())
