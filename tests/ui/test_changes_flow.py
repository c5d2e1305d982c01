"""Plan, credentials and CRM link through the window: the record found by typing or by a scan, only what the job
changes to be edited, and nothing else sent than that and what finds the record."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.training.station import TrainingStation
from tests.peers.bench import (
    EC25,
    LE910,
    accepted,
    command,
    note,
    order,
    registered,
    send,
    text,
    type_at,
    unplug,
    words,
)
from tests.peers.hands import Hands
from ui.bench.page import BenchPage
from ui.main_window import MainWindow

USER, NUMBER = "maria.lopez", "+525512345678"
IMEI = EC25.hardware.imei.reveal()
ICCID = EC25.sim.iccid.reveal() if EC25.sim else ""
WORD = "four words that rhyme"
"""The new password."""


@pytest.fixture(autouse=True)
def record(qtbot: QtBot, window: MainWindow, training: TrainingStation) -> Mapping[str, str]:
    """What the gate has of the user, whose device is not here."""
    registered(qtbot, window, training, number=NUMBER, user_class="standard")
    unplug(qtbot, window, training)
    return training.gate.records[0]


def editable(bench: BenchPage) -> set[str]:
    """The fields that take a key."""
    fields = {key: bench.form.rows[key].input for key in bench.workflow.fields}
    return {key for key, field in fields.items() if field.isEnabled() and not field.property("readOnly")}


def found(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: bool(window.bench.recall.known), timeout=10_000)


def sent(training: TrainingStation) -> dict[str, str]:
    """What the update carried."""
    assert training.gate.requests[-1].path.endswith("/device_app_user_update/")
    carried: dict[str, str] = json.loads(json.loads(training.gate.requests[-1].body)["data"])
    return carried


def tab(hands: Hands) -> None:
    hands.press(Qt.Key.Key_Tab, text="\t")


# By keyboard alone: the record is found by what is typed


def test_a_plan_is_changed_by_keyboard_alone(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    hands.shortcut(Qt.Key.Key_F5)
    type_at(window, hands, "username", USER)
    tab(hands)
    found(qtbot, window)
    assert note(window, "user_class") == "On record: standard"
    assert editable(window.bench) == {"username", "user_class"}
    type_at(window, hands, "user_class", "premium")
    send(hands)
    accepted(qtbot, window, 2)
    assert sent(training) == {"username": USER, "user_class": "premium"}
    assert training.gate.records[0]["user_class"] == "premium"


def test_credentials_are_changed_by_keyboard_alone(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    command(window, hands, "credentials")
    assert window.bench.workflow.name == "credential-update"
    type_at(window, hands, "number", NUMBER)
    tab(hands)
    found(qtbot, window)
    assert editable(window.bench) == {"number", "username", "password"}
    type_at(window, hands, "username", "maria.lopez.2")
    tab(hands)
    hands.type(WORD)
    send(hands)
    accepted(qtbot, window, 2)
    carried = sent(training)
    assert carried.keys() == {"number", "username", "password"}
    assert (carried["number"], carried["username"]) == (NUMBER, "maria.lopez.2")
    seen_nowhere(qtbot, window, training, hands)


def test_a_crm_id_is_linked_by_keyboard_alone(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    command(window, hands, "crm")
    assert window.bench.workflow.name == "crm-link"
    type_at(window, hands, "number", NUMBER)
    tab(hands)
    found(qtbot, window)
    assert editable(window.bench) == {"number", "user_external_id"}
    type_at(window, hands, "user_external_id", "CRM-20418")
    send(hands)
    accepted(qtbot, window, 2)
    assert sent(training) == {"number": NUMBER, "user_external_id": "CRM-20418"}


# By scanner alone: the SIM finds the record in the station's log


def scanned(qtbot: QtBot, window: MainWindow, hands: Hands) -> None:
    hands.scan(f"ICCID {ICCID}")
    qtbot.waitUntil(lambda: text(window, "imei") == IMEI, timeout=10_000)
    found(qtbot, window)


def only(training: TrainingStation, record: Mapping[str, str], **changed: str) -> None:
    """Beside what was changed the update carries only what the record has already."""
    rest = {key: value for key, value in sent(training).items() if key not in changed}
    assert {key: value for key, value in sent(training).items() if key in changed} == changed
    assert rest == {key: record[key] for key in rest}
    assert rest["imei"] == IMEI


@pytest.mark.parametrize(
    ("job", "field", "value"),
    [("plan-change", "user_class", "premium"), ("crm-link", "user_external_id", "CRM-20418")],
)
def test_the_only_field_of_a_job_is_changed_by_scanner_alone(  # noqa: PLR0917 - fixtures are handed in so
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands, record: Mapping[str, str],
    job: str, field: str, value: str,
) -> None:  # fmt: skip
    order(hands, job)
    scanned(qtbot, window, hands)
    assert editable(window.bench) == {field}
    hands.scan(value)
    assert text(window, field) == value
    order(hands, "submit")
    accepted(qtbot, window, 2)
    only(training, record, **{field: value})
    assert hands.presses == 0


def test_after_the_device_was_scanned_the_next_key_goes_to_what_the_job_changes(
    qtbot: QtBot, window: MainWindow, hands: Hands
) -> None:
    order(hands, "plan-change")
    hands.scan(f"IMEI {IMEI}")
    found(qtbot, window)
    hands.type("premium")
    qtbot.waitUntil(lambda: text(window, "user_class") == "premium")


def test_credentials_are_changed_by_scanner_alone(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands, record: Mapping[str, str]
) -> None:
    order(hands, "credential-update")
    scanned(qtbot, window, hands)
    assert editable(window.bench) == {"username", "password"}
    hands.scan(WORD)
    # It may be the password: not even the question shows it.
    assert "Where does it belong?" in window.bench.question.summary
    assert WORD not in words(window)
    order(hands, "first")
    assert text(window, "password") == WORD
    order(hands, "submit")
    accepted(qtbot, window, 2)
    only(training, record, password=sent(training)["password"])
    seen_nowhere(qtbot, window, training, hands)
    assert hands.presses == 1, "of the look at the log"


def test_the_label_of_another_device_is_a_fail_once_the_record_is_found(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    order(hands, "plan-change")
    scanned(qtbot, window, hands)
    hands.scan("premium")
    hands.scan(f"IMEI {LE910.hardware.imei.reveal()}")
    assert text(window, "imei") == IMEI
    assert window.bench.question.summary.startswith("IMEI differs")
    order(hands, "submit")
    assert len(training.gate.requests) == 1
    order(hands, "second")
    order(hands, "submit")
    accepted(qtbot, window, 2)
    assert sent(training)["imei"] == IMEI


def seen_nowhere(qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands) -> None:
    """The new password was hashed on its way to the gate, and stands neither in the log nor in the journal."""
    bodies = b" ".join(request.body for request in training.gate.requests)
    assert b"$2a$" in bodies
    assert WORD.encode() not in bodies
    hands.shortcut(Qt.Key.Key_F9)
    log = window.log
    assert log is not None
    log.show_entry(window.snapshot.entries[0].id)
    log.detail.reveal()
    qtbot.waitUntil(lambda: "Sent, and not kept here" in words(log.detail), timeout=10_000)
    hashed = sent(training)["password"]
    entry = json.dumps(window.snapshot.entries[0].to_json(reveal=True))
    assert not [said for said in (words(window), entry) for secret in (WORD, hashed) if secret in said]
