"""Tries the packages on a real Windows, as an administrator: `python -m installer.windows.real FOLDER`.

The computer has no Gate Station, before and after. Each is installed silently, tests itself (the reports go to FOLDER),
is installed once more over itself, and taken off. smoke.py tries more of them, under Wine.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dev import Failed, run, say, script
from installer.metadata import Metadata, load_metadata

REMOVED_S = 60.0
"""The uninstaller goes on from a copy of itself after it has ended."""


@dataclass(frozen=True, slots=True)
class Way:
    """One package: how it goes to `folder` and from it."""

    name: str
    install: Sequence[str | Path]
    folder: Path
    remove: Sequence[str | Path]


def ways(about: Metadata, packages: Path) -> tuple[Way, ...]:
    """What there is for Windows."""
    setup, msi = (packages / about.file_name("windows", "x64", ending) for ending in ("exe", "msi"))
    own = Path(os.environ["LOCALAPPDATA"]) / "Programs" / about.name
    everyones = Path(os.environ["PROGRAMFILES"]) / about.name
    return (
        Way("setup", (setup, "/S"), own, (own / "uninstall.exe", "/S")),
        Way("msi", ("msiexec", "/i", msi, "/qn"), everyones, ("msiexec", "/x", msi, "/qn")),
    )


def attempt(way: Way, about: Metadata, out: Path) -> None:
    """Raises Failed."""
    if way.folder.exists():
        raise Failed(f"{way.folder} is there already: this is for a computer without {about.name}")
    say(f"{way.name}: install")
    run(*way.install)
    report = out / f"{way.name}-self-test.json"
    run(way.folder / f"{about.command}.exe", "--self-test", report)
    program = json.loads(report.read_text(encoding="utf-8"))["program"]
    if not program["frozen"] or program["version"] != about.version:
        raise Failed(f"what tested itself is not this package: {program}")
    say(f"{way.name}: install over it, then uninstall")
    run(*way.install)
    run(*way.remove)
    end = time.monotonic() + REMOVED_S
    while way.folder.exists():
        if time.monotonic() > end:
            raise Failed(f"{way.folder} is left")
        time.sleep(0.5)


@script
def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", type=Path, metavar="FOLDER")
    packages = parser.parse_args(argv).packages.resolve()
    about = load_metadata()
    if sys.platform != "win32":
        raise Failed("this is for Windows; elsewhere installer/smoke.py tries the packages under Wine")
    for way in ways(about, packages):
        attempt(way, about, packages)


if __name__ == "__main__":
    sys.exit(main())
