"""The n-th write fails: every step of a station at every point where the system may stop taking its bytes.

A process of its own lowers the largest size that a file of it may have, a little less low each time, until the step
gets through. Beyond that size the system answers EFBIG, as a used-up quota would EDQUOT and a full disk ENOSPC.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.peers.program import ROOT, Program

if os.name == "nt":
    pytest.skip("limits of this kind are POSIX's", allow_module_level=True)

TOLD_BY = {"csv": "file.not-written", "xlsx": "file.not-written", "settings": "settings.not-kept"}


@pytest.mark.parametrize(
    "step",
    ["start", "add", "add_many", "claim", "finish", "cancel", "purge", "token", "csv", "xlsx", "settings"],
)
def test_a_step_that_finds_no_room_at_any_point_loses_nothing_and_says_so(tmp_path: Path, step: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.peers.no_room", str(tmp_path), step],
        cwd=ROOT, capture_output=True, text=True, timeout=50, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    troubles = json.loads(done.stdout)
    assert len(troubles) >= 2
    codes = {code for code, _, _ in troubles}
    assert codes <= {"journal.disk", TOLD_BY.get(step, "station.not-kept" if step == "start" else "journal.disk")}
    assert all(summary.endswith(".") and "room" in summary + remedy for _, summary, remedy in troubles)


def test_the_command_line_says_what_it_kept_and_why_not_the_rest(tmp_path: Path) -> None:
    """A file limit at which some rows fit and others do not: exit code 8, and all that was told as queued is there."""
    imeis = [f'{{"imei": "{body}"}}' for body in ("490154203237518", "356938035643809", "352099001761481")]
    file = tmp_path / "rows.json"
    file.write_text(f"[{', '.join(imeis)}]")
    program = Program(tmp_path / "home", {"gate.base_url": "http://127.0.0.1:9/api/v1"})
    seen = set()
    for size in (0, 1, 20_000, 200_000, 240_000):
        done = subprocess.run(
            ["prlimit", f"--fsize={size}", *program.command("submit", "register", str(file), "--queue-only")],
            cwd=ROOT, env=program.environment(), capture_output=True, text=True, timeout=50, check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr
        assert done.returncode in (0, 8)
        assert done.returncode == 0 or done.stderr.startswith("gate-station: ")
        seen.add(done.returncode)
        said = {json.loads(line)["id"] for line in done.stdout.splitlines()}
        kept = {entry["id"] for entry in program.run("journal", "--json", "--limit", "1000").json}
        assert said <= kept
        assert program.run("journal", "verify").code == 0
    assert seen == {0, 8}
