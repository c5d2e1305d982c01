"""One soak: rounds of the real program, each with a trouble of the table, then delivery until nothing is left."""

from __future__ import annotations

import itertools
import json
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.identifiers import imei
from app.masked import Secret
from app.training.gate import TrainingGate
from app.training.gate_faults import Fault
from tests.peers.clock import ChangedClock
from tests.peers.keyring import unlocked_keyring
from tests.peers.program import Program
from tests.peers.tls import JSON_201, Peer, make_certificates
from tests.soak.history import History, broken, sent
from tests.soak.troubles import TROUBLES, Deed, Trouble, Way

TOKEN = "soak-token"
ROWS = 4
TIMEOUT_S = 1.5
"""What the program waits for the gate; a stall of 30 s and a suspension are longer."""
SUSPENDED_S = 2.0
LIFE_S = (0.3, 1.5)
"""From the start of the process to its death, if it lives so long: some die before their first row, some while they
deliver, some are done."""
JUMP_S = 3 * 86_400
NOWHERE = "https://gate.invalid/api/v1"


@dataclass
class Report:
    """What a soak came to; `broken` is empty when every promise held."""

    seed: int
    rounds: int = 0
    done: Counter[str] = field(default_factory=Counter)
    deeds: Counter[str] = field(default_factory=Counter)
    acknowledged: list[str] = field(default_factory=list)
    requests: int = 0
    attempts: int = 0
    unclear: int = 0
    broken: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        deeds = ", ".join(f"{count} {name}" for name, count in sorted(self.deeds.items()))
        return (
            f"{self.rounds} rounds (seed {self.seed}), {len(self.done)} of {len(TROUBLES)} troubles; {deeds}\n"
            f"{len(self.acknowledged)} submissions acknowledged, {self.requests} requests at the gate, "
            f"{self.attempts} attempts, {self.unclear} of them with no known answer; {len(self.broken)} promises broken"
        )


def device(number: int) -> str:
    """A valid IMEI of the test allocation."""
    return imei.from_body(f"00101701{number:06}")


