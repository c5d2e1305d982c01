"""The disk image tried on a Mac: mounted, the application copied out of it and made to test itself.

Run by `installer/smoke.py macos`; ends with 1 at the first thing that is not as it should be.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from dev import Failed, run, say, script
from installer.macos.package import arch, title
from installer.metadata import ROOT, load_metadata

ABOUT = load_metadata()
OUT = ROOT / "build" / "installer" / "macos" / "out"


def smoke(image: Path) -> None:
    """Raises Failed."""
    with tempfile.TemporaryDirectory() as temporary:
        mounted, copied = Path(temporary) / "mounted", Path(temporary) / f"{ABOUT.name}.app"
        run("hdiutil", "attach", image, "-readonly", "-nobrowse", "-mountpoint", mounted)
        try:
            if (mounted / "Applications").readlink() != Path("/Applications"):
                raise Failed("the image does not show where to drag the application")
            shutil.copytree(mounted / copied.name, copied, symlinks=True)
        finally:
            run("hdiutil", "detach", mounted)
        program, report = copied / "Contents" / "MacOS" / ABOUT.command, OUT.parent / "self-test.json"
        run("codesign", "--verify", "--deep", "--strict", copied)
        version = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout.strip()
        if version != f"{ABOUT.command} {ABOUT.version}":
            raise Failed(f"--version says {version!r}")
        run(program, "--self-test", report)
        told = json.loads(report.read_text(encoding="utf-8"))
        say(f"{title(ABOUT)}: the self-test's {len(told['parts'])} parts are well")


@script
def main() -> None:
    smoke(OUT / ABOUT.file_name("macos", arch(), "dmg"))


if __name__ == "__main__":
    sys.exit(main())
