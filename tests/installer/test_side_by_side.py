"""`dev.py installer`: several systems' packages at once, none of whose failures is missed."""

from __future__ import annotations

import sys

import pytest

from dev import Failed, side_by_side
from installer.build import SYSTEMS
from installer.metadata import ROOT


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_each_line_bears_its_lanes_name(capsys: pytest.CaptureFixture[str]) -> None:
    side_by_side({"linux": [python("print('one')"), python("print('two')")], "windows": [python("print('three')")]})
    said = sorted((line.split()[0], line.split()[-1]) for line in capsys.readouterr().out.splitlines())
    assert said == [("linux", "one"), ("linux", "two"), ("windows", "three")]


def test_a_lane_that_fails_stops_and_is_named_while_the_other_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    broken = [python("import sys; sys.exit(3)"), python("print('after the failure')")]
    with pytest.raises(Failed, match=r"sys\.exit\(3\) ended with 3$"):
        side_by_side({"windows": broken, "linux": [python("print('goes on')")]})
    said = capsys.readouterr().out
    assert "goes on" in said
    assert "after the failure" not in said


def test_a_lane_that_cannot_even_begin_is_no_success() -> None:
    with pytest.raises(FileNotFoundError, match="no-such-program"):
        side_by_side({"windows": [["no-such-program"]], "linux": [python("")]})


def test_the_gate_builds_and_tries_every_package_that_can_be_built_on_linux() -> None:
    last = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1]
    assert last.split()[-3:] == ["installer", *sorted({*SYSTEMS} - {"macos"})]
