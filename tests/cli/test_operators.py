"""`operators` and `--operator`: what the roles keep from whom on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli.exits import Exit
from app.training.devices.hub import Hub
from app.training.devices.personalities import QUECTEL_EC25
from tests.peers.program import Program

ANA, LUIS = "2580", "1470"


def test_people_are_entered_by_a_supervisor_and_roles_hold(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")

    refused = program.run("operators", "add", "Luis", "operator", stdin=f"{LUIS}\n")
    first = program.run("operators", "add", "Ana", "supervisor", stdin=f"{ANA}\n")
    nobody = program.run("operators", "add", "Luis", "operator", stdin=f"{LUIS}\n")
    second = program.run("--operator", "ana", "operators", "add", "Luis", "operator", stdin=f"{ANA}\n{LUIS}\n")

    assert (refused.code, first.code, nobody.code, second.code) == (Exit.USAGE, Exit.DONE, Exit.USAGE, Exit.DONE)
    assert program.run("operators", "list", "--json").json == [
        {"name": "Ana", "role": "supervisor", "badge": False},
        {"name": "Luis", "role": "operator", "badge": False},
    ]
    shown = program.run("--operator", "Luis", "journal", "--reveal", stdin=f"{LUIS}\n")
    assert shown.code == Exit.USAGE
    assert "takes a supervisor" in shown.err
    assert program.run("--operator", "Ana", "journal", "--reveal", stdin=f"{ANA}\n").code == Exit.DONE
    assert program.run("--operator", "Ana", "journal", "--reveal", stdin=f"{LUIS}\n").code == Exit.USAGE
    badge = program.run("--operator", "Ana", "operators", "change", "Luis", "--badge", stdin=f"{ANA}\n")
    assert "GSOP-" in badge.out
    assert program.run("operators", "reset").code == Exit.DONE
    assert program.run("journal", "--reveal").code == Exit.DONE
    assert program.run("journal", "verify").code == Exit.DONE


@pytest.fixture
def staffed(tmp_path: Path) -> Program:
    """Ana may everything, Luis is an operator."""
    program = Program(tmp_path / "home")
    assert program.run("operators", "add", "Ana", "supervisor", stdin=f"{ANA}\n").code == Exit.DONE
    luis = program.run("--operator", "Ana", "operators", "add", "Luis", "operator", stdin=f"{ANA}\n{LUIS}\n")
    assert luis.code == Exit.DONE
    return program


@pytest.mark.parametrize("action", ["encrypt", "new-recovery-code", "passphrase"])
def test_how_the_journal_is_kept_is_a_supervisors(staffed: Program, action: str) -> None:
    before = staffed.run("journal", "key", "status", "--json").json
    nobody = staffed.run("journal", "key", action, stdin="a passphrase of Luis\n")
    luis = staffed.run("--operator", "Luis", "journal", "key", action, stdin=f"{LUIS}\na passphrase of Luis\n")
    assert (nobody.code, luis.code) == (Exit.USAGE, Exit.USAGE)
    assert "takes a supervisor" in luis.err
    assert staffed.run("journal", "key", "status", "--json").json == before


def test_a_passphrase_is_set_by_a_supervisor(staffed: Program) -> None:
    chosen = "four words that rhyme not"
    ended = staffed.run("--operator", "Ana", "journal", "key", "passphrase", stdin=f"{ANA}\n{chosen}\n")
    assert ended.code == Exit.DONE, ended.err
    assert staffed.run("--passphrase-stdin", "journal", stdin=f"{chosen}\n").code == Exit.DONE


def test_a_trace_is_a_technicians_and_leaves_no_file_for_others(staffed: Program, tmp_path: Path) -> None:
    file = tmp_path / "trace.txt"
    with Hub([QUECTEL_EC25]) as hub:
        read = ("read", "--port", hub.addresses[QUECTEL_EC25.name], "--json")
        refused = staffed.run("--operator", "Luis", *read, "--trace", str(file), stdin=f"{LUIS}\n")
        assert (refused.code, refused.out, file.exists()) == (Exit.USAGE, "", False)
        assert staffed.run(*read, "--trace", str(file)).code == Exit.USAGE
        assert staffed.run(*read).code == Exit.DONE
        assert staffed.run("--operator", "Ana", *read, "--trace", str(file), stdin=f"{ANA}\n").code == Exit.DONE
    assert file.exists()


@pytest.mark.parametrize("command", [("ports", "--json"), ("journal", "list", "--json")])
def test_a_wrong_pin_stops_whatever_the_command(staffed: Program, command: tuple[str, ...]) -> None:
    refused = staffed.run("--operator", "Luis", *command, stdin="9999\n")
    assert (refused.code, refused.out) == (Exit.USAGE, "")
    assert staffed.run("--operator", "Luis", *command, stdin=f"{LUIS}\n").code == Exit.DONE


@pytest.mark.parametrize("command", [("repair",), ("key", "status"), ("key", "recover")])
def test_where_nobody_signs_in_a_name_is_refused(staffed: Program, command: tuple[str, ...]) -> None:
    refused = staffed.run("--operator", "Ana", "journal", *command, stdin=f"{ANA}\n")
    assert refused.code == Exit.USAGE
    assert "Nobody signs in" in refused.err
