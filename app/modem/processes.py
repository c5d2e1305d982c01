"""Which program has a port open, as far as Linux lets this account see (proc(5))."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

PROC = Path("/proc")
MODEM_MANAGER = "ModemManager"


class Process(Struct, frozen=True):
    """A running program. `open_files` is None where its owner keeps them to itself."""

    pid: int
    name: str
    open_files: frozenset[str] | None


def processes(proc: Path) -> Iterator[Process]:
    """What runs, as far as this account may see (proc(5)); one that ends meanwhile is left out."""
    for folder in proc.iterdir():
        if folder.name.isdigit():
            try:
                name = (folder / "comm").read_text(encoding="utf-8", errors="replace").strip()
                yield Process(int(folder.name), name, _open_files(folder / "fd"))
            except (FileNotFoundError, ProcessLookupError):
                continue


def _open_files(folder: Path) -> frozenset[str] | None:
    found = set()
    try:
        for link in folder.iterdir():
            try:
                found.add(str(link.readlink()))
            except FileNotFoundError:
                # Closed since the folder was listed.
                continue
    except PermissionError:
        return None
    return frozenset(found)


def holder_of(port: str, proc: Path = PROC) -> str | None:
    """The name of another program that has `port` open; None where none is seen, and on other systems."""
    if not port.startswith("/") or not proc.is_dir():
        return None
    others = (found for found in processes(proc) if found.pid != os.getpid())
    return holder_among(others, str(Path(port).resolve()))


def holder_among(others: Iterable[Process], file: str) -> str | None:
    """Who of them has `file` open. ModemManager keeps its files from all but root: it is suspected where it runs."""
    suspected = None
    for found in others:
        if found.open_files and file in found.open_files:
            return found.name
        if found.open_files is None and found.name == MODEM_MANAGER:
            suspected = found.name
    return suspected
