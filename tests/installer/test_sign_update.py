"""The release key and what it signs: the program believes it, and nothing that it would not believe is written."""

from __future__ import annotations

import base64
import stat
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.updates.announcement import read
from installer.metadata import ROOT, load_metadata
from installer.sign_update import main
from tests.peers.releases import public

PASSPHRASE = "canary passphrase 57"
PAGE = "https://www.example.com/gate-station/next"


def asked(_: str) -> str:
    return PASSPHRASE


def make(file: Path, capsys: pytest.CaptureFixture[str]) -> bytes:
    """A new key; its public half."""
    assert main(["key", str(file)], ask=asked) == 0
    printed = capsys.readouterr().out
    assert PASSPHRASE not in printed
    return base64.b64decode(printed.split()[-1])


def sign(file: Path, out: Path, *pinned: bytes, page: str = PAGE, days: int = 90) -> int:
    return main(["sign", str(file), str(out), "--page", page, "--days", str(days)], ask=asked, pinned=pinned)


def test_what_a_new_key_signs_is_believed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key, out = tmp_path / "release.pem", tmp_path / "release"
    pinned = make(key, capsys)
    assert sign(key, out, pinned) == 0
    now = datetime.now(UTC)
    release = read(out.read_bytes(), [pinned], now)
    assert (release.version, release.page) == (load_metadata().version, PAGE)
    assert timedelta(days=89) < release.expires - now <= timedelta(days=90)


def test_the_private_half_is_readable_by_its_owner_only_and_only_with_the_passphrase(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = tmp_path / "release.pem"
    pinned = make(key, capsys)
    assert b"ENCRYPTED PRIVATE KEY" in key.read_bytes()
    if sys.platform != "win32":
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    out = tmp_path / "release"
    command = ["sign", str(key), str(out), "--page", PAGE]
    assert main(command, ask=lambda _: "another passphrase", pinned=[pinned]) == 1
    assert not out.exists()


@pytest.mark.parametrize(("page", "days"), [("http://www.example.com/next", 90), (PAGE, 0), (PAGE, -1)])
def test_what_the_program_would_refuse_is_not_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], page: str, days: int
) -> None:
    key, out = tmp_path / "release.pem", tmp_path / "release"
    pinned = make(key, capsys)
    assert sign(key, out, pinned, page=page, days=days) == 1
    assert not out.exists()


def test_a_key_that_the_program_does_not_know_signs_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key, out = tmp_path / "release.pem", tmp_path / "release"
    make(key, capsys)
    assert sign(key, out, public(Ed25519PrivateKey.generate())) == 1
    assert "not signed by the makers" in capsys.readouterr().out
    assert not out.exists()


def test_a_key_never_lies_in_the_project_nor_takes_the_place_of_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inside = ROOT / "build" / "release.pem"
    assert main(["key", str(inside)], ask=asked) == 1
    assert not inside.exists()
    there = tmp_path / "there.pem"
    make(there, capsys)
    before = there.read_bytes()
    assert main(["key", str(there)], ask=asked) == 1
    assert there.read_bytes() == before


@pytest.mark.parametrize("answers", [("short", "short"), (PASSPHRASE, PASSPHRASE + "!")])
def test_a_key_needs_a_passphrase_said_twice(tmp_path: Path, answers: tuple[str, str]) -> None:
    said = iter(answers)
    assert main(["key", str(tmp_path / "release.pem")], ask=lambda _: next(said)) == 1
    assert list(tmp_path.iterdir()) == []