class Soak:
    """A station, its gate and the troubles between them. `folder` is empty; blocks for a second or two a round."""

    def __init__(self, folder: Path, seed: int, gate: TrainingGate, bus: str, bad_gate: str) -> None:
        self.report = Report(seed)
        self._chance = random.Random(seed)
        self._folder = folder
        self._gate = gate
        self._bad_gate = bad_gate
        self._clock = ChangedClock(folder)
        self._program = Program(
            folder / "home",
            {"gate.base_url": gate.base_url, "gate.timeout_s": TIMEOUT_S, "delivery.backoff_initial_s": 0.02,
             "delivery.backoff_max_s": 0.1},
            bus,
        )  # fmt: skip
        self._numbers = itertools.count()
        self._users: list[str] = []
        self._troubles = self._shuffled()
        self._sign_in()

    def _shuffled(self) -> Iterator[str]:
        while True:
            names = list(TROUBLES)
            self._chance.shuffle(names)
            yield from names

    def _sign_in(self) -> None:
        """As an operator does after a 401."""
        assert self._program.run("token", "set", stdin=f"{TOKEN}\n").code == 0

    def round(self) -> None:
        name = next(self._troubles)
        trouble = TROUBLES[name]
        self._gate.honours_keys = self._chance.random() < 0.5
        self._gate.forget_faults()
        self._gate.fail_next(*[Fault.NONE] * self._chance.randrange(3), *trouble.faults)
        if trouble.way is Way.REFUSED:
            self._gate.close_door()
        command, records = self._work(self.report.rounds)
        process = self._start(trouble, command, records)
        self._do(trouble.deed, process)
        self._hear(name, process, registers=command[0] == "register")
        self._gate.open_door()
        self._clock.set(0)
        self.report.rounds += 1
        self.report.done[name] += 1
        if Fault.UNAUTHORIZED in trouble.faults:
            self._sign_in()

    def _start(self, trouble: Trouble, command: list[str], records: list[dict[str, str]]) -> subprocess.Popen[str]:
        number = self.report.rounds
        address = {Way.NO_NAME: NOWHERE, Way.BAD_CERTIFICATE: self._bad_gate}.get(trouble.way, self._gate.base_url)
        # One after another, and several at once, in turn.
        more = {"gate.base_url": address, "delivery.rate_per_s": 100 * (number % 2)}
        program = replace(self._program, settings={**self._program.settings, **more})
        # One process alone runs under another clock: its rivals and the gate keep the time.
        if trouble.deed in {Deed.CLOCK_FORWARD, Deed.CLOCK_BACK}:
            program = replace(program, more_environment=self._clock.environment)
        Path(command[1]).write_text(json.dumps(records))
        return program.start("submit", *command, "--wait", "3", *(["--queue-only"] if number % 7 == 6 else []))

    def _work(self, number: int) -> tuple[list[str], list[dict[str, str]]]:
        """New devices, changes of a user's class, or a user's move to a new device."""
        file = str(self._folder / f"round-{number}.json")
        user = self._chance.choice(self._users) if self._users else ""
        kind = self._chance.choice(("register", "register", "update", "job")) if user else "register"
        if kind == "update":
            records = [{"username": user, "user_class": f"class-{number}-{row}"} for row in range(ROWS)]
            return ["update", file], records
        if kind == "job":
            records = [{"username": user, "imei": device(next(self._numbers))} for _ in range(ROWS // 2)]
            return ["update", file, "--workflow", "new-device-upgrade"], records
        records = [{"username": f"user-{number}", "imei": device(next(self._numbers))} for _ in range(ROWS)]
        return ["register", file], records

    def _do(self, deed: Deed, process: subprocess.Popen[str]) -> None:
        moment_s = self._chance.uniform(*LIFE_S)
        match deed:
            case Deed.KILL:
                _killed_after(process, moment_s)
            case Deed.SUSPEND | Deed.SUSPEND_AND_KILL:
                self._suspended(process, moment_s, dies=deed is Deed.SUSPEND_AND_KILL)
            case Deed.CLOCK_FORWARD | Deed.CLOCK_BACK:
                self._clock.set_after(moment_s / 2, JUMP_S if deed is Deed.CLOCK_FORWARD else -JUMP_S)
            case Deed.RIVAL:
                self._listen(self._program.run("deliver", "--timeout", "2").err)

    def _suspended(self, process: subprocess.Popen[str], moment_s: float, *, dies: bool) -> None:
        if _ended_within(process, moment_s):
            return
        process.send_signal(signal.SIGSTOP)
        begun = time.monotonic()
        self._listen(self._program.run("deliver", "--timeout", "1").err)
        _ended_within(process, begun + SUSPENDED_S - time.monotonic())
        process.send_signal(signal.SIGKILL if dies else signal.SIGCONT)
        self.report.deeds["suspended"] += 1

    def _hear(self, name: str, process: subprocess.Popen[str], *, registers: bool) -> None:
        out, err = process.communicate(timeout=60)
        self.report.deeds["killed"] += process.returncode < 0
        self._listen(err, name)
        # A line that the kill cut short was not said.
        said = [json.loads(line) for line in out.splitlines(keepends=True) if line.endswith("\n")]
        # What is still queued at the end is said once more.
        queued = list(dict.fromkeys(line["id"] for line in said if line["state"] == "queued"))
        self.report.acknowledged += queued
        if queued and registers:
            self._users.append(f"user-{self.report.rounds}")

    def _listen(self, err: str, name: str = "a second process") -> None:
        if "Traceback" in err:
            self.report.broken.append(f"round {self.report.rounds}, {name}: {err.splitlines()[-1]}")

    def end(self) -> None:
        """Deliver what is left, as it would be on a day without troubles, and judge."""
        self._gate.forget_faults()
        self._sign_in()
        before = -1
        while (left := self._open()) and left != before:
            before = left
            self._program.run("deliver", "--timeout", "40")
        entries = self._listed()
        self.report.requests = len(self._gate.requests)
        self.report.attempts = sum(len(entry["attempts"]) for entry in entries)
        self.report.unclear = sum(each["outcome"] == "unknown" for entry in entries for each in entry["attempts"])
        self.report.deeds["in another time"] = _in_another_time(entries)
        self.report.broken += broken(
            History(
                self.report.acknowledged,
                entries,
                sent(self._gate.requests),
                self._gate.effects,
                self._gate.records,
            )
        )
        verified = self._program.run("journal", "verify")
        if verified.code:
            self.report.broken += verified.out.splitlines()

    def _listed(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._program.run("journal", "--json", "--reveal", "--limit", "1000000").json
        return found[::-1]

    def _open(self) -> int:
        final = {"accepted", "rejected", "conflict", "cancelled"}
        return sum(entry["state"] not in final for entry in self._listed())


def _killed_after(process: subprocess.Popen[str], moment_s: float) -> None:
    killer = threading.Timer(moment_s, process.kill)
    killer.start()


def _ended_within(process: subprocess.Popen[str], seconds: float) -> bool:
    try:
        process.wait(max(seconds, 0))
    except subprocess.TimeoutExpired:
        return False
    return True


def _in_another_time(entries: list[dict[str, Any]]) -> int:
    """How many have a time that is days off: the clock did jump while they were dealt with."""
    far = timedelta(seconds=JUMP_S / 2)
    return sum(
        any(
            abs(datetime.now(UTC) - datetime.fromisoformat(text)) > far
            for text in (entry["created_at"], entry["updated_at"], *(each["at"] for each in entry["attempts"]))
        )
        for entry in entries
    )


def soak(rounds: int, seed: int, folder: Path, *, least: int = 0, limit_s: float = float("inf")) -> Report:
    """So many rounds, or fewer where `limit_s` has passed before, but `least`."""
    keyring = folder / "keyring"
    keyring.mkdir()
    certificates = make_certificates(folder)
    begun = time.monotonic()
    with (
        unlocked_keyring(keyring) as bus,
        TrainingGate(token=Secret(TOKEN)) as gate,
        Peer(JSON_201, context=certificates.self_signed) as bad_gate,
    ):
        gate.drip_s, gate.stall_s = 0.01, 30.0
        work = Soak(folder, seed, gate, bus, bad_gate.base_url)
        while work.report.rounds < (rounds if time.monotonic() - begun < limit_s else least):
            work.round()
        work.end()
    if bad_gate.requests:
        work.report.broken.append("a gate with a bad certificate was told something")
    return work.report
