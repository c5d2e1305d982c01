"""The bundle for support: a fixed list of files, nothing of a person in any, also where a log was tampered with."""

from __future__ import annotations

import json
import logging
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.assembly import Workstation
from app.crashes import recorded
from app.logs import LEVELS
from app.masked import Secret, mask
from app.paths import paths
from app.work.bundle import LOG_LINES, NOT_INSIDE, save
from app.work.doctor.surroundings import this_account
from app.work.fresh import FileNotWritten
from tests.peers.pages import station
from tests.peers.program import Program
from tests.peers.submissions import submission

TOKEN, IMEI, USER, OPERATOR = "gst_canary_7Qx-token", "356938035643809", "maria.canary", "Ana Quintanar"
NAMES = ["about.json", "settings.json", "doctor.json", "journal.json", "log.jsonl", "crash.txt", "manifest.txt"]


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[Workstation]:
    """A station whose journal, settings and log hold what must not get out."""
    overrides = [f"operator={OPERATOR}", "ports.extra=/dev/serial/by-id/" + IMEI, "gate.base_url=http://127.0.0.1:1/x"]
    with (
        station(tmp_path, overrides, Secret(TOKEN)) as made,
        recorded(made.paths, LEVELS["debug"], lambda _: None),
    ):
        made.journal.add(submission("one", imei=IMEI, username=USER))
        logging.getLogger("app.work").warning("read %s for %s", IMEI, OPERATOR)
        with made.paths.log_file.open("a") as file:
            file.write(f"a foreign line: {TOKEN} {USER}\n" + json.dumps({"message": "x", "body": TOKEN}) + "\n")
            # Written past the logger, which masks.
            words = f"{made.paths.data}/x {Path.home()}/y by {this_account().name} {IMEI}"
            file.write(json.dumps({"message": words}) + "\n")
        made.paths.crash_file.write_text(words)
        (made.paths.data / "notes.txt").write_text(TOKEN)
        yield made


def test_nothing_of_a_person_and_no_secret_is_in_it(busy: Workstation, tmp_path: Path) -> None:
    files = busy.bundle()
    assert list(files) == NAMES
    whole = "\n".join(files.values())
    for canary in (TOKEN, IMEI, USER, OPERATOR, str(tmp_path), str(Path.home()) + "/"):
        assert canary not in whole, canary
    assert "<operator>" in files["log.jsonl"]
    assert "foreign" not in files["log.jsonl"]
    for name in ("log.jsonl", "crash.txt"):
        assert f"<station>/x ~/y by <user> {mask(IMEI)}" in files[name]
    for name, text in files.items():
        if name.endswith(".json"):
            json.loads(text)
    assert all(json.loads(line) for line in files["log.jsonl"].splitlines())


def test_of_a_long_log_only_the_end_is_in_it(busy: Workstation) -> None:
    with busy.paths.log_file.open("a") as file:
        file.writelines(json.dumps({"message": f"line {number}"}) + "\n" for number in range(LOG_LINES + 100))
    lines = busy.bundle()["log.jsonl"].splitlines()
    assert len(lines) == LOG_LINES
    assert any(f"line {LOG_LINES + 99}" in line for line in lines)


def test_it_says_what_support_asks_first(busy: Workstation) -> None:
    files = busy.bundle()
    journal, settings = json.loads(files["journal.json"]), json.loads(files["settings.json"])
    assert journal["usable"] is True
    assert journal["schema"] >= 1
    assert journal["submissions"] == {"queued": 1}
    assert (settings["operator"], settings["ports.extra"], settings["retention_days"]) == ("set", "1 set", 0)
    assert {line["check"] for line in json.loads(files["doctor.json"])} >= {"keyring", "gate", "journal", "disk"}
    assert all(name in files["manifest.txt"] for name in NAMES[:-1])
    assert all(each in files["manifest.txt"] for each in NOT_INSIDE)


def test_it_is_saved_as_it_was_shown_and_for_its_owner_only(busy: Workstation, tmp_path: Path) -> None:
    files, path = busy.bundle(), tmp_path / "out.zip"
    save(files, path, force=False)
    with zipfile.ZipFile(path) as archive:
        assert {name: archive.read(name).decode() for name in archive.namelist()} == dict(files)
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(FileNotWritten):
        save(files, path, force=False)


def test_a_journal_that_cannot_be_used_is_told_in_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "journal.db").write_bytes(b"no journal at all" * 500)
    ended = Program(home, {"gate.base_url": "http://127.0.0.1:1/x"}).run("bundle", str(tmp_path / "b.zip"))
    assert ended.code == 0
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert json.loads(archive.read("journal.json"))["usable"] is False
    shown = Program(home, {"gate.base_url": "http://127.0.0.1:1/x"}).run("bundle", "x.zip", "--preview")
    assert all(f"--- {name}" in shown.out for name in NAMES)
    assert not paths(home).data.joinpath("x.zip").exists()
