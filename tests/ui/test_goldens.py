"""Every screen looks as it did when somebody last looked at it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from dev import ROOT
from tests.ui.goldens import VARIANTS, Variant, differing, drawn, tiles

MOST = 60
"""Pixels of 16,000 that may differ: a time's digits are 30, an icon, a chip or a word is more."""
SHOWN = ROOT / "build" / "goldens"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_every_scene_looks_as_its_golden_picture(variant: Variant, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.png"
    drawn(variant, sheet)
    now, golden = tiles(QImage(str(sheet))), tiles(QImage(str(variant.file)))
    assert list(now) == list(golden), "scenes came or went: python3 dev.py screens --accept"
    changed = {name: count for name in now if (count := differing(now[name], golden[name])) > MOST}
    for name in changed:
        SHOWN.mkdir(parents=True, exist_ok=True)
        now[name].save(str(SHOWN / f"{variant.name}-{name}-now.png"))
        golden[name].save(str(SHOWN / f"{variant.name}-{name}-golden.png"))
    assert changed == {}, f"look at {SHOWN}, and if that is as it should be: python3 dev.py screens --accept"
