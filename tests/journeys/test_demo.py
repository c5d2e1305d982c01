"""The demonstration is a journey: plug, read, register, replace the SIM, lose and regain the gate."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.peers.program import Program


@pytest.mark.timeout(120)
def test_the_demonstration_plays_through_the_real_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    program = Program(tmp_path / "home")
    ended = program.run("demo", "--pictures", str(tmp_path / "pictures"))
    assert ended.code == 0, ended.err
    lines = ended.out.splitlines()[1:]
    assert [line.split()[1:3] for line in lines] == [
        ["accepted", "register-device"],
        ["accepted", "sim-replacement"],
        ["accepted", "register-device"],
    ]
    pictures = sorted((tmp_path / "pictures").glob("*.png"))
    assert len(pictures) == 9
    assert all(picture.stat().st_size > 10_000 for picture in pictures)
