"""Asking for a file beside the window, which goes on while the question is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from app.journal.outbox import utc_now
from app.work.folder import filed


def ask_open(parent: QWidget, title: str, kinds: Sequence[str], call: Callable[[Path], object]) -> None:
    """Ask for a file that is there; `kinds` are name filters, such as "Text (*.txt)"."""
    dialog = _dialog(parent, title, kinds, call)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.open()


def ask_folder(parent: QWidget, title: str, call: Callable[[Path], object]) -> None:
    """Ask for a folder that is there."""
    dialog = _dialog(parent, title, (), call)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.open()


def ask_save(
    parent: QWidget,
    title: str,
    kinds: Sequence[str],
    name: str,
    call: Callable[[Path], object],
    *,
    folder: str = "",
) -> None:
    """Ask where to write, `name` on offer; the dialog asks whether an older file may be overwritten. A name without an
    ending gets that of `name`. With a `folder` it goes there without a question."""
    if folder:
        call(filed(Path(folder), name, utc_now()))
        return
    dialog = _dialog(parent, title, kinds, call)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(Path(name).suffix.removeprefix("."))
    dialog.selectFile(name)
    dialog.open()


def _dialog(parent: QWidget, title: str, kinds: Sequence[str], call: Callable[[Path], object]) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setNameFilters(list(kinds))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda file: call(Path(file)))
    return dialog
