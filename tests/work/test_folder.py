"""The station's folder for files: names that do not meet, orders found by their names."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.work.folder import filed, order_in
from app.work.workbooks import FileUnreadable


def test_a_file_tells_when_it_was_asked_for(tmp_path: Path) -> None:
    at = datetime(2026, 3, 2, 9, 5, 7, tzinfo=UTC)
    file = filed(tmp_path, "gate-station-log.xlsx", at)
    assert file == tmp_path / f"gate-station-log {at.astimezone():%Y-%m-%d %H.%M.%S}.xlsx"
    assert filed(tmp_path, "gate-station-log.xlsx", at.replace(second=8)) != file


@pytest.mark.parametrize("scanned", ["PO-4711", "po-4711", " PO-4711.csv "])
def test_an_order_is_found_by_its_name(tmp_path: Path, scanned: str) -> None:
    for name in ("PO-4711.csv", "PO-47110.csv", "PO-4711.txt", "other.xlsx"):
        (tmp_path / name).touch()
    assert order_in(tmp_path, scanned) == tmp_path / "PO-4711.csv"


def test_the_newest_of_several_is_taken_and_none_where_there_is_none(tmp_path: Path) -> None:
    for age, name in enumerate(("PO-1.xlsx", "PO-1.csv", "po-1.json")):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1_000_000 - age, 1_000_000 - age))
    assert order_in(tmp_path, "PO-1") == tmp_path / "PO-1.xlsx"
    assert order_in(tmp_path, "../PO-1") is None
    assert order_in(tmp_path, "") is None


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="cannot be looked into") as told:
        order_in(tmp_path / "none", "PO-1")
    assert "Settings" in told.value.remedy
