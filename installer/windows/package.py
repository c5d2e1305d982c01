"""What Windows is given of the frozen folder: setup.exe (NSIS), for one user without an administrator, and the MSI."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from dev import run
from installer.metadata import ROOT
from installer.plan import Build, set_dates
from installer.windows.msi import msi


def package(build: Build) -> list[Path]:
    """Make the packages; returns their paths."""
    set_dates(build.frozen, build.epoch_s)
    return [setup(build), msi(build)]


def setup(build: Build, *, quick: bool = False) -> Path:
    """setup.exe for one user; the same bytes for the same folder. `quick`: larger, in a fifth of the time."""
    about = build.metadata
    out = build.out / about.file_name("windows", "x64", "exe")
    listed = build.work / "removals.nsh"
    files = [path.relative_to(build.frozen).as_posix() for path in build.frozen.rglob("*") if path.is_file()]
    listed.write_text(removals(files), encoding="utf-8")
    values = {
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
    packing = ["-DQUICK"] if quick else []
    run("makensis", "-V2", "-NOCD", *packing, *definitions, ROOT / "installer" / "windows" / "app.nsi")
    return out


def removals(files: list[str]) -> str:
    """NSIS lines that remove these files, and the folders they leave empty: what a user put there stays."""
    folders = {str(parent) for file in files for parent in PurePosixPath(file).parents} - {"."}
    deepest_first = sorted(folders, key=lambda folder: (-folder.count("/"), folder))
    lines = [f'Delete "{_there(file)}"' for file in sorted(files)]
    return "\n".join([*lines, *(f'RMDir "{_there(folder)}"' for folder in deepest_first)]) + "\n"


def _there(path: str) -> str:
    return "$INSTDIR\\" + path.replace("/", "\\").replace("$", "$$")
