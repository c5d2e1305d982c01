"""A page of the window over a real station in a folder of its own, on a thread that must never block."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app import seams
from app.assembly import Workstation
from app.credentials.vault import Vault
from app.masked import Secret
from app.paths import paths
from app.settings import load_settings
from ui.look import start_look
from ui.theme import Theme

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# What the window says is compared in its source language, whatever the machine speaks.
os.environ["LC_ALL"] = "C.UTF-8"


def dressed(app: QApplication) -> QApplication:
    """The application with its style, fonts and theme, whichever test comes first."""
    if Theme.made is None:
        start_look(app, "light")
    return app


@contextmanager
def station(home: Path, overrides: Sequence[str] = (), token: Secret | None = None) -> Iterator[Workstation]:
    """An open station whose token is in memory."""
    place = paths(home)
    place.prepare()
    vault = Vault(None)
    if token is not None:
        vault.save(token)
    workstation = Workstation(place, load_settings(place.settings, overrides), vault=vault)
    workstation.open()
    try:
        yield workstation
    finally:
        workstation.close()


@contextmanager
def never_blocking() -> Iterator[None]:
    """Within it, each blocking call on this thread raises."""
    seams.refuse_here()
    try:
        yield
    finally:
        seams.allow_here()


def focusable(page: QWidget) -> list[QWidget]:
    """What the Tab key reaches, as far as it is in sight."""
    return [
        widget
        for widget in page.findChildren(QWidget)
        if widget.isVisibleTo(page) and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]


def spoken_name(item: QObject) -> str:
    """What a screen reader calls it."""
    found = QAccessible.queryAccessibleInterface(item)
    return found.text(QAccessible.Text.Name)


def press(key: Qt.Key) -> None:
    """Press a key where the focus is."""
    holder = QApplication.focusWidget()
    assert holder is not None, "nothing has the focus"
    QTest.keyClick(holder, key)
