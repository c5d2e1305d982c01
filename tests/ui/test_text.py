"""Words on the screen: a wrapped text is as high as its width makes it; what says the same again costs nothing."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.peers.pages import dressed
from ui.fonts import Type
from ui.kit.buttons import MainButton
from ui.kit.style import column
from ui.kit.text import Text

SHORT, LONG = (
    "Plug a device in",
    "Use a data cable; a charge-only cable shows nothing here, whatever it is plugged into.",
)


@pytest.fixture
def pair(qtbot: QtBot, qapp: QApplication) -> tuple[Text, QLabel]:
    """A text, and a plain label like it to compare with."""
    dressed(qapp)
    text, plain = Text(LONG, Type.BODY, wrap=True), QLabel(LONG)
    plain.setFont(Type.BODY.font())
    plain.setWordWrap(True)
    qtbot.addWidget(text)
    qtbot.addWidget(plain)
    return text, plain


def heights(label: QLabel) -> list[int]:
    return [label.heightForWidth(width) for width in (60, 200, 200, 500, 5000)]


def test_a_wrapped_text_is_as_high_as_its_width_makes_it(pair: tuple[Text, QLabel]) -> None:
    text, plain = pair
    assert heights(text) == heights(plain)
    assert heights(text)[0] > heights(text)[-1]


def test_other_words_and_another_font_are_measured_anew(pair: tuple[Text, QLabel]) -> None:
    text, plain = pair
    before = heights(text)
    for label in pair:
        label.setText(SHORT)
    assert heights(text) == heights(plain) != before
    before = heights(text)
    for label in pair:
        label.setFont(Type.VERDICT.font())
    assert heights(text) == heights(plain) != before


def test_a_wrapped_text_asks_for_one_line_and_no_width(pair: tuple[Text, QLabel]) -> None:
    text, _ = pair
    one = Text(SHORT, Type.BODY).sizeHint().height()
    assert text.minimumSizeHint().toTuple() == text.sizeHint().toTuple() == (0, one)


def test_a_main_button_that_says_the_same_leaves_its_place_alone(qtbot: QtBot, qapp: QApplication) -> None:
    dressed(qapp)
    button, place = MainButton("Register"), QWidget()
    place.setLayout(column(button))
    qtbot.addWidget(place)
    with qtbot.waitExposed(place):
        place.show()
    button.say("Register", quiet=True)
    qtbot.waitUntil(lambda: not _asked(place))
    button.say("Register", quiet=True)
    assert not _asked(place)
    button.say("Register and send", quiet=True)
    assert _asked(place)


def _asked(place: QWidget) -> bool:
    """Whether its layout has yet to be done again."""
    layout = place.layout()
    return layout is not None and layout.activate()
