"""The command line as others rely on it: the real program, a real keyring, a real gate, simulated devices."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bcrypt
import pytest

from app.masked import Secret
from app.training.devices.hub import Hub
from app.training.devices.personalities import BY_NAME
from app.training.devices.personality import readable
from app.training.gate import TrainingGate
from app.training.gate_faults import Fault
from tests.peers.keyring import unlocked_keyring
from tests.peers.program import Program

TOKEN = "gst_canary_7Qx-token"
IMEI, OTHER_IMEI = "490154203237518", "356938035643809"
PASSWORD = "canary horse battery"
PUSH_KEY = "canary-push-key"


@pytest.fixture(scope="module")
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with unlocked_keyring(tmp_path_factory.mktemp("keyring")) as address:
        yield address


@pytest.fixture
def gate() -> Iterator[TrainingGate]:
    with TrainingGate(token=Secret(TOKEN)) as opened:
        yield opened


@pytest.fixture
def program(tmp_path: Path, bus: str, gate: TrainingGate) -> Iterator[Program]:
    made = Program(
        tmp_path / "home",
        {"gate.base_url": gate.base_url, "delivery.backoff_initial_s": 0.01, "delivery.backoff_max_s": 0.05,
         "delivery.rate_per_s": 100},
        bus,
    )  # fmt: skip
    yield made
    made.run("token", "clear")


@pytest.fixture
def ready(program: Program) -> Program:
    assert program.run("token", "set", stdin=f"{TOKEN}\n").code == 0
    return program


def rows(path: Path, *records: dict[str, Any]) -> str:
    path.write_text(json.dumps(records))
    return str(path)


def test_read_gives_the_contracts_object_for_each_port_in_order(program: Program) -> None:
    names = ["roaming", "sim-locked", "silent", "quectel-ec25"]
    with Hub(BY_NAME[name] for name in names) as hub:
        ports = [hub.addresses[name] for name in names]
        ended = program.run("read", *(part for port in ports for part in ("--port", port)), "--json")
    assert ended.code == 0
    found = ended.json
    assert [each["port"] for each in found] == ports
    assert [each["status"] for each in found] == ["ok", "partial", "no-answer", "ok"]
    assert set(found[0]) == {
        "port", "status", "manufacturer", "model", "revision", "imei", "imeisv", "meid", "imsi", "iccid", "number",
        "sim_state", "home_mobile_network_name", "home_mobile_network_mccmnc", "serving_network", "warnings",
        "sources", "elapsed_ms",
    }  # fmt: skip
    roaming, locked = found[0], found[1]
    wanted = readable(BY_NAME["roaming"])
    assert {key: roaming[key] for key in ("imei", "imsi", "iccid")} == {
        key: wanted[key] for key in ("imei", "imsi", "iccid")
    }
    # The SIM's own operator, although another one serves it.
    assert roaming["home_mobile_network_mccmnc"] == "334020"
    assert roaming["serving_network"]["mccmnc"] == "310260"
    assert (locked["sim_state"], locked["imsi"], locked["iccid"]) == ("pin-required", None, None)
    assert locked["imei"] == readable(BY_NAME["sim-locked"])["imei"]


def test_read_says_which_port_is_gone_and_ends_with_3_when_nothing_answers(program: Program) -> None:
    ended = program.run("read", "--port", "/dev/ttyUSB99", "--json")
    assert ended.code == 3
    (found,) = ended.json
    assert found["status"] == "gone"
    assert found["warnings"][0]["field"] == "port"


def test_read_takes_the_ports_of_the_settings(program: Program) -> None:
    with Hub([BY_NAME["telit-le910"]]) as hub:
        address = hub.addresses["telit-le910"]
        assert program.run("--set", f"ports.extra={address}", "ports", "--json").json[0]["at_ports"] == [address]
        (found,) = program.run("--set", f"ports.extra={address}", "read", "--json").json
    assert found["imei"] == readable(BY_NAME["telit-le910"])["imei"]


def test_submit_tells_each_row_when_it_is_durable_and_then_its_outcome(
    ready: Program, gate: TrainingGate, tmp_path: Path
) -> None:
    file = rows(
        tmp_path / "r.json", {"imei": IMEI, "username": "ana"}, {"imei": "12", "number": "x"}, {"imei": OTHER_IMEI}
    )
    ended = ready.run("submit", "register", file, "--wait", "20")
    assert ended.code == 4
    lines = ended.lines
    assert [(line["row"], line["state"]) for line in lines] == [
        (1, "queued"), (2, "invalid"), (3, "queued"), (1, "accepted"), (3, "accepted"),
    ]  # fmt: skip
    assert {problem["field"] for problem in lines[1]["problems"]} == {"imei", "number"}
    assert set(lines[1]["problems"][0]) >= {"field", "code", "message"}
    assert [record["imei"] for record in gate.records] == [IMEI, OTHER_IMEI]


def test_queue_only_waits_for_deliver(ready: Program, gate: TrainingGate, tmp_path: Path) -> None:
    ended = ready.run("submit", "register", rows(tmp_path / "r.json", {"imei": IMEI}), "--queue-only")
    assert (ended.code, gate.requests) == (0, [])
    assert ready.run("journal", "--json").json[0]["state"] == "queued"
    delivered = ready.run("deliver", "--timeout", "20")
    assert (delivered.code, [line["state"] for line in delivered.lines]) == (0, ["accepted"])
    assert ready.run("deliver").code == 0


def test_what_was_not_sent_can_be_taken_back(ready: Program, gate: TrainingGate, tmp_path: Path) -> None:
    queued = ready.run("submit", "register", rows(tmp_path / "r.json", {"imei": IMEI}), "--queue-only").lines
    id_ = queued[0]["id"]
    ended = ready.run("journal", "cancel", id_)
    assert (ended.code, ended.lines) == (0, [{"id": id_, "state": "cancelled"}])
    again = ready.run("journal", "cancel", id_, "no-such")
    assert (again.code, again.lines) == (4, [{"id": id_, "state": "cancelled"}])
    assert "only what was not sent" in again.err
    assert "no-such is not here" in again.err
    assert ready.run("deliver").lines == []
    assert gate.requests == []


def test_a_job_in_steps_tells_each_and_goes_on_after_a_failure(
    ready: Program, gate: TrainingGate, tmp_path: Path
) -> None:
    file = rows(tmp_path / "u.json", {"imei": IMEI, "device_brand": "Quectel", "username": "ana"})
    gate.fail_next(Fault.NONE, Fault.UNAUTHORIZED)
    ended = ready.run("submit", "update", file, "--workflow", "new-device-upgrade", "--wait", "20")
    assert ended.code == 6
    assert [(line["row"], line["step"], line["steps"], line["state"]) for line in ended.lines] == [
        (1, 1, 2, "queued"), (1, 2, 2, "queued"), (1, 1, 2, "accepted"), (1, 2, 2, "held"),
    ]  # fmt: skip
    last, first = ready.run("journal", "--json").json
    assert (first["kind"], last["kind"], first["job"]["id"]) == ("register", "update", last["job"]["id"])
    assert first["job"] | {"step": 2} == last["job"] == {"id": first["id"], "step": 2, "steps": 2, "done": 1}
    ready.run("token", "set", stdin=f"{TOKEN}\n")
    assert [line["state"] for line in ready.run("deliver", "--timeout", "20").lines] == ["accepted"]
    assert [entry["job"]["done"] for entry in ready.run("journal", "--json").json] == [2, 2]
    # One update and nothing else, as before, where the job in steps is not asked for.
    ended = ready.run("submit", "update", file, "--workflow", "device-upgrade")
    assert ended.code == 4
    file = rows(tmp_path / "u.json", {"imei": OTHER_IMEI, "username": "ana"})
    ended = ready.run("submit", "update", file, "--workflow", "device-upgrade", "--wait", "20")
    assert [set(line) & {"step", "steps"} for line in ended.lines] == [set(), set()]
    assert (ended.code, ready.run("journal", "--json").json[0]["job"]) == (0, None)


def test_bodies_arrive_in_the_shapes_of_the_documents(ready: Program, gate: TrainingGate, tmp_path: Path) -> None:
    lenient = ("--set", "identifier_checks=lenient")
    register = {
        "number": "+1234567890", "generic_id": "550e8400-e29b-41d4-a716-446655440000", "imei": "123456789012345",
        "device_brand": "Apple", "device_model": "iPhone 15 Pro", "device_type": "ph", "os_family": "iOS",
        "os_version": "17.2.1", "app_version": "2.1.0", "username": "john.doe", "push_key": "abc123def456ghi789",
        "home_mobile_network_name": "Verizon", "home_mobile_network_mccmnc": "31000",
    }  # fmt: skip
    update = {
        "number": "+1234567890", "generic_id": "550e8400-e29b-41d4-a716-446655440000", "imei": "123456789012345",
        "imsi": "310260123456789", "iccid": "8901410321118510720", "username": "john.doe",
        "password": "$2a$10$N9qo8uL0ickgx2ZMRZoMye", "user_external_id": "ext_12345", "user_class": "premium",
    }  # fmt: skip
    ended = ready.run(*lenient, "submit", "register", rows(tmp_path / "r.json", register))
    assert ended.code == 0, ended
    gate.fail_next(Fault.ICCID_CHANGED)
    ended = ready.run(*lenient, "submit", "update", rows(tmp_path / "u.json", update))
    assert ended.code == 0, ended
    (difference,) = ended.lines[1]["differences"]
    assert difference["field"] == "iccid"
    assert difference["sent"] != difference["stored"]
    first, second = (json.loads(request.body) for request in gate.requests)
    assert first == register
    assert list(second) == ["data"]
    assert json.loads(second["data"]) == update
    entry = ready.run("journal", "--json", "--limit", "1", "--reveal").json[0]
    assert entry["differences"][0]["sent"] == update["iccid"]


def test_a_held_queue_goes_on_with_a_new_token(ready: Program, gate: TrainingGate, tmp_path: Path) -> None:
    assert ready.run("token", "set", stdin="stale\n").code == 0
    ended = ready.run("submit", "register", rows(tmp_path / "r.json", {"imei": IMEI}, {"imei": OTHER_IMEI}))
    assert ended.code == 6
    assert [line["state"] for line in ended.lines[2:]] == ["held", "held"]
    assert "token" in ended.err
    assert len(gate.requests) == 1
    assert ready.run("deliver").code == 6
    assert len(gate.requests) == 1
    assert ready.run("token", "set", stdin=f"{TOKEN}\n").code == 0
    assert ready.run("deliver", "--timeout", "20").code == 0
    assert len(gate.records) == 2


def test_refused_fields_stand_in_the_outcome(ready: Program, gate: TrainingGate, tmp_path: Path) -> None:
    gate.fail_next(Fault.REFUSED)
    ended = ready.run("submit", "register", rows(tmp_path / "r.json", {"imei": IMEI}))
    assert ended.code == 5
    assert ended.lines[1]["state"] == "rejected"
    assert ended.lines[1]["problems"]


def test_a_lost_answer_is_unknown_and_its_conflict_is_success(
    ready: Program, gate: TrainingGate, tmp_path: Path
) -> None:
    gate.honours_keys = False
    gate.fail_next(Fault.LOST_ANSWER)
    ended = ready.run("submit", "register", rows(tmp_path / "r.json", {"imei": IMEI}))
    assert ended.code == 0, ended
    entry = ready.run("journal", "--json").json[0]
    assert entry["state"] == "accepted"
    assert [attempt["outcome"] for attempt in entry["attempts"]] == ["unknown", "conflict"]
    assert len(gate.records) == 1


def test_without_a_gate_everything_is_kept_and_told(ready: Program, gate: TrainingGate, tmp_path: Path) -> None:
    gate.close_door()
    ended = ready.run("submit", "register", rows(tmp_path / "r.json", {"imei": IMEI}), "--wait", "0.5")
    assert ended.code == 6
    assert ended.lines[1]["state"] == "waiting"
    gate.open_door()
    assert ready.run("deliver", "--timeout", "20").code == 0


def test_the_token_command_tells_what_is_kept_and_whose_it_is(program: Program) -> None:
    assert program.run("token", "status").code == 7
    assert program.run("token", "check").code == 7
    assert program.run("token", "set", stdin=f"{TOKEN}\n").code == 0
    assert program.run("token", "status").out.startswith("stored")
    checked = program.run("token", "check")
    assert (checked.code, checked.out.strip()) == (0, "Training store")
    assert program.run("token", "set", stdin="two words\n").code == 7
    assert program.run("token", "set", stdin="stale\n").code == 0
    assert program.run("token", "check").code == 5
    assert program.run("token", "clear").code == 0
    assert program.run("token", "status").code == 7


def test_without_a_keyring_nothing_is_said_to_be_kept(program: Program, tmp_path: Path) -> None:
    alone = Program(program.home, program.settings)
    ended = alone.run("token", "set", stdin=f"{TOKEN}\n")
    assert ended.code == 7
    assert "not kept" in ended.err
    ended = alone.run("submit", "register", rows(tmp_path / "r.json", {"imei": IMEI}))
    assert (ended.code, ended.lines[1]["state"]) == (7, "queued")


def test_journal_filters_and_masks(ready: Program, tmp_path: Path) -> None:
    ready.run("submit", "register", rows(tmp_path / "r.json", {"imei": IMEI, "username": "ana"}, {"imei": OTHER_IMEI}))
    assert len(ready.run("journal", "--json", "--limit", "1").json) == 1
    (found,) = ready.run("journal", "--json", "--search", IMEI[-6:], "--state", "accepted", "--since", "1h").json
    assert found["fields"]["username"] == "ana"
    assert set(found) >= {
        "id", "kind", "workflow", "state", "created_at", "updated_at", "operator", "fields", "attempts", "answer",
        "differences", "replaces",
    }  # fmt: skip
    assert set(found["attempts"][0]) == {"at", "outcome", "status", "message", "duration_ms"}
    masked, table = ready.run("journal", "--json"), ready.run("journal")
    for ended in (masked, table):
        assert IMEI not in ended.out
        assert IMEI[-4:] in ended.out
    assert ready.run("journal", "--json", "--reveal", "--search", "ana").json[0]["fields"]["imei"] == IMEI
    assert ready.run("journal", "--json", "--search", "nobody").json == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("nonsense",), 2),
        (("--set", "gate.base_url=http://gate.example.com", "journal"), 2),
        (("--set", "nothing=1", "journal"), 2),
        (("submit", "register", "missing.json"), 2),
        (("submit", "register", "-", "--workflow", "plan-change"), 2),
        (("submit", "register", "-"), 4),
        (("journal", "--since", "yesterday"), 2),
        (("journal", "--state", "green"), 2),
    ],
)
def test_what_cannot_be_understood_is_told_on_stderr(program: Program, arguments: tuple[str, ...], code: int) -> None:
    ended = program.run(*arguments, stdin="{")
    assert ended.code == code
    assert ended.err
    assert not ended.out


def test_a_file_that_is_no_journal_ends_with_8(program: Program) -> None:
    program.home.mkdir()
    (program.home / "journal.db").write_bytes(b"no journal " * 1000)
    ended = program.run("journal")
    assert ended.code == 8
    assert ended.err


def test_a_command_loads_neither_qt_nor_the_http_library(program: Program) -> None:
    import subprocess
    import sys

    code = (
        "import sys; from ui.__main__ import main; main(['--home', sys.argv[1], 'journal'])\n"
        "print([name for name in ('PySide6', 'httpx', 'openpyxl') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(program.home)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_neither_secrets_nor_identifiers_are_written_where_they_do_not_belong(
    ready: Program, gate: TrainingGate, tmp_path: Path
) -> None:
    """A token, a password and a push key through success, refusal and retry; then every byte is searched."""
    gate.fail_next(Fault.SERVER_ERROR, Fault.LOST_ANSWER, Fault.NONE, Fault.REFUSED)
    record = {"imei": IMEI, "username": "ana", "password": PASSWORD, "push_key": PUSH_KEY}
    file = rows(tmp_path / "r.json", record, record | {"imei": OTHER_IMEI, "username": "eva"})
    ended = ready.run("submit", "register", file, "--wait", "20")
    assert sorted(line["state"] for line in ended.lines[2:]) == ["accepted", "rejected"]
    sent = [json.loads(request.body)["password"] for request in gate.requests if IMEI.encode() in request.body]
    assert len(sent) >= 2
    assert len(set(sent)) == 1, "each attempt carries the same hash"
    assert bcrypt.checkpw(PASSWORD.encode(), sent[0].encode())
    printed = ended.out + ended.err + ready.run("journal", "--json", "--reveal").out + ready.run("journal").out
    written = {path: path.read_bytes() for path in ready.home.rglob("*") if path.is_file()}
    assert any(path.name.endswith(".log") for path in written)
    for secret in (TOKEN, PASSWORD, PUSH_KEY, sent[0]):
        assert secret not in printed
        assert not [path for path, content in written.items() if secret.encode() in content], secret
    logs = b"".join(content for path, content in written.items() if path.suffix == ".log")
    for identifier in (IMEI, OTHER_IMEI):
        assert identifier.encode() not in logs
        assert identifier not in ended.out + ended.err
