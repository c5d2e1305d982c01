"""The installation's own check, on this installation: with a real keyring, without one, and with a port that echoes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from app.cli.self_test import Part, run_parts
from app.training.devices.hub import Hub
from app.training.devices.personalities import BY_NAME
from tests.peers.keyring import unlocked_keyring
from tests.peers.program import ROOT


def check(folder: Path, bus: str, *arguments: str) -> tuple[int, dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "ui", "--self-test", str(folder / "told.json"), *arguments],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "DBUS_SESSION_BUS_ADDRESS": bus, "HOME": str(folder)},
        timeout=55,
        check=False,
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, json.loads((folder / "told.json").read_text(encoding="utf-8"))


def test_a_sound_installation_passes_every_part(tmp_path: Path) -> None:
    (tmp_path / "bus").mkdir()
    with unlocked_keyring(tmp_path / "bus") as bus, Hub() as hub:
        modem = BY_NAME["quectel-ec25"]
        hub.plug(modem)
        code, told = check(tmp_path, bus, "--self-test-port", hub.addresses[modem.name])
    assert {part["name"]: part.get("fault", "") for part in told["parts"]} == dict.fromkeys(
        ("drawing", "printing", "languages", "keyring", "journal", "tls", "port", "window"), ""
    )
    assert (code, told["ok"], told["running"]) == (0, True, "")
    assert (tmp_path / "told.png").read_bytes().startswith(b"\x89PNG")


def test_without_a_keyring_it_says_so_and_goes_on(tmp_path: Path) -> None:
    code, told = check(tmp_path, "unix:path=/nonexistent", "--self-test-port", "socket://127.0.0.1:9")
    failed = {part["name"]: part["fault"] for part in told["parts"] if not part["ok"]}
    assert code == 1
    assert not told["ok"]
    assert set(failed) == {"keyring", "port"}
    assert "No keyring can be reached" in failed["keyring"]
    assert told["parts"][-1]["name"] == "window"


def test_a_part_that_hangs_is_given_up_and_the_next_one_runs(tmp_path: Path) -> None:
    never = threading.Event()
    parts = (
        Part("hangs", lambda _: {"ended": never.wait()}, 0.05),
        Part("fails", lambda folder: {"size": (folder / "missing").stat().st_size}, 5),
        Part("passes", lambda _: {"found": 1}, 5),
    )
    assert run_parts(parts, tmp_path / "told.json") == 1
    told = json.loads((tmp_path / "told.json").read_text(encoding="utf-8"))["parts"]
    assert [(part["name"], part["ok"]) for part in told] == [("hangs", False), ("fails", False), ("passes", True)]
    assert told[0]["fault"] == "did not end within 0.05 s"
    assert told[1]["fault"].startswith("FileNotFoundError")
    never.set()


HANGS = """
import sys, threading
from pathlib import Path
from app.cli.self_test import Part, run_parts
run_parts((Part("window", lambda _: {"ended": threading.Event().wait()}, 0.05, on_main=True),), Path(sys.argv[1]))
"""


def test_a_window_system_that_hangs_ends_the_test(tmp_path: Path) -> None:
    file = tmp_path / "told.json"
    # It ends where it stands, so that its own folder stays.
    aside = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", HANGS, str(file)], cwd=ROOT, env=aside, timeout=30, check=False)
    told = json.loads(file.read_text(encoding="utf-8"))
    assert (done.returncode, told["ok"]) == (1, False)
    assert told["parts"][0]["fault"] == "did not end within 0.05 s"
