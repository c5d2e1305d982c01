"""Tries setup.exe on a real Windows: installed, self-tested, installed over, removed. `installer/smoke.py windows`.

For a user who has no Gate Station; it leaves none behind.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from dev import Failed, run, say
from installer.metadata import ROOT, load_metadata

OUT = ROOT / "build" / "installer" / "windows" / "out"
REMOVED_S = 60.0
"""The uninstaller goes on from a copy of itself after it has ended."""


def main() -> None:
    """Raises Failed."""
    if sys.platform != "win32":
        raise Failed("setup.exe is tried on Windows only")
    about = load_metadata()
    local, roaming = Path(os.environ["LOCALAPPDATA"]), Path(os.environ["APPDATA"])
    folder = local / "Programs" / about.name
    shortcut = roaming / "Microsoft" / "Windows" / "Start Menu" / "Programs" / f"{about.name}.lnk"
    setup = OUT / about.file_name("windows", "x64", "exe")
    if folder.exists():
        raise Failed(f"{folder} is there already: this is for a user without {about.name}")
    say("install")
    run(setup, "/S")
    _there(folder / "uninstall.exe", shortcut)
    say("self-test")
    report = OUT.parent / "self-test.json"
    run(folder / f"{about.command}.exe", "--self-test", report)
    told = json.loads(report.read_text(encoding="utf-8"))
    if not told["ok"] or not told["program"]["frozen"] or told["program"]["version"] != about.version:
        raise Failed(f"the self-test was of something else: {told['program']}")
    say("install over it")
    run(setup, "/S")
    say("uninstall")
    run(folder / "uninstall.exe", "/S")
    end = time.monotonic() + REMOVED_S
    while folder.exists() or shortcut.exists():
        if time.monotonic() > end:
            raise Failed(f"the uninstaller left {folder if folder.exists() else shortcut}")
        time.sleep(0.5)


def _there(*paths: Path) -> None:
    for path in paths:
        if not path.exists():
            raise Failed(f"the setup did not make {path}")


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        say(f"FAILED: {failure}")
        sys.exit(1)
