"""`submit --failed-rows`: what failed, with its reason, in a file that can be corrected and submitted again."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest

from app.masked import Secret
from app.training.gate import TrainingGate
from app.training.gate_faults import Fault
from tests.peers.keyring import unlocked_keyring
from tests.peers.program import Program

IMEI = "490154203237518"


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path / "home", {"gate.base_url": "http://127.0.0.1:9/api/v1"})


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_the_failed_rows_have_the_same_columns_and_go_through_once_corrected(
    program: Program, tmp_path: Path, ending: str
) -> None:
    file, failed = tmp_path / "rows.csv", tmp_path / f"failed{ending}"
    file.write_text(f"IMEI,username,password\n{IMEI},ana,one canary\n12,'=1+1,two canary\n")
    ended = program.run("submit", "register", str(file), "--queue-only", "--failed-rows", str(failed))
    assert ended.code == 4
    (invalid,) = [line for line in ended.lines if line["state"] == "invalid"]
    if ending == ".csv":
        lines = list(csv.reader(failed.read_text("utf-8-sig").splitlines()))
        assert lines[1][1] == "'=1+1"
    else:
        sheet = openpyxl.load_workbook(failed).worksheets[0]
        lines = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
        assert lines[1][1] == "=1+1"
    assert lines[0] == ["IMEI", "username", "password", "status", "reason"]
    assert len(lines) == 2
    assert (lines[1][0], lines[1][2], lines[1][3]) == ("12", "", "invalid")
    assert invalid["problems"][0]["message"] in lines[1][4]
    assert "password is left out of this file" in lines[1][4]
    assert b"canary" not in failed.read_bytes()
    again = program.run("submit", "register", str(failed), "--queue-only")
    assert [problem["field"] for problem in again.lines[0]["problems"]] == ["imei"]
    if ending == ".csv":
        failed.write_text(failed.read_text("utf-8-sig").replace('"12"', '"356938035643809"'))
        assert program.run("submit", "register", str(failed), "--queue-only").lines[0]["state"] == "queued"


def test_a_file_that_is_there_already_is_refused_before_anything_is_queued(program: Program, tmp_path: Path) -> None:
    (there := tmp_path / "failed.csv").write_text("mine")
    for path in (there, tmp_path / "failed.txt"):
        ended = program.run("submit", "register", "-", "--failed-rows", str(path), stdin=json.dumps({"imei": IMEI}))
        assert (ended.code, ended.out) == (2, "")
    assert there.read_text() == "mine"
    assert program.run("journal", "--json").json == []


def test_what_the_gate_refused_is_among_them_with_what_it_said(tmp_path: Path) -> None:
    (file := tmp_path / "rows.json").write_text(json.dumps([{"imei": IMEI}, {"imei": "356938035643809"}]))
    (keyring := tmp_path / "keyring").mkdir()
    with unlocked_keyring(keyring) as bus, TrainingGate(token=Secret("token-of-the-test")) as gate:
        program = Program(tmp_path / "home", {"gate.base_url": gate.base_url, "delivery.rate_per_s": 100}, bus)
        assert program.run("token", "set", stdin="token-of-the-test\n").code == 0
        gate.fail_next(Fault.NONE, Fault.CONFLICT)
        ended = program.run("submit", "register", str(file), "--failed-rows", str(tmp_path / "failed.csv"))
    assert ended.code == 5
    (row,) = csv.DictReader((tmp_path / "failed.csv").read_text("utf-8-sig").splitlines())
    assert (row["imei"], row["status"]) == ("356938035643809", "conflict")
    assert row["reason"] == ended.lines[-1]["message"]
