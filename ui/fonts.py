"""The type scale on the two bundled faces: Inter for words, JetBrains Mono for identifiers."""

from __future__ import annotations

from enum import Enum
from functools import cache

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

import resources

WORDS, FIGURES = "Inter", "JetBrains Mono"
FILES = (
    "Inter-Regular.otf",
    "Inter-SemiBold.otf",
    "Inter-Bold.otf",
    "JetBrainsMono-Regular.ttf",
    "JetBrainsMono-Bold.ttf",
)

_NORMAL, _STRONG, _BOLD = QFont.Weight.Normal, QFont.Weight.DemiBold, QFont.Weight.Bold


class Type(Enum):
    """Face, size in pixels, weight."""

    SMALL = (WORDS, 12, _NORMAL)
    SMALL_STRONG = (WORDS, 12, _STRONG)
    BODY = (WORDS, 13, _NORMAL)
    BODY_STRONG = (WORDS, 13, _STRONG)
    INPUT = (WORDS, 14, _NORMAL)
    BUTTON = (WORDS, 14, _STRONG)
    HEADING = (WORDS, 15, _STRONG)
    MAIN = (WORDS, 15, _BOLD)
    TITLE = (WORDS, 20, _STRONG)
    VERDICT = (WORDS, 28, _BOLD)
    MONO = (FIGURES, 13, _NORMAL)
    MONO_SMALL = (FIGURES, 12, _NORMAL)
    MONO_STRONG = (FIGURES, 13, _BOLD)

    def font(self) -> QFont:
        """One of its own for each who asks."""
        return QFont(_made(self))


@cache
def _made(kind: Type) -> QFont:
    face, pixels, weight = kind.value
    made = QFont(face)
    made.setPixelSize(pixels)
    made.setWeight(weight)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    # Figures of one width keep columns of times and numbers still; a zero with a slash is no letter O.
    made.setFeature(QFont.Tag("tnum"), 1)
    if face == FIGURES or kind is Type.INPUT:
        made.setFeature(QFont.Tag("zero"), 1)
    if face == FIGURES:
        # Its ligatures draw != and == as one sign, which is not what a command is made of.
        made.setFeature(QFont.Tag("calt"), 0)
    return made


def load_fonts(app: QApplication) -> None:
    """Add the bundled faces and make Inter the application's font. Raises FileNotFoundError."""
    for name in FILES:
        file = resources.path(f"fonts/{name}")
        if QFontDatabase.addApplicationFont(str(file)) < 0:
            raise FileNotFoundError(file)
    app.setFont(Type.BODY.font())
