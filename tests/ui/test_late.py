"""A part that is made when it is first shown."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from ui.kit.late import Late


def test_a_part_is_made_when_it_is_first_shown_and_only_then(qtbot: QtBot) -> None:
    told: list[str] = []

    def make() -> QLabel:
        told.append("made")
        return QLabel("part")

    page = QWidget()
    qtbot.addWidget(page)
    late = Late(make, lambda: told.append("came"))
    page.setLayout(late)
    late.show(False)
    assert (late.made, told) == (None, [])
    part = late.get()
    assert part.isHidden()
    assert part.parentWidget() is page
    late.show(True)
    assert not part.isHidden()
    late.show(False)
    assert part.isHidden()
    assert (late.get(), late.made) == (part, part)
    assert told == ["made", "came"]
