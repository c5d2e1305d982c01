"""The ring of attempts that the gate may have taken: what a killed process leaves, and how long it is remembered."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from uuid import uuid4

from app.work.begun import SLOTS, WIDTH, Begun

KILLED = """
import os, signal, sys
from pathlib import Path
from app.work.begun import Begun
begun = Begun(Path(sys.argv[1]))
begun.note("first", 1)
begun.note("second", 2)
begun.forget("first", 1)
os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
"""


def test_what_a_killed_process_noted_is_there(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "begun")], check=False)
    found = Begun(tmp_path / "begun")
    assert found.knows
    assert [found.holds("first", 1), found.holds("second", 2), found.holds("second", 1)] == [False, True, False]


def test_the_last_ones_are_remembered_in_a_file_that_does_not_grow(tmp_path: Path) -> None:
    ids = [str(uuid4()) for _ in range(SLOTS + 40)]
    begun = Begun(tmp_path / "begun")
    for id in ids:
        begun.note(id, 12)
    assert all(begun.holds(id, 12) for id in ids[-SLOTS:])
    assert not begun.holds(ids[0], 12)
    assert (tmp_path / "begun").stat().st_size == SLOTS * WIDTH


def test_a_file_that_is_too_short_is_made_whole(tmp_path: Path) -> None:
    (tmp_path / "begun").write_bytes(b"x")
    begun = Begun(tmp_path / "begun")
    assert not begun.knows
    begun.note("one", 1)
    assert begun.holds("one", 1)
