#!/usr/bin/env python3
"""Tries the installer that `build.py` made: `python3 installer/smoke.py linux`. Changes this machine, and back.

A step that cannot run fails; none is left out.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from dev import TEST_PACKAGES, WINDOW_PACKAGES, run, script, setup  # noqa: E402 - the folder has to be named first
from installer.build import SYSTEMS  # noqa: E402


@script
def main(argv: Sequence[str] | None = None) -> None:
    tried = [system for system in SYSTEMS if importlib.util.find_spec(f"installer.{system}.smoke")]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("system", choices=tried)
    chosen = parser.parse_args(argv)
    # The project's own environment has the simulated devices, the gate and the keyring that it is tried with.
    run(setup((*WINDOW_PACKAGES, *TEST_PACKAGES)), "-m", f"installer.{chosen.system}.smoke")


if __name__ == "__main__":
    sys.exit(main())
