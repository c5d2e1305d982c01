"""What is drawn by hand: where there is no room, and at an edge."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from tests.peers.pages import dressed
from ui.kit.chip import EDGE, HEIGHT, chip_width, draw_chip
from ui.kit.framed import draw_framed
from ui.theme import Tone, theme


@pytest.fixture(autouse=True)
def _look(qapp: QApplication) -> None:
    dressed(qapp)


def canvas(width: int, height: int) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    return image


def test_a_word_that_has_no_room_in_its_chip_ends_in_dots() -> None:
    word, width = "WWWWWWWW", 60
    assert chip_width(word, "") > width
    image = canvas(width, HEIGHT)
    painter = QPainter(image)
    draw_chip(painter, QRectF(0, 0, width, HEIGHT), word, "", Tone.NEUTRAL)
    painter.end()
    ground = theme().color(Tone.NEUTRAL.soft)
    # Dots stand low: above them it is empty, where letters would be cut through.
    above = {image.pixelColor(x, y).name() for x in range(width - EDGE - 5, width - EDGE) for y in range(7, 11)}
    assert above == {ground.name()}


@pytest.mark.parametrize("width", [1, 2])
def test_a_sheet_is_filled_within_a_line_of_its_width(width: int) -> None:
    image = canvas(40, 30)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_framed(painter, QRectF(4, 4, 32, 22), 6, QColor("#00ff00"), QColor("#ff0000"), width)
    painter.end()
    across = [image.pixelColor(x, 15).name() for x in range(2, 8)]
    assert across == ["#ffffff"] * 2 + ["#ff0000"] * width + ["#00ff00"] * (4 - width)
    assert image.pixelColor(4, 4).name() == "#ffffff"
