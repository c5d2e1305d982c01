"""What tries the packages ends what it started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from installer.starts import stop


@pytest.mark.skipif(sys.platform == "win32", reason="by a POSIX shell")
def test_a_program_is_ended_though_what_it_started_holds_its_output_open() -> None:
    process = subprocess.Popen(["sh", "-c", "sleep 600 & echo $!; wait"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    started = int(process.stdout.readline())
    try:
        stop(process)
        assert process.returncode == -signal.SIGTERM
    finally:
        os.kill(started, signal.SIGKILL)
