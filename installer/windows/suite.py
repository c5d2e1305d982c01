"""A part of the tests run from source by the Windows Python under Wine: `python -m installer.windows.suite`.

Runs beside the building of the packages, in the same Windows.
"""

from __future__ import annotations

import sys

from dev import Failed, say, script
from installer.windows.wine import building_prefix, cpython, environment, python_path, shipping_site, testing_site

SUITE = "tests/portable.txt"
"""Tests of what each system does its own way: files, locks, processes, keyring, ports, sockets, clocks, encodings.

Left out of them: half a minute about no system in particular, and two of Linux alone (a bus that is not there, and
names of ports).
"""
SUITE_LIMIT_S = 1200.0


@script
def main() -> None:
    environment()
    sites = python_path(shipping_site(), testing_site())
    command = (cpython() / "python.exe", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--timeout=300")
    ended = building_prefix().run(*command, f"@{SUITE}", env=sites, check=False, limit_s=SUITE_LIMIT_S)
    told = ended.out.strip().splitlines()
    if ended.code:
        raise Failed(f"the tests under Windows ended with {ended.code}:\n{ended.out[-5000:]}{ended.err[-2000:]}")
    say(f"seen: the tests under Windows: {told[-1]}")


if __name__ == "__main__":
    sys.exit(main())
