"""The form alone: fields that are folded away are made when they are wanted."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.provisioning.draft import Draft, Origin
from app.provisioning.validation import Rules, validate
from app.provisioning.workflows import ROWS
from app.settings import Settings
from tests.peers.pages import dressed
from ui.bench.panels import choices
from ui.form.form import Form
from ui.kit.buttons import Button
from ui.main_window import MainWindow

REGISTER = ROWS["register-device"]
RARE = {"device_family", "os_family", "os_api_version", "mac_addr", "generic_id", "app_version", "push_key"}


@pytest.fixture
def form(qapp: QApplication, qtbot: QtBot) -> Form:
    dressed(qapp)
    made = Form(REGISTER, choices(Settings()))
    qtbot.addWidget(made)
    made.show_draft(Draft(REGISTER), anew=True)
    made.show()
    return made


def show(form: Form, draft: Draft) -> None:
    found = validate(draft, Rules())
    form.show_draft(draft, anew=False)
    form.show_validation(found, found.problems)


def test_folded_fields_are_made_when_they_are_unfolded_and_stand_in_their_place(form: Form) -> None:
    came: list[None] = []
    form.came.connect(lambda: came.append(None))
    assert not RARE & form.rows.keys()
    more = next(button for button in form.findChildren(Button) if "more field" in button.text())
    more.click()
    rare = set(form.keys()) & RARE
    assert rare
    assert came == [None]
    more.click()
    assert not set(form.keys()) & RARE
    more.click()
    assert set(form.keys()) & RARE == rare
    assert came == [None]


def test_what_comes_to_a_folded_field_unfolds_it_with_what_is_said_of_it(form: Form) -> None:
    show(form, Draft(REGISTER).with_text("mac_addr", "xyz"))
    row = form.rows["mac_addr"]
    assert row.isVisible()
    assert isinstance(row.input, QLineEdit)
    assert row.input.text() == "xyz"
    assert "six pairs" in row.input.accessibleDescription()


def test_a_note_waits_for_its_field(form: Form) -> None:
    """Said while the field is folded away, read once it is there."""
    update = ROWS["new-device-upgrade"]
    known = {"mac_addr": "a4:11:62:00:00:01"}
    draft = Draft(update)
    form.show_draft(draft, anew=True, known=known)
    form.show_validation(validate(draft, Rules(), known), (), known)
    form.focus_field("mac_addr")
    assert "a4:11:62:00:00:01" in form.rows["mac_addr"].input.accessibleDescription()


def test_a_field_that_stays_as_it_is_is_left_alone(form: Form) -> None:
    """Each key goes through all of them."""
    draft, line = Draft(REGISTER).with_text("username", "maria.lopez", Origin.TYPED), form.rows["username"].input
    show(form, draft)
    line.setToolTip("seen")
    line.setAccessibleDescription("seen")
    show(form, draft.with_text("number", "+525512345678", Origin.TYPED))
    assert (line.toolTip(), line.accessibleDescription()) == ("seen", "seen")
    show(form, draft.with_text("username", "", Origin.TYPED))
    assert "seen" not in line.toolTip()


def test_the_keyboard_passes_them_in_reading_order(window: MainWindow) -> None:
    form = window.bench.form
    assert not RARE & form.rows.keys()
    next(button for button in form.findChildren(Button) if "more field" in button.text()).click()
    stops = [stop for stop in form.stops() if stop.isVisible()]
    passed: list[QWidget | None] = [stops[0]]
    while (last := passed[-1]) and (following := last.nextInFocusChain()) is not stops[0]:
        passed.append(following)
    assert [stop for stop in passed if stop in stops] == stops
