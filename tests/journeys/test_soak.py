"""A few rounds of the soak in every run of the tests; `dev.py soak` does as many as are asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.soak import soak


@pytest.mark.timeout(240)
def test_a_killed_program_loses_nothing_and_sends_nothing_twice(tmp_path: Path) -> None:
    report = soak(rounds=12, seed=20261122, folder=tmp_path)
    assert report.broken == []
    assert report.rounds == 12
    assert report.killed
    assert report.acknowledged
