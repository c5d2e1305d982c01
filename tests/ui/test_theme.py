"""Colours: every pair that is drawn can be read, in every scheme; and the scheme follows system and setting."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QImage
from PySide6.QtWidgets import QApplication

import resources
import ui
from tests.peers.pages import dressed
from tests.peers.program import printed
from ui import icons
from ui.fonts import FIGURES, WORDS, Type
from ui.stylesheet import stylesheet
from ui.theme import CONTROL_PAIRS, DARK, LIGHT, SCHEMES, TEXT_PAIRS, Role, Scheme, contrast, theme

SCHEME = pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.name)


def test_contrast_agrees_with_known_values() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@SCHEME
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_can_be_read(scheme: Scheme, ink: Role, ground: Role) -> None:
    assert contrast(scheme.colors[ink], scheme.colors[ground]) >= 4.5


@SCHEME
@pytest.mark.parametrize(("ink", "ground"), CONTROL_PAIRS)
def test_controls_can_be_seen(scheme: Scheme, ink: Role, ground: Role) -> None:
    assert contrast(scheme.colors[ink], scheme.colors[ground]) >= 3


@SCHEME
def test_the_style_sheet_has_a_colour_for_each_role_it_names(scheme: Scheme) -> None:
    assert "@" not in stylesheet(scheme)


def test_widgets_name_roles_and_no_colours() -> None:
    places = [path for path in Path(ui.__file__).parent.rglob("*.py") if path.name != "theme.py"]
    named = {path.name: re.findall(r"#[0-9A-Fa-f]{6}\b", path.read_text(encoding="utf-8")) for path in places}
    assert not {name: found for name, found in named.items() if found}
    assert not re.findall(r"#[0-9A-Fa-f]{3,6}\b", resources.read_text("window.qss"))


def test_appearance_follows_the_setting(qapp: QApplication) -> None:
    dressed(qapp)
    theme().set_appearance("dark")
    assert theme().scheme is DARK
    assert qapp.palette().window().color() == DARK.color(Role.BG)
    theme().set_appearance("light")
    assert theme().scheme is LIGHT


def test_the_system_s_scheme_is_followed_while_running(qapp: QApplication) -> None:
    dressed(qapp)
    theme().set_appearance("system")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme().scheme is DARK
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert theme().scheme is LIGHT


REPLACED = """
from PySide6.QtWidgets import QFrame, QWidget
from shiboken6.Shiboken import delete
from ui.look import application, start_look
from ui.theme import DARK, theme
app = application()
start_look(app, "light")
before = QWidget()
for frame in [QFrame(before) for _ in range(200)]:
    frame.sizeHint()
with theme().undressed():
    after = QWidget()
delete(before)
theme().apply(DARK)
print("drawn", flush=True)
"""


def test_colours_change_after_a_window_was_replaced_of_which_a_page_was_never_seen() -> None:
    assert printed(REPLACED) == ["drawn"]


def test_both_faces_are_bundled(qapp: QApplication) -> None:
    dressed(qapp)
    for type_, family in ((Type.BODY, WORDS), (Type.MONO, FIGURES)):
        font = type_.font()
        assert font.exactMatch()
        assert font.family() == family
        assert font.hintingPreference() is QFont.HintingPreference.PreferNoHinting


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_icons_are_drawn_at_the_screen_s_pixels(qapp: QApplication, ratio: float) -> None:
    drawn = icons.pixmap("smartphone", QColor("red"), 16, ratio)
    assert drawn.width() == round(16 * ratio)
    image = drawn.toImage().convertToFormat(QImage.Format.Format_ARGB32)
    inks = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
    assert {hex(ink) for ink in inks if ink >> 24 == 255} == {"0xffff0000"}


def test_no_icon_is_shipped_unused() -> None:
    there = {item.name.removesuffix(".svg") for item in resources.path("icons").iterdir() if item.name.endswith(".svg")}
    texts = "".join(path.read_text(encoding="utf-8") for path in Path(ui.__file__).parent.rglob("*.py"))
    quoted = set(re.findall(r'"([a-z][a-z0-9]*(?:-[a-z0-9]+)*)"', texts))
    assert not there - quoted, "icons that nothing uses"
