"""Canaries: a token, a password, a push key and a device's identifiers go through every flow and failure at DEBUG
level; then every byte that was written or printed is searched for them in every form."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pytest
from msgspec.structs import replace

from app.identifiers import luhn
from app.masked import Identifier, Secret
from app.training.devices.hub import Hub
from app.training.devices.personalities import QUECTEL_EC25
from app.training.devices.personality import Personality
from app.training.gate import TrainingGate
from app.training.gate_faults import Fault
from tests.peers.canary import Search, forms, texts
from tests.peers.keyring import unlocked_keyring
from tests.peers.program import Ended, Program

IMEI = "86123405" + "671234"
CANARIES = {
    "token": "gst_Canary7QxTokenKwz",
    "password": "canary-Horse_battery9",
    "push key": "canaryPushKey4Tq81Zz",
    "imei": IMEI + luhn.check_digit(IMEI),
    "imsi": "334020718293645",
    "iccid": "895202071829364550" + luhn.check_digit("895202071829364550"),
    "number": "+525571829364",
}
SECRETS = {"token", "password", "push key"}
JOURNAL = ("journal.db", "journal.db-wal", "journal.db-shm")
CLEAR = b"SQLite format 3\0"


def device() -> Personality:
    sim = QUECTEL_EC25.sim
    assert sim is not None
    return replace(
        QUECTEL_EC25,
        hardware=replace(QUECTEL_EC25.hardware, imei=Identifier(CANARIES["imei"])),
        sim=replace(
            sim,
            imsi=Identifier(CANARIES["imsi"]),
            iccid=Identifier(CANARIES["iccid"]),
            number=Identifier(CANARIES["number"]),
        ),
    )


def record() -> dict[str, str]:
    keys = ("imei", "imsi", "iccid", "number", "password")
    return {key: CANARIES[key] for key in keys} | {"push_key": CANARIES["push key"], "username": "ana"}


def judge(found: Mapping[str, set[str]], home: Path) -> dict[str, set[str]]:
    """What must not be there: the journal may hold identifiers as long as it is not encrypted, and no secret."""
    clear = (home / "journal.db").read_bytes()[:16] == CLEAR
    allowed = set(CANARIES) - SECRETS if clear else set()
    wrong = {path: names - allowed if Path(path).name in JOURNAL else names for path, names in found.items()}
    return {path: names for path, names in wrong.items() if names}


def test_the_search_finds_what_it_is_for() -> None:
    search = Search(CANARIES)
    for name, value in CANARIES.items():
        for form in sorted(forms(value)):
            assert name in search.data(b"xx" + form + b"yy"), (name, form)
    assert "356 938" in " ".join(texts("356938035643809"))
    assert "653980306534F8".lower() not in texts("1")
    assert search.data(b"nothing of it") == set()


@dataclass
class Told:
    """What runs printed; those whose output is to hold values are not kept."""

    program: Program
    printed: list[str] = field(default_factory=list)

    def __call__(self, *arguments: str, stdin: str = "", reveals: bool = False) -> Ended:
        ended = self.program.run(*arguments, stdin=stdin)
        self.printed.append(ended.err)
        if not reveals:
            self.printed.append(ended.out)
        return ended


@pytest.fixture(scope="module")
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with unlocked_keyring(tmp_path_factory.mktemp("keyring")) as address:
        yield address


PAUSING = (Fault.UNAUTHORIZED, Fault.FORBIDDEN, Fault.NOT_FOUND, Fault.NOT_ALLOWED)
"""After these nothing goes out until there is another token."""
LATE = (Fault.STALL, Fault.DRIP, Fault.BUSY_SECONDS, Fault.BUSY_DATE)
PASSING = [fault for fault in Fault if fault not in {Fault.NONE, *PAUSING, *LATE}]


def enter(folder: Path) -> dict[str, str]:
    """Files to be submitted, by what they are: sound rows, an invalid one, a workbook with a formula."""
    folder.mkdir()
    kept = {name: folder / name for name in ("many.json", "one.json", "bad.json", "rows.csv", "rows.xlsx")}
    kept["many.json"].write_text(json.dumps([record()] * len(PASSING)))
    kept["one.json"].write_text(json.dumps([record()]))
    kept["bad.json"].write_text(json.dumps([record() | {"imei": CANARIES["imei"][:-1], "mac_addr": "3c"}]))
    columns = ("imei", "iccid", "password")
    kept["rows.csv"].write_text(f"{';'.join(columns)}\n{';'.join(record()[key] for key in columns)}\n")
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["imei", "number", "push_key"])
    sheet.append([int(CANARIES["imei"]), f"={CANARIES['number']}", CANARIES["push key"]])
    book.save(kept["rows.xlsx"])
    return {name: str(path) for name, path in kept.items()}


def send(run: Told, gate: TrainingGate, given: Mapping[str, str]) -> None:
    """Every way the gate can fail, a closed door and a token that is not accepted; at the end all is settled."""
    token = CANARIES["token"] + "\n"
    assert run("submit", "register", given["one.json"], "--wait", "20").code == 0
    gate.fail_next(*PASSING)
    run("submit", "register", given["many.json"], "--wait", "20")
    for fault in PAUSING:
        gate.forget_faults()
        gate.fail_next(fault)
        run("submit", "register", given["one.json"], "--wait", "5")
        run("token", "set", stdin=token)
    gate.forget_faults()
    gate.close_door()
    run("submit", "register", given["rows.csv"], "--wait", "0.2")
    gate.open_door()
    run("token", "set", stdin="another\n")
    run("deliver", "--timeout", "5")
    run("token", "set", stdin=token)
    assert run("deliver", "--timeout", "30").code in {0, 5}
    run("submit", "update", given["one.json"], "--workflow", "credential-update")


def look(run: Told, out: Path) -> None:
    """Everything that shows or writes what is in the journal."""
    run("journal")
    run("journal", "--json", "--search", CANARIES["imei"][-6:])
    for name in ("log.csv", "log.xlsx"):
        assert run("journal", "export", str(out / name)).code == 0
    run("journal", "verify")
    run("journal", "erase", "--imei", CANARIES["imei"])
    run("doctor", "--json")
    assert run("bundle", str(out / "bundle.zip")).code == 0
    run("bundle", "x.zip", "--preview")
    states = {entry["state"] for entry in run("journal", "--json").json}
    assert states >= {"accepted", "conflict"}, states


@pytest.mark.timeout(180)
def test_the_command_line(tmp_path: Path, bus: str) -> None:
    search, out, home = Search(CANARIES), tmp_path / "out", tmp_path / "program" / "home"
    out.mkdir()
    home.mkdir(parents=True)
    given = enter(tmp_path / "given")
    with TrainingGate(token=Secret(CANARIES["token"])) as gate, Hub([device()]) as hub:
        settings = {
            "gate.base_url": gate.base_url, "log_level": "debug", "delivery.rate_per_s": 100,
            "delivery.backoff_initial_s": 0.01, "delivery.backoff_max_s": 0.02, "gate.timeout_s": 2,
        }  # fmt: skip
        run = Told(Program(home, settings, bus))
        port = hub.addresses[QUECTEL_EC25.name]
        try:
            run("token", "set", stdin=CANARIES["token"] + "\n")
            run("token", "check")
            read = run("read", "--port", port, "--json", "--trace", str(out / "trace.txt"), reveals=True)
            assert all(read.json[0][key] == CANARIES[key] for key in ("imei", "imsi", "iccid", "number"))
            run("read", "--port", "/dev/none")
            run("--set", "consent=per-device", "read", "--port", port, "--consent-given", reveals=True)
            send(run, gate, given)
            for name in ("bad.json", "rows.xlsx"):
                failed = str(tmp_path / f"failed-{name}.csv")
                assert run("submit", "register", given[name], "--failed-rows", failed).code == 4
            look(run, out)
        finally:
            run("token", "clear")
    bodies = b"".join(request.body for request in gate.requests)
    assert search.data(bodies) >= set(CANARIES) - {"token", "password"}, "they did go through"
    text = "\n".join(run.printed).encode()
    assert search.data(text) == set(), context(search, text)
    assert judge(search.files([tmp_path / "program"]), home) == {}
    assert search.files([out]) == {}
    # The files of failed rows hold what was entered, for correction, but no secret.
    assert not any(search.data(file.read_bytes()) & SECRETS for file in tmp_path.glob("failed-*"))
    assert len(list(tmp_path.glob("failed-*"))) == 2
    assert '"level": "INFO"' in (home / "logs" / "gate-station.log").read_text()


def context(search: Search, data: bytes) -> list[bytes]:
    """The lines that hold a canary, for the message of a failure."""
    return [line for line in data.splitlines() if search.data(line)][:5]


def test_nothing_is_left_in_the_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = tmp_path / "rows.json"
    given.write_text(json.dumps([record()]))
    temporary = tmp_path / "tmp"
    temporary.mkdir()

    class Elsewhere(Program):
        def environment(self) -> dict[str, str]:
            return super().environment() | {"TMPDIR": str(temporary)}

    program = Elsewhere(tmp_path / "home", {"log_level": "debug"})
    assert program.run("submit", "register", str(given), "--queue-only").code == 0
    assert program.run("journal", "export", str(tmp_path / "log.xlsx")).code == 0
    assert list(temporary.rglob("*")) == []
    assert os.environ.get("TMPDIR") != str(temporary)
