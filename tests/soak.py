"""Kill the real program at random moments, again and again, at a gate that fails at random.

`python3 dev.py soak [ROUNDS] [SEED]`. Each round runs `gate-station submit` on new devices and kills it; whatever
it had said to be queued must in the end be accepted, once, in the order of its user, with the audit chain whole.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.identifiers import imei
from app.masked import Secret
from app.training.gate import TrainingGate
from app.training.gate_faults import Fault
from tests.peers.keyring import unlocked_keyring
from tests.peers.program import Program

TOKEN = "soak-token"
ROWS_A_ROUND = 4
LONGEST_LIFE_S = 0.8
"""From the start of the process: a run needs about half a second before its first row, so some die before it."""
FAULTS = (
    Fault.RESET_BEFORE, Fault.LOST_ANSWER, Fault.CUT, Fault.DRIP, Fault.SERVER_ERROR, Fault.UNAVAILABLE,
    Fault.BUSY, Fault.UNAUTHORIZED, Fault.PORTAL, Fault.REDIRECT, Fault.EMPTY, Fault.TRUNCATED, Fault.WRONG_TYPE,
)  # fmt: skip


@dataclass
class Report:
    """What a soak came to; `broken` is empty when every promise held."""

    rounds: int = 0
    killed: int = 0
    acknowledged: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.rounds} rounds, {self.killed} killed, {len(self.acknowledged)} submissions acknowledged, "
            f"{len(self.broken)} promises broken"
        )


def device(number: int) -> str:
    """A valid IMEI of the test allocation."""
    return imei.from_body(f"00101701{number:06}")


def soak(rounds: int, seed: int, folder: Path) -> Report:
    """Run it; blocks for about a second a round."""
    chance, report = random.Random(seed), Report()
    keyring = folder / "keyring"
    keyring.mkdir()
    with unlocked_keyring(keyring) as bus, TrainingGate(token=Secret(TOKEN)) as gate:
        gate.drip_s = 0.01
        program = Program(
            folder / "home",
            {"gate.base_url": gate.base_url, "gate.timeout_s": 2, "delivery.backoff_initial_s": 0.02,
             "delivery.backoff_max_s": 0.1, "delivery.rate_per_s": 100},
            bus,
        )  # fmt: skip
        assert program.run("token", "set", stdin=f"{TOKEN}\n").code == 0
        for number in range(rounds):
            gate.honours_keys = chance.random() < 0.5
            gate.forget_faults()
            gate.fail_next(*chance.choices((Fault.NONE, *FAULTS), k=ROWS_A_ROUND))
            _round(number, program, chance, report)
        gate.forget_faults()
        # A 401 in the last round holds the queue: as an operator would, the token is entered again.
        assert program.run("token", "set", stdin=f"{TOKEN}\n").code == 0
        program.run("deliver", "--timeout", "40")
        _judge(program, gate, report)
    return report


def _round(number: int, program: Program, chance: random.Random, report: Report) -> None:
    file = program.home.parent / f"round-{number}.json"
    records = [
        {"imei": device(number * ROWS_A_ROUND + row), "username": f"user-{number}"} for row in range(ROWS_A_ROUND)
    ]
    file.write_text(json.dumps(records))
    if number % 5 == 4:
        program.run("token", "set", stdin=f"{TOKEN}\n")
    process = program.start("submit", "register", str(file), "--wait", "5")
    killer = threading.Timer(chance.uniform(0.2, LONGEST_LIFE_S), process.kill)
    killer.start()
    out, err = process.communicate()
    killer.cancel()
    report.rounds += 1
    report.killed += process.returncode < 0
    if "Traceback" in err:
        report.broken.append(f"round {number}: {err.splitlines()[-1]}")
    # A line that the kill cut short was not said.
    said = [json.loads(line) for line in out.splitlines(keepends=True) if line.endswith("\n")]
    report.acknowledged += [line["id"] for line in said if line["state"] == "queued"]


def _judge(program: Program, gate: TrainingGate, report: Report) -> None:
    found: dict[str, Any] = {
        entry["id"]: entry for entry in program.run("journal", "--json", "--reveal", "--limit", "100000").json
    }
    for id_ in report.acknowledged:
        if id_ not in found:
            report.broken.append(f"{id_} was acknowledged and is not in the journal")
        elif found[id_]["state"] != "accepted":
            report.broken.append(f"{id_} is {found[id_]['state']}: {found[id_]['message']}")
    stored = [record["imei"] for record in gate.records]
    report.broken += [f"a device is stored {count} times" for count in Counter(stored).values() if count > 1]
    entered = [entry["fields"]["imei"] for entry in reversed(found.values()) if entry["state"] == "accepted"]
    report.broken += ["an accepted device is not stored"] * len(set(entered) - set(stored))
    by_user: dict[str, list[str]] = {}
    for record in gate.records:
        by_user.setdefault(record["username"], []).append(record["imei"])
    report.broken += [f"{user} was served out of order" for user, order in by_user.items() if order != sorted(order)]
    verified = program.run("journal", "verify")
    if verified.code:
        report.broken += verified.out.splitlines()


if __name__ == "__main__":
    asked = [int(text) for text in sys.argv[1:]]
    chosen = asked[1] if len(asked) > 1 else random.randrange(1 << 32)
    sys.stdout.write(f"seed {chosen}\n")
    with tempfile.TemporaryDirectory() as place:
        result = soak(asked[0] if asked else 50, chosen, Path(place))
    sys.stdout.write("\n".join([*result.broken, str(result)]) + "\n")
    sys.exit(bool(result.broken))
