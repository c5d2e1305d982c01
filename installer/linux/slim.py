"""Makes the frozen folder smaller: the system's libraries stay with the system, symbols and the builder's places go.

PyInstaller copies each shared library that a file in the folder needs. Those that a Debian package holds are taken from
there again: the .deb depends on them, and they get their security updates.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

from installer.linux import icu
from installer.linux.tools import elves, output

SYMBOLS = " .symtab "
_SEARCHED = re.compile(r"\((?:RPATH|RUNPATH)\).*\[(?P<path>[^]]+)]")
_FOUND = re.compile(r"^\S+: (?P<path>/.*)$", re.MULTILINE)


def slim(folder: Path) -> None:
    """Remove, strip and shorten in the frozen `folder`, and set plain permissions. Raises Failed."""
    internal = folder / "_internal"
    bundled = [path for path in internal.glob("lib*.so*") if not path.is_symlink()]
    for path in of_the_system(bundled):
        path.unlink()
    for data in internal.glob("PySide6/Qt/lib/libicudata.so.*"):
        icu.shorten(data)
    for path in elves(internal):
        told = output("readelf", "--wide", "--sections", "--dynamic", path)
        # Most of Qt is stripped already; it was edited after linking, which a second time does not always survive.
        if SYMBOLS in told:
            output("strip", "--strip-unneeded", path)
        if (searched := _SEARCHED.search(told)) and not searched["path"].startswith("$ORIGIN"):
            # Where the building Python lies: on another machine somebody else may own that place.
            output("chrpath", "--delete", path)
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent == folder else 0o644)


def of_the_system(libraries: Iterable[Path]) -> list[Path]:
    """Those of `libraries` that a Debian package holds. Python's own stays: its modules were frozen with it."""
    asked = {path.name: path for path in libraries if not path.name.startswith("libpython")}
    told = subprocess.run(
        ["dpkg-query", "--search", *(f"*/{name}" for name in asked)], capture_output=True, text=True, check=False
    )
    owned = {Path(match["path"]).name for match in _FOUND.finditer(told.stdout)}
    return [asked[name] for name in sorted(owned & asked.keys())]
