"""The bundle in the window: every file is shown before anything is saved, and what is saved is what was shown."""

from __future__ import annotations

import zipfile
from pathlib import Path

from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from ui.doctor.bundle import BundlePage
from ui.doctor.page import DoctorPage
from ui.main_window import MainWindow


def test_every_file_is_shown_and_saved_as_shown(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.show_page("doctor")
    (doctor,) = window.findChildren(DoctorPage)
    doctor.bundle.emit()
    (page,) = window.findChildren(BundlePage)
    assert not page.save.isEnabled()
    qtbot.waitUntil(page.save.isEnabled, timeout=30_000)
    shown = {}
    for at in range(page.names.count()):
        page.names.setCurrentRow(at)
        shown[page.names.item(at).text()] = page.text.toPlainText()
    assert len(shown) == 7
    assert "Not inside" in shown["manifest.txt"]
    page.save.click()
    (dialog,) = window.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "b.zip"))
    dialog.close()
    qtbot.waitUntil(lambda: page.notice.summary() == "The bundle is saved.")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert {name: archive.read(name).decode() for name in archive.namelist()} == shown
    page.write(tmp_path / "none" / "b.zip")
    qtbot.waitUntil(lambda: "could not be written" in page.notice.summary())
