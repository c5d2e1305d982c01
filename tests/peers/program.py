"""The real program as a process of its own, with its own home and keyring."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 50.0


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: its exit code and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True, slots=True)
class Program:
    """`gate-station --home HOME --set ...` ready to be run. `bus` is the keyring's address, "" for none;
    `more_environment` is laid over what it gets of this process's."""

    home: Path
    settings: Mapping[str, object] = field(default_factory=dict)
    bus: str = ""
    more_environment: Mapping[str, str] = field(default_factory=dict)
    started_by: tuple[str, ...] = (sys.executable, "-m", "ui")
    """Another program than this source: an installed one."""

    def command(self, *arguments: str) -> list[str]:
        fixed = [part for key, value in self.settings.items() for part in ("--set", f"{key}={value}")]
        return [*self.started_by, "--home", str(self.home), *fixed, *arguments]

    def environment(self) -> dict[str, str]:
        kept = {key: os.environ[key] for key in ("PATH", "SYSTEMROOT", "LANG", "QT_QPA_PLATFORM") if key in os.environ}
        # A bus that is named and dead, not merely unnamed: the library would look for the user's own.
        own = {"DBUS_SESSION_BUS_ADDRESS": self.bus or "unix:path=/nonexistent", "HOME": str(self.home.parent)}
        return kept | own | dict(self.more_environment)

    def run(self, *arguments: str, stdin: str = "") -> Ended:
        done = subprocess.run(
            self.command(*arguments), input=stdin, capture_output=True, text=True, encoding="utf-8", cwd=ROOT,
            env=self.environment(), timeout=LIMIT_S, check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        return Ended(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Run without waiting; the caller reads its output and ends it."""
        return subprocess.Popen(
            self.command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
            cwd=ROOT, env=self.environment(),
        )  # fmt: skip


def printed(code: str, *arguments: Path) -> list[str]:
    """The words that a Python of its own prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=50,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        check=True,
    )
    return done.stdout.split()
