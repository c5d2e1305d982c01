"""The golden pictures: every scene as it should look, small, a sheet for each variant and scheme.

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
from itertools import product, starmap
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter

from dev import ROOT
from resources import SOURCE
from ui.language.catalog import PSEUDO
from ui.theme import DARK, LIGHT

FOLDER = Path(__file__).parent / "goldens"
TILE, ACROSS = QSize(160, 100), 10
NOISE = 32
AT_REST_S = 0.5
"""After which a window is at rest on a busy machine, too."""
NAMES = "scenes"
"""The key of the text inside a sheet that says what it shows, in order."""


SCHEMES = (LIGHT, DARK)


@dataclass(frozen=True)
class Variant:
    language: str
    scale: int

    @property
    def name(self) -> str:
        return f"{self.language}-{self.scale}00"

    def sheets(self, folder: Path) -> Mapping[str, Path]:
        """Where in `folder` its sheets are, by scheme."""
        return {scheme.name: folder / f"{scheme.name}-{self.name}.png" for scheme in SCHEMES}


VARIANTS = tuple(starmap(Variant, product((SOURCE, "es", PSEUDO), (1, 2))))
"""Each in both schemes, which every window is seen to change to."""


def pictures(variant: Variant, folder: Path = FOLDER) -> Mapping[str, QImage]:
    """The pictures of the sheets in `folder`, by scheme and scene: "dark-batch"."""
    return {
        f"{scheme}-{scene}": tile
        for scheme, sheet in variant.sheets(folder).items()
        for scene, tile in tiles(sheet).items()
    }


def drawn(variant: Variant, folder: Path, only: Collection[str] = (), quiet_s: float = 0.15) -> Mapping[str, QImage]:
    """Draw every scene of `variant`, or `only` these, into sheets in `folder` and give the pictures.

    In a process of its own, since scale and time zone are fixed at its start. Each is drawn when its window has been
    quiet for so long.
    """
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "QT_SCALE_FACTOR": str(variant.scale),
        "TZ": _afternoon(),
    }
    command = [sys.executable, "-m", __spec__.name, variant.name, str(folder), str(quiet_s), *only]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return pictures(variant, folder)


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


def _pictures(variant: Variant, only: Collection[str], quiet_s: float) -> Iterator[tuple[str, str, QImage]]:
    """Scheme, scene, picture."""
    from ui import screens
    from ui.language.speaking import speak
    from ui.look import application, start_look
    from ui.theme import theme

    app = application()
    start_look(app)
    speak(app, variant.language)
    made = [screens.scenes, *(import_module(f"ui.{folder}.scenes").scenes for folder in screens.FOLDERS)]
    for scene in (scene for some in made for scene in some() if not only or scene.name in only):
        theme().apply(SCHEMES[0])
        with screens.staged(scene) as window:
            window.resize(*(screens.USUAL if variant.scale == 1 else screens.SMALL))
            for scheme in SCHEMES:
                theme().apply(scheme)
                screens.settle(quiet_s=quiet_s)
                picture = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
                picture.setDevicePixelRatio(1)
                smooth = Qt.TransformationMode.SmoothTransformation
                yield scheme.name, scene.name, picture.scaled(TILE, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)


def main(arguments: list[str]) -> None:
    if arguments == ["accept"]:
        FOLDER.mkdir(exist_ok=True)
        for variant in VARIANTS:
            drawn(variant, FOLDER, quiet_s=AT_REST_S)
    else:
        name, folder, quiet_s, *only = arguments
        variant = next(each for each in VARIANTS if each.name == name)
        found: dict[str, dict[str, QImage]] = {scheme.name: {} for scheme in SCHEMES}
        for scheme, scene, picture in _pictures(variant, only, float(quiet_s)):
            found[scheme][scene] = picture
        for scheme, sheet in variant.sheets(Path(folder)).items():
            sheet_of(found[scheme]).save(str(sheet))


if __name__ == "__main__":
    main(sys.argv[1:])
