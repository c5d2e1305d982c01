"""The golden pictures: every scene as it should look, small, a sheet for each variant.

`python dev.py screens --accept` draws them anew; look at them before they are committed. They come out the same each
time: the fonts are the program's own, the platform is Qt's offscreen one, and it is always early afternoon. What
differs are digits of times, too small to count.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter

from dev import ROOT
from resources import SOURCE
from ui.language.catalog import PSEUDO

FOLDER = Path(__file__).parent / "goldens"
TILE, ACROSS = QSize(160, 100), 10
NOISE = 32
AT_REST_S = 0.5
"""After which a window is at rest on a busy machine, too."""
NAMES = "scenes"
"""The key of the text inside a sheet that says what it shows, in order."""


@dataclass(frozen=True)
class Variant:
    scheme: str
    language: str
    scale: int

    @property
    def name(self) -> str:
        return f"{self.scheme}-{self.language}-{self.scale}00"

    @property
    def file(self) -> Path:
        return FOLDER / f"{self.name}.png"


VARIANTS = (
    Variant("light", SOURCE, 1),
    Variant("dark", "es", 1),
    Variant("light", PSEUDO, 2),
    Variant("dark", SOURCE, 2),
    Variant("light", "es", 2),
    Variant("dark", PSEUDO, 1),
)
"""Each two of scheme, language and scale meet in one of them."""


def drawn(variant: Variant, sheet: Path, only: Collection[str] = (), quiet_s: float = 0.15) -> Mapping[str, QImage]:
    """Draw every scene of `variant`, or `only` these, into `sheet` and give the pictures by name.

    In a process of its own, since scale and time zone are fixed at its start. Each is drawn when its window has been
    quiet for so long.
    """
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "QT_SCALE_FACTOR": str(variant.scale),
        "TZ": _afternoon(),
    }
    command = [sys.executable, "-m", __spec__.name, variant.name, str(sheet), str(quiet_s), *only]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return tiles(sheet)


def _afternoon() -> str:
    """A time zone (POSIX: hours west) in which it is past one, so that no scene reaches back over midnight."""
    return f"NOON{datetime.now(UTC).hour - 13:+d}"


def tiles(sheet: Path) -> Mapping[str, QImage]:
    """The pictures of a sheet by their scenes."""
    image = QImage(str(sheet))
    names = image.text(NAMES).split("\n")
    return {name: image.copy(QRect(_place(index), TILE)) for index, name in enumerate(names)}


def _place(index: int) -> QPoint:
    return QPoint(index % ACROSS * TILE.width(), index // ACROSS * TILE.height())


def differing(one: QImage, other: QImage) -> int:
    """How many pixels of two tiles differ by more than NOISE in a colour."""
    left, right = one.constBits(), other.constBits()
    return sum(
        max(abs(a - b) for a, b in zip(left[at : at + 3], right[at : at + 3], strict=True)) > NOISE
        for at in range(0, len(left), 4)
        if left[at : at + 4] != right[at : at + 4]
    )


def sheet_of(pictures: Mapping[str, QImage]) -> QImage:
    rows = -(-len(pictures) // ACROSS)
    sheet = QImage(ACROSS * TILE.width(), rows * TILE.height(), QImage.Format.Format_RGB32)
    sheet.fill(Qt.GlobalColor.white)
    painter = QPainter(sheet)
    for index, picture in enumerate(pictures.values()):
        painter.drawImage(_place(index), picture)
    painter.end()
    sheet.setText(NAMES, "\n".join(pictures))
    return sheet


def _pictures(variant: Variant, only: Collection[str], quiet_s: float) -> Iterator[tuple[str, QImage]]:
    from ui import screens
    from ui.language.speaking import speak
    from ui.look import application, start_look
    from ui.theme import SCHEMES, theme

    app = application()
    start_look(app)
    speak(app, variant.language)
    theme().apply(next(scheme for scheme in SCHEMES if scheme.name == variant.scheme))
    made = [screens.scenes, *(import_module(f"ui.{folder}.scenes").scenes for folder in screens.FOLDERS)]
    for scene in (scene for some in made for scene in some() if not only or scene.name in only):
        with screens.staged(scene) as window:
            window.resize(*(screens.USUAL if variant.scale == 1 else screens.SMALL))
            screens.settle(quiet_s=quiet_s)
            picture = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
            picture.setDevicePixelRatio(1)
            smooth = Qt.TransformationMode.SmoothTransformation
            yield scene.name, picture.scaled(TILE, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)


def main(arguments: list[str]) -> None:
    if arguments == ["accept"]:
        FOLDER.mkdir(exist_ok=True)
        for variant in VARIANTS:
            drawn(variant, variant.file, quiet_s=AT_REST_S)
    else:
        name, sheet, quiet_s, *only = arguments
        variant = next(each for each in VARIANTS if each.name == name)
        sheet_of(dict(_pictures(variant, only, float(quiet_s)))).save(sheet)


if __name__ == "__main__":
    main(sys.argv[1:])
