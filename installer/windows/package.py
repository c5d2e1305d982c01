"""What Windows is given of the frozen folder: setup.exe (NSIS), for one user without an administrator, and the MSI."""

from __future__ import annotations

import sys
from pathlib import Path, PurePosixPath

from dev import run
from installer.metadata import ROOT
from installer.plan import Build, set_dates
from installer.windows.msi import msi

TARGET = "x86-unicode" if sys.platform == "win32" else "amd64-unicode"
"""What the setup itself runs as: NSIS for Windows has 32-bit stubs only; a 64-bit Wine runs only those of 64 bits."""


def package(build: Build) -> list[Path]:
    """Make the packages; returns their paths. The MSI on Linux only, where wixl is."""
    set_dates(build.frozen, build.epoch_s)
    return [setup(build), msi(build)] if sys.platform == "linux" else [setup(build)]


def setup(build: Build) -> Path:
    """setup.exe for one user; the same bytes for the same folder."""
    about = build.metadata
    out = build.out / about.file_name("windows", "x64", "exe")
    listed = build.work / "removals.nsh"
    files = [path.relative_to(build.frozen).as_posix() for path in build.frozen.rglob("*") if path.is_file()]
    listed.write_text(removals(files), encoding="utf-8")
    values = {
        "TARGET": TARGET,
        "NAME": about.name,
        "COMMAND": about.command,
        "WINDOW_COMMAND": about.window_command,
        "VERSION": about.version,
        "NUMBERS": about.windows_version,
        "PUBLISHER": about.publisher,
        "COPYRIGHT": about.copyright,
        "SRC": build.frozen,
        "OUT": out,
        "ICON": ROOT / "installer" / "icons" / "gate-station.ico",
        "REMOVALS": listed,
    }
    definitions = [f"-D{name}={value}" for name, value in values.items()]
    run("makensis", "-V2", "-NOCD", *definitions, ROOT / "installer" / "windows" / "app.nsi")
    return out


def removals(files: list[str]) -> str:
    """NSIS lines that remove these files, and the folders they leave empty: what a user put there stays."""
    folders = {str(parent) for file in files for parent in PurePosixPath(file).parents} - {"."}
    deepest_first = sorted(folders, key=lambda folder: (-folder.count("/"), folder))
    lines = [f'Delete "{_there(file)}"' for file in sorted(files)]
    return "\n".join([*lines, *(f'RMDir "{_there(folder)}"' for folder in deepest_first)]) + "\n"


def _there(path: str) -> str:
    return "$INSTDIR\\" + path.replace("/", "\\").replace("$", "$$")
