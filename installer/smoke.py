#!/usr/bin/env python3
"""Tries the installer that `build.py` made: `python3 installer/smoke.py linux`. Changes this machine, and back.

A step that cannot run fails; none is left out.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from dev import TEST_PACKAGES, WINDOW_PACKAGES, Failed, run, say, setup  # noqa: E402 - the folder has to be named first
from installer.build import HOST, SYSTEMS  # noqa: E402


def module(system: str) -> str:
    """What tries the installer for `system` on this machine."""
    return "installer.windows.wine_smoke" if (system, HOST) == ("windows", "linux") else f"installer.{system}.smoke"


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("system", choices=SYSTEMS)
    chosen = parser.parse_args(argv)
    try:
        # The project's own environment has the simulated devices, the gate and the keyring that it is tried with.
        run(setup((*WINDOW_PACKAGES, *TEST_PACKAGES)), "-m", module(chosen.system))
    except Failed as failure:
        say(f"FAILED: {failure}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
