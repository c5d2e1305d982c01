"""Who may take the place of the one window, and whose word counts that it is taken."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from app.paths import runtime_folder
from ui import single_instance
from ui.single_instance import Place

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="of Unix sockets and the rights of folders")

SECRET = "the secret of the first"


@pytest.fixture(autouse=True)
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return tmp_path / "gate-station"


SERVER = """
import socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.bind(sys.argv[1])
    server.listen()
    print("listening", flush=True)
    while True:
        asking, _ = server.accept()
        with asking:
            asking.sendall(sys.argv[2].encode())
"""


@contextmanager
def listening(file: Path, answer: str) -> Iterator[None]:
    """Another process, which answers whoever connects to `file`."""
    with subprocess.Popen([sys.executable, "-c", SERVER, file, answer], stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline()
            yield
        finally:
            process.kill()


@pytest.mark.parametrize(("answer", "opens"), [(SECRET, False), ("something else, at length", True), ("", True)])
def test_only_who_knows_the_secret_is_the_first(  # noqa: PLR0917 - fixtures are handed in so
    answer: str, opens: bool, runtime: Path, tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    if opens:
        # The right answer is waited for as ever: on a busy machine it takes a while.
        monkeypatch.setattr(single_instance, "PATIENCE_S", 0.2)
    first, second = Place(tmp_path, qapp), Place(tmp_path, qapp)
    assert first.take()
    (lock,) = runtime.glob("*.lock")
    with listening(tmp_path / "s", answer):
        lock.with_suffix(".address").write_text(f"{os.getpid()}\n{tmp_path / 's'}\n{SECRET}")
        assert second.take() is opens
    first.leave()


@pytest.mark.parametrize("address", [None, "", "1\n/nowhere", "1\n/nowhere\nof one that was killed"])
def test_where_the_first_does_not_answer_there_is_a_second(  # noqa: PLR0917 - fixtures are handed in so
    address: str | None,
    runtime: Path,
    tmp_path: Path,
    qapp: QApplication,
    qtlog: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(single_instance, "PATIENCE_S", 0.2)
    first, second = Place(tmp_path, qapp), Place(tmp_path, qapp)
    assert first.take()
    if address is not None:
        (lock,) = runtime.glob("*.lock")
        lock.with_suffix(".address").write_text(address)
    assert second.take()
    assert qtlog.records == []
    first.leave()


def test_a_folder_that_others_may_enter_is_not_used(runtime: Path, tmp_path: Path, qapp: QApplication) -> None:
    runtime.mkdir(mode=0o755)
    with pytest.raises(PermissionError):
        runtime_folder()
    assert Place(tmp_path, qapp).take()
    assert list(runtime.iterdir()) == []


def test_a_link_to_another_folder_is_not_used(runtime: Path, tmp_path: Path) -> None:
    (tmp_path / "private").mkdir(mode=0o700)
    runtime.symlink_to(tmp_path / "private")
    with pytest.raises(PermissionError):
        runtime_folder()


def test_without_a_runtime_folder_it_is_the_persons_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = runtime_folder()
    assert folder.name == f"gate-station-{os.getuid()}"
    assert folder.stat().st_mode & 0o777 == 0o700
