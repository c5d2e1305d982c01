"""`journal key`, and every command over an encrypted journal, as real processes: with a keyring, and without."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import secretstorage
from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]
from sqlcipher3 import dbapi2  # type: ignore[import-untyped] # the driver ships no types

from app.credentials.recovery_code import read_code
from app.masked import Secret
from app.training.gate import TrainingGate
from tests.peers.keyring import unlocked_keyring
from tests.peers.program import Ended, Program

IMEI, USER = "490154203237518", "canary.lopez"
ROWS = json.dumps([{"imei": IMEI, "username": USER}])
GATE = {"gate.base_url": "http://127.0.0.1:9/api/v1"}
PASSPHRASE = "four words that rhyme not"


@pytest.fixture(scope="module")
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with unlocked_keyring(tmp_path_factory.mktemp("keyring")) as address:
        yield address


@pytest.fixture
def other_bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The keyring of a computer that has lost the first one."""
    with unlocked_keyring(tmp_path_factory.mktemp("keyring")) as address:
        yield address


def enter(program: Program) -> Ended:
    ended = program.run("submit", "register", "-", "--queue-only", stdin=ROWS)
    assert (ended.code, ended.lines[0]["state"]) == (0, "queued")
    return ended


def code_in(text: str) -> str:
    (found,) = [line.strip() for line in text.splitlines() if line.startswith("    ")]
    assert read_code(Secret(found)).reveal() == found
    return found


def in_clear(home: Path) -> list[str]:
    files = [file for file in home.rglob("*") if file.is_file()]
    return [file.name for file in files if IMEI.encode() in file.read_bytes() or USER.encode() in file.read_bytes()]


def test_with_a_keyring_the_first_command_encrypts_and_shows_the_code_once(tmp_path: Path, bus: str) -> None:
    program = Program(tmp_path / "home", GATE, bus)
    code = code_in(enter(program).err)
    assert enter(program).err == ""
    assert in_clear(program.home) == []
    assert not any(code in file.read_text("utf-8", "replace") for file in (program.home / "logs").iterdir())
    status = program.run("journal", "key", "status", "--json")
    assert status.json == {"journal": "closed", "recovery_code": "kept"}
    assert len(program.run("journal", "--json", "--search", "canary").json) == 2
    assert program.run("journal", "verify").code == 0
    assert program.run("journal", "repair").out == "The journal is sound; nothing was changed.\n"
    export = tmp_path / "out.csv"
    assert program.run("journal", "export", str(export)).code == 0


def test_a_lost_entry_costs_nothing_the_code_opens_and_what_was_queued_is_delivered(
    tmp_path: Path, bus: str, other_bus: str
) -> None:
    with TrainingGate() as gate:
        settings = {"gate.base_url": gate.base_url}
        code = code_in(enter(Program(tmp_path / "home", settings, bus)).err)
        before = (tmp_path / "home" / "journal.db").read_bytes()
        lost = Program(tmp_path / "home", settings, other_bus)
        for command in (("journal",), ("deliver",), ("submit", "register", "-")):
            refused = lost.run(*command, stdin=ROWS)
            assert refused.code == 8
            assert "journal key recover" in refused.err
        assert (tmp_path / "home" / "journal.db").read_bytes() == before
        misspelt = lost.run("journal", "key", "recover", stdin=code[:-1] + ("0" if code[-1] != "0" else "1"))
        assert misspelt.code == 4
        assert "not as written down: 8." in misspelt.err
        ended = lost.run("journal", "key", "recover", stdin=code.lower().replace("-", "") + "\n")
        assert (ended.code, ended.err) == (0, "")
        assert "1 submissions are to be delivered" in ended.out
        assert lost.run("token", "set", stdin=gate.token.reveal()).code == 0
        assert [line["state"] for line in lost.run("deliver", "--timeout", "20").lines] == ["accepted"]


def test_without_a_keyring_everything_works_in_clear_and_says_so_until_somebody_chooses(tmp_path: Path) -> None:
    program = Program(tmp_path / "home", GATE)
    for _ in range(2):
        assert "not encrypted" in enter(program).err
    assert program.run("journal", "key", "encrypt").code == 7
    chosen = Program(program.home, GATE | {"journal.encryption": "plain"})
    assert enter(chosen).err == ""
    connection = dbapi2.connect(str(program.home / "journal.db"))
    (kind, detail) = connection.execute("SELECT kind, detail FROM audit ORDER BY seq LIMIT 1").fetchone()
    connection.close()
    assert (kind, json.loads(detail)["made"]) == ("encryption", "plain")


