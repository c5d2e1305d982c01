"""What makes two builds of one commit the same, and lets a download be checked."""

from __future__ import annotations

import hashlib
from pathlib import Path

from installer.plan import set_dates, sums


def test_every_file_and_folder_has_the_date_of_the_commit(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "file").touch()
    set_dates(tmp_path, 1_000_000_000)
    every = [tmp_path, *tmp_path.rglob("*")]
    assert len(every) == 4
    assert {path.stat().st_mtime for path in every} == {1_000_000_000}


def test_the_sums_name_each_file_without_its_folder(tmp_path: Path) -> None:
    files = [tmp_path / "b.zip", tmp_path / "a.zip"]
    for path in files:
        path.write_text(path.name)
    first, second = (hashlib.sha256(name).hexdigest() for name in (b"a.zip", b"b.zip"))
    assert sums(files) == f"{first}  a.zip\n{second}  b.zip\n"
