#!/usr/bin/env python3
"""One command for the installers there are: `python3 installer/build.py windows`.

Freezes the program, slims the folder, packages it, and writes SHA256SUMS and the list of parts (CycloneDX) beside
the packages, all under build/installer/SYSTEM/. Files are dated by the commit and hashes unseeded, for two builds to be
alike. Standard library only.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from dev import Failed, apt_install, bin_of, run, say, script  # noqa: E402 - the folder has to be named first
from installer import lock  # noqa: E402
from installer.linux.tools import PACKAGES  # noqa: E402
from installer.metadata import load_metadata  # noqa: E402
from installer.plan import Build, Package, Python, sums  # noqa: E402
from installer.sbom import sbom  # noqa: E402

HOST = {"linux": "linux", "win32": "windows", "darwin": "macos"}.get(sys.platform, sys.platform)
SYSTEMS = ("linux", "macos", "windows")
"""Those with an `installer/SYSTEM/package.py`."""
MARKERS: Mapping[str, Mapping[str, str]] = {
    "windows": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
    "macos": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
}
FILE_DATE = 1767225600
"""2026-01-01: the date of every file where there is no commit to take it from (a source archive)."""


def commit_date() -> int:
    """SOURCE_DATE_EPOCH where it is set, else the commit's, else FILE_DATE; in seconds since 1970."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    if shutil.which("git") is None:
        return FILE_DATE
    asked = subprocess.run(
        ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"], capture_output=True, text=True, check=False
    )
    return int(asked.stdout) if asked.returncode == 0 else FILE_DATE


def environment(python: str = sys.executable) -> Python:
    """An environment beside the project's own, with what ships and what builds, and no more."""
    venv = ROOT / ".venv-build"
    shipped = lock.requirements(lock.shipped(text("requirements.lock"), text("pyproject.toml")))
    stamp = hashlib.sha256((shipped + text("installer/requirements-build.txt") + python).encode()).hexdigest()
    if not (venv / "stamp").exists() or (venv / "stamp").read_text() != stamp:
        say("making .venv-build")
        apt_install(apart_from_python())
        run(python, "-m", "venv", "--clear", venv)
        install(Python([bin_of(venv, "python")]), shipped)
        (venv / "stamp").write_text(stamp)
    return Python([bin_of(venv, "python")])


WITHOUT_INTEL_WHEELS = ("argon2-cffi-bindings", "cryptography")
"""Built there from their source archives, whose hashes are locked as well. cryptography takes Rust and OpenSSL
(cryptography.io, Installation): see the hosted workflow."""


def apart_from_python() -> Sequence[str]:
    """What Debian keeps in packages of their own, and a Python from elsewhere brings."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return (f"python{version}-venv", f"libpython{version}") if sys.base_prefix == "/usr" else ()


def install(python: Python, shipped: str) -> None:
    """Install what ships and what builds, each file checked against its hash."""
    chosen = ROOT / "build" / "installer" / "requirements-shipped.txt"
    chosen.parent.mkdir(parents=True, exist_ok=True)
    chosen.write_text(shipped, encoding="utf-8")
    built = ("--no-binary", ",".join(WITHOUT_INTEL_WHEELS)) if platform.mac_ver()[2] == "x86_64" else ()
    pip = ("-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--only-binary", ":all:", *built)
    for name in (chosen.relative_to(ROOT), Path("installer/requirements-build.txt")):
        python.run(*pip, "--require-hashes", "-r", name.as_posix())


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def freeze(build: Build) -> None:
    """Freeze the program into `build.frozen`, from nothing."""
    shutil.rmtree(build.work, ignore_errors=True)
    build.out.mkdir(parents=True)
    work = build.work.relative_to(ROOT).as_posix()
    frozen = Python(
        build.python.command, {**build.python.env, "SOURCE_DATE_EPOCH": str(build.epoch_s), "PYTHONHASHSEED": "0"}
    )
    frozen.run(
        *("-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"),
        *("--distpath", f"{work}/dist", "--workpath", f"{work}/work", "installer/app.spec"),
    )


def shipped_pins(build: Build) -> list[lock.Pin]:
    """The pins that apply on this system."""
    chosen = lock.shipped(text("requirements.lock"), text("pyproject.toml"))
    return lock.applying(chosen.values(), MARKERS[build.system], build.python.text)


def package(build: Build) -> list[Path]:
    """Make the packages of what is frozen, with their sums and their list of parts."""
    made: Package = importlib.import_module(f"installer.{build.system}.package").package
    files = list(made(build))
    # Named as the first package, so that those of several processors can lie in one folder.
    bill = files[0].with_suffix(".cdx.json")
    version = build.python.text("import platform; print(platform.python_version())")
    bill.write_text(
        sbom(build.metadata, shipped_pins(build), version, system=build.system, epoch_s=build.epoch_s),
        encoding="utf-8",
    )
    files.append(bill)
    listed = build.out / "SHA256SUMS"
    listed.write_text(sums(files), encoding="utf-8")
    return [*files, listed]


def target_python(system: str) -> Python:
    """The Python that freezes for `system`: this machine's own, or for Windows on Linux one under Wine."""
    if system == HOST:
        if system == "linux":
            apt_install(PACKAGES)
        return environment()
    if system == "windows" and HOST == "linux":
        wine = importlib.import_module("installer.windows.wine")
        made: Python = wine.environment()
        return made
    raise Failed(f"a package for {system} cannot be built on {HOST}: nothing freezes across")


@script
def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("system", choices=SYSTEMS)
    parser.add_argument("--twice", action="store_true", help="build it once more, and compare each byte")
    chosen = parser.parse_args(argv)
    build = Build(chosen.system, load_metadata(), commit_date(), target_python(chosen.system))
    freeze(build)
    made = package(build)
    for path in made:
        say(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1e6:.1f} MB")
    if chosen.twice:
        first = sums(made)
        freeze(build)
        differing = set(first.splitlines()) - set(sums(package(build)).splitlines())
        if differing:
            raise Failed(f"built twice, these differ: {', '.join(line.split()[-1] for line in sorted(differing))}")
        say("built twice, every byte is the same")


if __name__ == "__main__":
    sys.exit(main())
