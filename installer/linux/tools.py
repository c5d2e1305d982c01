"""Programs of the system that the package is made with, and the files they are used on."""

from __future__ import annotations

import subprocess
from pathlib import Path

from dev import WINDOW_PACKAGES, Failed

PACKAGES = (
    *("binutils", "chrpath", "dpkg-dev"),
    *WINDOW_PACKAGES,
    *("libcups2", "libgssapi-krb5-2", "libssl3", "libsqlite3-0", "libreadline8"),
)
"""The Debian packages of the programs (readelf, strip, as, ld; chrpath; dpkg-shlibdeps), and those whose libraries the
program's files are linked with: from them come the versions that it depends on."""
ELF = b"\x7fELF"


def output(*command: str | Path, folder: Path | None = None) -> str:
    """What a program prints, run in `folder`. Raises Failed, with its own words, when it does not end with 0."""
    words = [str(part) for part in command]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"{' '.join(words[:4])} ended with {done.returncode}:\n{done.stdout}{done.stderr}".strip())
    return done.stdout


def elves(folder: Path) -> list[Path]:
    """The programs and libraries in `folder`, links left out."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink() and _is_elf(path))


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(ELF)) == ELF
