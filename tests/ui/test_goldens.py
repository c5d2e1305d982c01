"""Every screen looks as it did when somebody last looked at it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from dev import ROOT
from tests.ui.goldens import AT_REST_S, VARIANTS, Variant, differing, drawn, pictures

MOST = 40
"""Pixels of 16,000 that may differ: a long date is 28, a title or a button is 65 and more. A short line of small text
is 27: that one is lost is not noticed here, that one is cut is elsewhere (test_language)."""
SHOWN = ROOT / "build" / "goldens"


@pytest.mark.drawn
@pytest.mark.timeout(600)
@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_every_scene_looks_as_its_golden_picture(variant: Variant, tmp_path: Path) -> None:
    golden, now = pictures(variant), drawn(variant, tmp_path)
    assert list(now) == list(golden), "scenes came or went: python3 dev.py screens --accept"
    if changed := _changed(now, golden):
        # On a busy machine a window may have been drawn before it came to rest.
        again = {name.partition("-")[2] for name in changed}
        now = drawn(variant, tmp_path, again, quiet_s=AT_REST_S)
        changed = _changed(now, golden)
    for name in changed:
        SHOWN.mkdir(parents=True, exist_ok=True)
        now[name].save(str(SHOWN / f"{variant.name}-{name}-now.png"))
        golden[name].save(str(SHOWN / f"{variant.name}-{name}-golden.png"))
    assert changed == {}, f"look at {SHOWN}, and if that is as it should be: python3 dev.py screens --accept"


def _changed(now: Mapping[str, QImage], golden: Mapping[str, QImage]) -> dict[str, int]:
    """How many pixels differ, of the scenes where they are more than may."""
    return {name: count for name, tile in now.items() if (count := differing(tile, golden[name])) > MOST}
