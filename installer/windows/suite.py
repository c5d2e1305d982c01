"""A part of the tests run from source by the Windows Python under Wine: `python -m installer.windows.suite`.

Runs beside the building of the packages, in the same Windows.
"""

from __future__ import annotations

import sys

from dev import Failed, say, script
from installer.windows.wine import building_prefix, cpython, environment, python_path, shipping_site, testing_site

SUITE = (
    "tests/core",
    "tests/credentials/test_audit_key.py",
    "tests/gate/test_client.py",
    "tests/journal",
    "tests/modem/test_places.py",
    "tests/modem/test_ports.py",
    "tests/training/test_gate.py",
    "tests/training/test_hub.py",
    "tests/training/test_station.py",
    "tests/work/test_dispatch.py",
    "tests/work/test_export.py",
    "tests/work/test_malicious.py",
    "tests/work/test_rows.py",
)
"""Tests of what each system does its own way: files, locks, processes, keyring, ports, sockets, clocks, encodings."""
NOT_HERE = (
    # Half a minute about no system in particular.
    "tests/journal/test_life.py",
    "tests/journal/test_verify.py",
    # Of Linux: a bus that is not there, and names of ports.
    "tests/credentials/test_audit_key.py::test_no_keyring_is_no_key",
    "tests/modem/test_ports.py::test_what_is_no_modem_is_left_alone_unless_named",
)
SUITE_LIMIT_S = 1200.0


@script
def main() -> None:
    environment()
    sites = python_path(shipping_site(), testing_site())
    without = [f"--deselect={test}" for test in NOT_HERE]
    command = (cpython() / "python.exe", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--timeout=300")
    ended = building_prefix().run(*command, *without, *SUITE, env=sites, check=False, limit_s=SUITE_LIMIT_S)
    told = ended.out.strip().splitlines()
    if ended.code:
        raise Failed(f"the tests under Windows ended with {ended.code}:\n{ended.out[-5000:]}{ended.err[-2000:]}")
    say(f"seen: the tests under Windows: {told[-1]}")


if __name__ == "__main__":
    sys.exit(main())
