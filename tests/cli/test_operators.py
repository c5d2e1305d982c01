"""`operators` and `--operator`: what the roles keep from whom on the command line."""

from __future__ import annotations

from pathlib import Path

from app.cli.exits import Exit
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
