"""Two windows and a command line over one journal, as real processes: all is delivered, and nothing twice.

The windows stand in two login sessions of one person; in one session the second start opens none."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.identifiers import imei
from app.masked import Secret
from app.training.gate import TrainingGate
from app.training.gate_faults import Fault
from tests.peers.keyring import unlocked_keyring
from tests.peers.program import Program
from tests.soak.history import History, broken, sent

TOKEN = "two-windows-token"
COUNT = 60


@contextmanager
def window(program: Program, session: str) -> Iterator[subprocess.Popen[str]]:
    process = replace(program, more_environment={"DISPLAY": session}).start()
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.timeout(180)
def test_two_windows_and_a_command_deliver_each_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    rows = [{"imei": imei.from_body(f"00101702{number:06}"), "username": f"user-{number}"} for number in range(COUNT)]
    with unlocked_keyring(tmp_path) as bus, TrainingGate(token=Secret(TOKEN), honours_keys=False) as gate:
        program = Program(tmp_path / "home", {"gate.base_url": gate.base_url, "delivery.rate_per_s": 20}, bus)
        assert program.run("token", "set", stdin=f"{TOKEN}\n").code == 0
        entered = program.run("submit", "register", "-", "--queue-only", stdin=json.dumps(rows))
        acknowledged = [line["id"] for line in entered.lines]
        with window(program, ":1") as first, window(program, ":2") as second:
            assert gate.wait_for_requests(COUNT // 6, timeout_s=60)
            waited = program.run("deliver", "--timeout", "40")
            assert waited.code == 0, waited.err
            assert (first.poll(), second.poll()) == (None, None)
        listed = program.run("journal", "--json", "--reveal", "--limit", "1000").json
        assert broken_by(acknowledged, listed, gate) == []
        assert Counter(key for key, _ in sent(gate.requests)) == dict.fromkeys(acknowledged, 1)
        assert program.run("journal", "verify").code == 0


@pytest.mark.timeout(180)
def test_a_window_that_dies_leaves_the_rest_to_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    rows = [{"imei": imei.from_body(f"00101703{number:06}"), "username": f"user-{number}"} for number in range(8)]
    with unlocked_keyring(tmp_path) as bus, TrainingGate(token=Secret(TOKEN), honours_keys=True) as gate:
        program = Program(tmp_path / "home", {"gate.base_url": gate.base_url}, bus)
        assert program.run("token", "set", stdin=f"{TOKEN}\n").code == 0
        entered = program.run("submit", "register", "-", "--queue-only", stdin=json.dumps(rows))
        acknowledged = [line["id"] for line in entered.lines]
        gate.fail_next(Fault.STALL)
        with window(program, ":1") as first, window(program, ":2") as second:
            assert gate.wait_for_requests(1, timeout_s=60)
            first.kill()
            waited = program.run("deliver", "--timeout", "40")
            assert waited.code == 0, waited.err
            assert second.poll() is None
        listed = program.run("journal", "--json", "--reveal").json
        assert broken_by(acknowledged, listed, gate) == []
        assert Counter(len(entry["attempts"]) for entry in listed) == {1: len(rows) - 1, 2: 1}


def broken_by(acknowledged: list[str], listed: list[dict[str, Any]], gate: TrainingGate) -> list[str]:
    """What was promised and not kept, as the soak judges it."""
    return list(broken(History(acknowledged, listed[::-1], sent(gate.requests), gate.effects, gate.records)))
