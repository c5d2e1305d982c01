"""A newer version is told once after the start, quietly: one line above the bench, with a button to its page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QUrl
from PySide6.QtGui import QDesktopServices

from app.errors import WorkstationError
from app.updates.announcement import Release
from ui.background import run
from ui.notices import Notice
from ui.theme import Tone

if TYPE_CHECKING:
    from app.assembly import Workstation


def show_page(release: Release) -> None:
    """Show the release's page in the browser. Nothing is downloaded by the program itself."""
    QDesktopServices.openUrl(QUrl(release.page))


def tell_newer(
    station: Workstation, notice: Notice, owner: QObject, opened: Callable[[Release], None] = show_page
) -> None:
    """Look in the background and tell in `notice`; `opened` gets the release when its button is pressed."""

    def told(release: Release | None) -> None:
        # A notice that stands is not put away for this: the doctor tells of it as well.
        if release is not None and notice.isHidden():
            tell(release, notice, opened)

    run(station.newer_release, told, _left_to_the_doctor, owner)


def tell(release: Release, notice: Notice, opened: Callable[[Release], None]) -> None:
    """Say that the release is there, with a button to its page."""
    notice.offer(
        Tone.ACCENT,
        _tr("Version {version} is available.").format(version=release.version),
        _tr("Nothing is installed by itself."),
        _tr("Open its page"),
        lambda: opened(release),
    )


def _left_to_the_doctor(_: WorkstationError) -> None:
    """Nobody at the bench can mend it, and it stops no work; it is in the log."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Updates", text)
