"""Some rounds of the soak in every run of the tests; `dev.py soak` does as many as are asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.soak.rounds import soak
from tests.soak.troubles import TROUBLES


@pytest.mark.timeout(400)
def test_a_troubled_program_loses_nothing_and_sends_nothing_twice(tmp_path: Path) -> None:
    report = soak(rounds=50, seed=20261122, folder=tmp_path, least=len(TROUBLES), limit_s=80)
    assert report.broken == []
    assert report.rounds >= len(TROUBLES)
    assert report.done.keys() == TROUBLES.keys()
    assert {"killed", "suspended", "in another time"} <= {name for name, count in report.deeds.items() if count}
    assert report.acknowledged
    assert report.unclear
