"""A part of the tests run from source by the Windows Python under Wine: `python -m installer.windows.suite`.

Runs beside the building of the packages, in the same Windows.
"""

from __future__ import annotations

import sys

from dev import Failed, say, script
from installer.windows.wine import building_prefix, cpython, environment, python_path, shipping_site, testing_site

SUITE = (
    "tests/core",
    "tests/gate/test_client.py",
    "tests/journal",
    "tests/modem/test_places.py",
    "tests/training",
    "tests/work/test_export.py",
    "tests/work/test_malicious.py",
    "tests/work/test_rows.py",
)
"""Tests of what each system does in its own way: files, locks, processes, sockets, clocks, encodings."""
NOT_HERE = ("tests/journal/test_life.py",)
"""Twenty seconds of random lives of one journal, which are about no system."""
SUITE_LIMIT_S = 1200.0


@script
def main() -> None:
    environment()
    sites = python_path(shipping_site(), testing_site())
    without = [f"--ignore={path}" for path in NOT_HERE]
    command = (cpython() / "python.exe", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--timeout=300")
    ended = building_prefix().run(*command, *without, *SUITE, env=sites, check=False, limit_s=SUITE_LIMIT_S)
    told = ended.out.strip().splitlines()
    if ended.code:
        raise Failed(f"the tests under Windows ended with {ended.code}:\n{ended.out[-5000:]}{ended.err[-2000:]}")
    say(f"seen: the tests under Windows: {told[-1]}")


if __name__ == "__main__":
    sys.exit(main())
