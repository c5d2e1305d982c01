"""The parts of the settings page that need no window: which rows it shows, and what was edited."""

from __future__ import annotations

from app.settings import SETTINGS, Settings
from app.updates.announcement import release_keys
from ui.settings.changes import Edits
from ui.settings.sections import CHOICES, PARTS

NOT_SHOWN = {"retention_days", *(() if release_keys() else ("updates.check", "updates.url"))}
"""Nothing in the window uses the first; the others do nothing before there is a release key."""


def test_every_setting_stands_once_on_the_page() -> None:
    shown = [key for part in PARTS for key in part.keys]
    assert len(shown) == len(set(shown))
    assert set(shown) | NOT_SHOWN == {row.key for row in SETTINGS}


def test_every_choice_has_a_name() -> None:
    assert {choice for row in SETTINGS for choice in row.choices} == set(CHOICES)


def test_an_edit_that_goes_back_to_the_value_in_force_is_no_change() -> None:
    edits = Edits(Settings()).with_value("gate.timeout_s", 30.0)
    assert dict(edits.entered) == {"gate.timeout_s": 30.0}
    assert not edits.with_value("gate.timeout_s", 20.0).entered


def test_a_number_typed_as_it_is_in_force_is_no_change() -> None:
    assert not Edits(Settings()).with_value("gate.timeout_s", "20").entered
    assert not Edits(Settings()).with_value("gate.timeout_s", "20.0").entered


def test_what_is_no_number_is_a_change_with_a_problem() -> None:
    edits = Edits(Settings()).with_value("gate.timeout_s", "soon")
    assert edits.problems == {"gate.timeout_s": "Gate time-out is a number."}


def test_spaces_around_a_text_are_no_change() -> None:
    assert not Edits(Settings()).with_value("operator", "  ").entered


def test_a_refused_value_is_a_change_with_a_problem_that_names_the_row() -> None:
    edits = Edits(Settings()).with_value("gate.base_url", "http://gate.example.com")
    assert set(edits.entered) == {"gate.base_url"}
    assert edits.problems["gate.base_url"].startswith("Gate address ")
    assert "gate.base_url" not in edits.problems["gate.base_url"]


def test_what_another_process_saved_is_no_longer_an_edit() -> None:
    edits = Edits(Settings()).with_value("operator", "Ana").with_value("gate.timeout_s", 30.0)
    after = edits.over(Settings({"operator": "Ana"}))
    assert dict(after.entered) == {"gate.timeout_s": 30.0}