def test_a_journal_in_clear_is_encrypted_when_a_keyring_is_there_and_asked_for(tmp_path: Path, bus: str) -> None:
    enter(Program(tmp_path / "home", GATE))
    program = Program(tmp_path / "home", GATE, bus)
    # A keyring that has come since changes nothing by itself.
    assert "not encrypted" in enter(program).err
    code_in(program.run("journal", "key", "encrypt").err)
    assert in_clear(program.home) == []
    assert len(program.run("journal", "--json").json) == 2
    assert program.run("journal", "verify").code == 0


def test_a_passphrase_keeps_a_journal_where_there_is_no_keyring(tmp_path: Path) -> None:
    program = Program(tmp_path / "home", GATE)
    enter(program)
    assert program.run("journal", "key", "passphrase", stdin="short\n").code == 4
    set_now = program.run("journal", "key", "passphrase", stdin=PASSPHRASE + "\n")
    assert set_now.code == 0
    code = code_in(set_now.err)
    assert in_clear(program.home) == []
    assert program.run("journal").code == 8
    assert program.run("--passphrase-stdin", "journal", stdin="not this one\n").code == 8
    more = program.run("--passphrase-stdin", "submit", "register", "-", "--queue-only", stdin=f"{PASSPHRASE}\n{ROWS}")
    assert (more.code, more.err) == (0, "")
    # Forgotten: the code, and a new one.
    assert program.run("journal", "key", "recover", stdin=f"{code}\nanother four words here\n").code == 0
    listed = program.run("--passphrase-stdin", "journal", "--json", stdin="another four words here\n")
    assert len(listed.json) == 2


def test_a_new_code_makes_the_old_one_worthless(tmp_path: Path, bus: str) -> None:
    program = Program(tmp_path / "home", GATE, bus)
    old = code_in(enter(program).err)
    new = program.run("journal", "key", "new-recovery-code").out.strip()
    assert program.run("journal", "key", "recover", stdin=old).code == 4
    assert program.run("journal", "key", "recover", stdin=new).code == 0


def test_two_that_start_at_once_agree_on_one_key_and_one_code(tmp_path: Path, bus: str) -> None:
    program = Program(tmp_path / "home", GATE, bus)
    file = tmp_path / "rows.json"
    file.write_text(ROWS)
    both = [program.start("submit", "register", str(file), "--queue-only") for _ in range(2)]
    told = [process.communicate(timeout=40) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum("recovery code" in err for _, err in told) == 1
    assert len(program.run("journal", "--json").json) == 2


def test_what_the_keyring_holds_is_forgotten_for_uninstalling(tmp_path: Path, bus: str) -> None:
    program, neighbour = Program(tmp_path / "home", GATE, bus), Program(tmp_path / "neighbour", GATE, bus)
    for each in (program, neighbour):
        enter(each)
        assert each.run("token", "set", stdin="a-token-of-this-home\n").code == 0
    (id,) = json.loads((program.home / "station.json").read_text()).values()
    assert entries(bus, id) == {"gate-station", "gate-station audit", "gate-station journal"}

    assert program.run("--forget-secrets").code == 0

    assert entries(bus, id) == set()
    assert program.run("journal", "--json").code == 8
    assert (neighbour.run("token", "status").code, neighbour.run("journal", "--json").code) == (0, 0)
    assert program.run("--forget-secrets").code == 0


def test_where_there_is_nothing_to_forget_nothing_is_made(tmp_path: Path, bus: str) -> None:
    assert Program(tmp_path / "home", GATE, bus).run("--forget-secrets").code == 0
    assert not (tmp_path / "home").exists()


def test_a_keyring_that_refuses_is_told(tmp_path: Path, bus: str) -> None:
    program = Program(tmp_path / "home", GATE, bus)
    enter(program)
    ended = Program(program.home, GATE).run("--forget-secrets")
    assert ended.code == 7
    assert "keyring" in ended.err


def entries(bus: str, id: str) -> set[str]:
    """The names under which the keyring holds something of a station."""
    with closing(open_dbus_connection(bus)) as connection:
        items = secretstorage.get_default_collection(connection).get_all_items()
        return {found["service"] for item in items if (found := item.get_attributes())["username"] == id}
