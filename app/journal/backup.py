"""Copies of the journal made before a schema step, and which of them are still of use."""

from __future__ import annotations

from pathlib import Path

from app.journal.driver import copy
from app.masked import Secret


def name(path: Path, version: int) -> Path:
    return path.with_name(f"{path.name}.before-step-{version + 1}")


def make(path: Path, version: int, key: Secret | None = None) -> Path:
    """Copy what is committed in the journal at `path`, which has seen `version` steps, and give where the copy is.
    It is under the same `key`.

    The copy has its name once it is whole and on the disk; an older copy of that name, from a step that failed, is
    replaced. Readable by its owner only. Driver errors pass, after which no copy is left.
    """
    kept = name(path, version)
    part = kept.with_name(f"{kept.name}.part")
    part.unlink(missing_ok=True)
    try:
        part.touch(mode=0o600)
        copy(path, part, key)
        part.replace(kept)
    finally:
        part.unlink(missing_ok=True)
    return kept


def all_of(path: Path) -> list[Path]:
    return sorted(path.parent.glob(f"{path.name}.before-step-*"))


def forget(path: Path, *, before: int | None = None) -> int:
    """Remove the copies, or those made before step `before`; gives how many."""
    stale = [kept for kept in all_of(path) if before is None or _step(kept) <= before]
    for kept in stale:
        kept.unlink(missing_ok=True)
    return len(stale)


def _step(kept: Path) -> int:
    ending = kept.name.rpartition("-")[2]
    return int(ending) if ending.isdigit() else 0
