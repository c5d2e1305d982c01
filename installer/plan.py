"""One build: for which system, with which Python, from when, and where its files lie."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dev import Failed, run
from installer.metadata import ROOT, Metadata


@dataclass(frozen=True, slots=True)
class Python:
    """The Python of the system that is built for: a command, and the variables it needs.

    Paths handed to it are relative to the project's folder, where it runs: another system may name that otherwise.
    """

    command: Sequence[str | Path]
    env: Mapping[str, str] = field(default_factory=dict)

    def run(self, *arguments: str | Path) -> None:
        """Raises Failed."""
        run(*self.command, *arguments, env=self.env)

    def text(self, code: str) -> str:
        """What the Python prints for `code`. Raises Failed."""
        done = subprocess.run(
            [str(part) for part in (*self.command, "-c", code)],
            cwd=ROOT,
            env={**os.environ, **self.env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Failed(f"the build's Python ended with {done.returncode}: {done.stderr[-500:]}")
        return done.stdout.strip()


@dataclass(frozen=True, slots=True)
class Build:
    """One run: what is built, where the work is done, where the packages go."""

    system: str
    metadata: Metadata
    epoch_s: int
    python: Python
    aside: str = ""
    """A folder in `out` for packages that are not handed out."""

    @property
    def work(self) -> Path:
        return ROOT / "build" / "installer" / self.system

    @property
    def frozen(self) -> Path:
        """The folder that PyInstaller makes, with the executables in it."""
        return self.work / "dist" / self.metadata.command

    @property
    def out(self) -> Path:
        return self.work / "out" / self.aside


Package = Callable[[Build], Sequence[Path]]
"""Slims `build.frozen` and makes packages of it in `build.out`; returns them. `installer/SYSTEM/package.py`."""


def set_dates(folder: Path, epoch_s: int) -> None:
    """Give every file and folder the same date, for archives that keep dates."""
    for path in sorted([folder, *folder.rglob("*")]):
        os.utime(path, (epoch_s, epoch_s), follow_symlinks=os.utime not in os.supports_follow_symlinks)


def sums(files: Sequence[Path]) -> str:
    """The lines of SHA256SUMS, as `sha256sum --check` reads them."""
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(files, key=lambda p: p.name)
    )
