"""Delivery with durable commits against a bare loop of httpx, at the same local gate in a process of its own."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from msgspec.structs import replace

from app.assembly import Workstation
from app.credentials.vault import Vault
from app.masked import Secret
from app.paths import paths
from app.provisioning.submission import State, Submission, encode_body, order_keys
from app.settings import load_settings
from tests.bench.told import line, row
from tests.peers.submissions import submission

COUNT = 1000
RUNS = 3
SLOW_S = 0.02
"""Seconds: about what a gate across a country takes at least."""
TOKEN = "bench-token"
GATE = """
import sys
from app.masked import Secret
from app.training.gate import TrainingGate
from app.training.gate_faults import Fault
with TrainingGate(token=Secret(sys.argv[1])) as gate:
    gate.stall_s = float(sys.argv[2])
    gate.always = Fault.STALL if gate.stall_s else Fault.NONE
    print(gate.base_url, flush=True)
    sys.stdin.read()
"""


@contextmanager
def gate(answer_s: float) -> Iterator[str]:
    """A gate that holds nothing yet and takes so long over each answer; gives its address."""
    process = subprocess.Popen(
        [sys.executable, "-c", GATE, TOKEN, str(answer_s)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.communicate()


def fields(number: int) -> dict[str, str]:
    return {"imei": f"{number:015d}", "iccid": f"8952140{number:012d}", "username": f"user-{number}"}


def made_of(number: int, *, secrets: bool) -> Submission:
    made = submission(f"s-{number}")
    sent = fields(number)
    return replace(
        made,
        body=encode_body(sent | ({"push_key": "key"} if secrets else {}), "fields"),
        fields=sent,
        order_keys=order_keys(sent),
        secret_fields=("push_key",) if secrets else (),
    )


def bare(answer_s: float) -> float:
    """Seconds for COUNT requests, one after another, and nothing else."""
    bodies = [encode_body(fields(number), "fields") for number in range(COUNT)]
    with gate(answer_s) as url, httpx.Client(headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        begun = time.monotonic()
        for number, body in enumerate(bodies):
            answer = client.post(
                f"{url}/device_app_register/",
                content=body,
                headers={"Content-Type": "application/json", "Idempotency-Key": f"key-{number}"},
            )
            assert answer.status_code == 201
        return time.monotonic() - begun


def ours(folder: Path, *, answer_s: float, secrets: bool) -> float:
    """Seconds to deliver COUNT submissions that stand in a journal, each with its commits."""
    home = paths(folder)
    home.prepare()
    vault = Vault(None)
    vault.save(Secret(TOKEN))
    with gate(answer_s) as url:
        settings = load_settings(home.settings, (f"gate.base_url={url}", "delivery.rate_per_s=0"))
        station = Workstation(home, settings, vault=vault)
        station.open()
        try:
            made = [made_of(number, secrets=secrets) for number in range(COUNT)]
            station.journal.add_all(made)
            left = {each.id for each in made}
            begun = time.monotonic()
            station.drain(left, timeout_s=300, moved=left.discard)
            took = time.monotonic() - begun
            assert station.journal.counts()[State.ACCEPTED] == COUNT
        finally:
            station.close()
    return took


def delivering() -> None:
    for what, answer_s, secrets in (
        (f"deliver {COUNT}", 0.0, False),
        (f"deliver {COUNT} with secrets", 0.0, True),
        (f"deliver {COUNT}, {SLOW_S * 1000:g} ms an answer", SLOW_S, False),
    ):
        theirs, mine = [], []
        for run in range(1 if answer_s else RUNS):
            theirs.append(bare(answer_s))
            with tempfile.TemporaryDirectory() as folder:
                mine.append(ours(Path(folder) / str(run), answer_s=answer_s, secrets=secrets))
        took, reference = statistics.median(mine), statistics.median(theirs)
        # A rate: more is better.
        row(what, f"{COUNT / took:.0f} a s", f"{COUNT / reference:.0f} a s bare httpx", reference / took)
    line("", "goal: at least 0.80")
