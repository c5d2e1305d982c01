"""The bench driven by scanner alone and by keyboard alone, keys counted; labels that match, differ and can be two."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.identifiers import imei
from app.provisioning.draft import Origin, Override
from app.training.devices.personalities import SPARE_DE
from app.training.station import TrainingStation
from app.work.events import CardState
from tests.peers.bench import CONTROL, EC25, LE910, accepted, aside, note, order, plug, registered, text, unplug
from tests.peers.hands import Hands
from ui.main_window import MainWindow
from ui.theme import Tone

IMEI = EC25.hardware.imei.reveal()
ICCID = EC25.sim.iccid.reveal() if EC25.sim else ""
OTHER = "490154203237518"


# Flow a: a new device


def test_a_new_device_by_scanner_alone(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    plug(qtbot, window, training)
    hands.scan(f"IMEI1: {IMEI} IMEI2: {OTHER} S/N: R58M12ABCDE")
    assert note(window, "imei").startswith("Matches the label")
    hands.scan("CRM-20418")
    order(hands, "first")
    assert text(window, "user_external_id") == "CRM-20418"
    hands.scan("+525512345678")
    assert text(window, "number") == "+525512345678"
    order(hands, "submit")
    accepted(qtbot, window, 1)
    (record,) = training.gate.records
    assert (record["imei"], record["user_external_id"], record["number"]) == (IMEI, "CRM-20418", "+525512345678")
    entry = window.bench.today.entries[0]
    assert {key: entry.origins[key] for key in ("imei", "user_external_id", "number")} == {
        "imei": "device",
        "user_external_id": "scan",
        "number": "scan",
    }
    assert hands.presses == 0


def test_a_new_device_takes_three_keys_at_most(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    plug(qtbot, window, training)
    hands.scan(IMEI)
    hands.scan("CRM-20418")
    hands.press(Qt.Key.Key_1, text="1")
    hands.shortcut(Qt.Key.Key_Return, CONTROL)
    accepted(qtbot, window, 1)
    assert training.gate.records[0]["user_external_id"] == "CRM-20418"
    assert hands.presses <= 3


def test_a_new_device_by_keyboard_alone(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    plug(qtbot, window, training)
    hands.shortcut(Qt.Key.Key_Return, CONTROL)
    accepted(qtbot, window, 1)
    assert training.gate.records[0]["imei"] == IMEI
    assert hands.presses == 1


def test_the_label_may_be_scanned_before_the_device_is_plugged_in(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    hands.scan(f"IMEI {IMEI}")
    assert (text(window, "imei"), window.bench.desk.current) == (IMEI, None)
    plug(qtbot, window, training)
    assert window.bench.desk.current is not None
    assert window.bench.desk.draft.entries["imei"].origin is Origin.DEVICE
    assert note(window, "imei") == "Matches the label"
    assert not window.bench.question.summary


def test_a_phone_without_a_port_is_registered_from_its_screen(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    # The lines of *#06#, each a scan of its own, as a scanner sends a code with line ends.
    for line in (f"IMEI1 {IMEI} / 01", f"IMEI2 {OTHER} / 01", "EID 89049032123451234512345678901235"):
        hands.scan(line)
    assert text(window, "imei") == IMEI
    assert note(window, "imei") == f"Second IMEI {imei.group(OTHER)}"
    order(hands, "submit")
    accepted(qtbot, window, 1)
    assert window.bench.today.entries[0].origins == {"imei": "scan"}


def test_what_is_typed_after_plugging_in_goes_to_the_user(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    window.bench.form.focus_first_empty()
    plug(qtbot, window, training)
    hands.type("maria.lopez")
    hands.press(Qt.Key.Key_Tab, text="\t")
    assert text(window, "username") == "maria.lopez"


# Flow b: a SIM replacement


def swap_sim(qtbot: QtBot, window: MainWindow, training: TrainingStation) -> None:
    """Taken out and put in by hand; the station notices by itself."""
    aside(qtbot, lambda: training.hub.swap_sim(EC25.name, SPARE_DE))
    qtbot.waitUntil(lambda: text(window, "iccid") == SPARE_DE.iccid.reveal(), timeout=20_000)
    qtbot.waitUntil(lambda: window.bench.devices.views()[0].card.state is CardState.READY, timeout=20_000)
    qtbot.waitUntil(lambda: "change" in window.bench.action.button.text(), timeout=10_000)


def test_a_sim_replacement_takes_two_keys(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    registered(qtbot, window, training)
    hands.shortcut(Qt.Key.Key_F3)
    swap_sim(qtbot, window, training)
    hands.shortcut(Qt.Key.Key_Return, CONTROL)
    accepted(qtbot, window, 2)
    assert training.gate.records[0]["iccid"] == SPARE_DE.iccid.reveal()
    assert hands.presses == 2


def test_a_sim_replacement_by_scanner_alone(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    registered(qtbot, window, training)
    order(hands, "sim-replacement")
    # The old SIM names the record, and the record the device.
    hands.scan(f"ICCID {ICCID}")
    qtbot.waitUntil(lambda: text(window, "iccid") == ICCID, timeout=10_000)
    assert (text(window, "imei"), text(window, "username")) == (IMEI, "maria.lopez")
    qtbot.waitUntil(lambda: bool(window.bench.recall.known), timeout=10_000)
    hands.scan(f"ICCID {ICCID}")
    assert window.bench.notice.summary() == "This is the SIM on record: the old one."
    hands.scan(SPARE_DE.iccid.reveal())
    assert not window.bench.question.summary
    assert "label was scanned" in note(window, "iccid")
    swap_sim(qtbot, window, training)
    assert note(window, "iccid").startswith("Matches the label")
    order(hands, "submit")
    accepted(qtbot, window, 2)
    assert training.gate.records[0]["iccid"] == SPARE_DE.iccid.reveal()
    assert hands.presses == 0


# Label and device differ


def test_another_label_is_a_fail_that_blocks_until_it_is_settled(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    plug(qtbot, window, training)
    hands.scan(OTHER)
    assert text(window, "imei") == IMEI
    assert window.bench.question.summary.startswith("IMEI differs")
    assert imei.group(OTHER) in note(window, "imei")
    order(hands, "submit")
    assert training.gate.requests == []
    assert window.bench.question.isVisible()
    # The second answer: it was another box.
    order(hands, "second")
    assert not window.bench.question.isVisible()
    order(hands, "submit")
    accepted(qtbot, window, 1)
    assert training.gate.records[0]["imei"] == IMEI


def test_the_label_of_another_device_on_the_bench_leads_to_it(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    plug(qtbot, window, training)
    plug(qtbot, window, training, LE910.name)
    window.bench.choose_nth(0)
    window.bench.form.edited.emit("username", "maria.lopez")
    hands.scan(LE910.hardware.imei.reveal())
    assert "Telit" in window.bench.question.buttons[0].text()
    hands.press(Qt.Key.Key_1, text="1")
    assert text(window, "imei") == LE910.hardware.imei.reveal()
    assert note(window, "imei") == "Matches the label"
    window.bench.choose_nth(0)
    assert text(window, "username") == "maria.lopez"
    assert not window.bench.desk.draft.agreeing("imei", agree=False)


def test_a_device_is_put_away_and_the_label_waits_for_its_own(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    plug(qtbot, window, training)
    hands.scan(f"IMEI {LE910.hardware.imei.reveal()}")
    hands.press(Qt.Key.Key_1, text="1")
    assert window.bench.desk.current is None
    plug(qtbot, window, training, LE910.name)
    qtbot.waitUntil(lambda: note(window, "imei") == "Matches the label")


def test_an_override_is_sent_with_its_reason(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    plug(qtbot, window, training)
    hands.scan(OTHER)
    hands.press(Qt.Key.Key_3, text="3")
    hands.press(Qt.Key.Key_2, text="2")
    assert window.bench.desk.draft.overrides == {"imei": Override("wrong-label")}
    assert "damaged" in note(window, "imei")
    order(hands, "submit")
    accepted(qtbot, window, 1)
    assert training.gate.records[0]["imei"] == IMEI


def test_typing_over_what_a_device_says_has_to_be_vouched_for(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    plug(qtbot, window, training)
    window.bench.form.edited.emit("imei", OTHER)
    window.bench.send()
    assert training.gate.requests == []
    hands.press(Qt.Key.Key_1, text="1")
    assert text(window, "imei") == IMEI
    assert window.bench.desk.draft.entries["imei"].origin is Origin.DEVICE


# What can be two things, and free text


@pytest.mark.parametrize(("answer", "key"), [("1", "imei"), ("2", "imsi")])
def test_what_can_be_two_things_is_asked_with_one_key(window: MainWindow, hands: Hands, answer: str, key: str) -> None:
    window.bench.form.focus_field("username")
    hands.scan("334020123456787")
    assert not window.bench.desk.draft.entries
    assert "two things" in window.bench.question.summary
    hands.press(Qt.Key(ord(answer)), text=answer)
    assert {key: text(window, key) for key in window.bench.desk.draft.entries} == {key: "334020123456787"}
    assert QApplication.focusWidget() is window.bench.form.rows["username"].input


def test_what_is_none_of_two_things_is_let_go_by_scanner(window: MainWindow, hands: Hands) -> None:
    hands.scan("334020123456787")
    assert window.bench.question.leave.text() == "Esc  None of these"
    order(hands, "third")
    assert not window.bench.question.isVisible()
    assert not window.bench.desk.draft.entries


def test_who_has_no_reason_comes_back_to_the_fail(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    plug(qtbot, window, training)
    hands.scan(OTHER)
    assert not window.bench.question.leave.isVisible(), "a FAIL is settled, not left"
    order(hands, "third")
    assert window.bench.question.summary.startswith("Why is")
    hands.press(Qt.Key.Key_5, text="5")
    assert window.bench.question.summary.startswith("IMEI differs")
    assert not window.bench.desk.draft.overrides


def test_escape_leaves_a_question_open_and_changes_nothing(window: MainWindow, hands: Hands) -> None:
    hands.scan("35693803564380")
    hands.shortcut(Qt.Key.Key_Escape)
    assert not window.bench.question.isVisible()
    assert not window.bench.desk.draft.entries


@pytest.mark.parametrize("key", ["username", "user_external_id", "device_model"])
def test_a_text_is_scanned_into_the_field_that_is_meant(window: MainWindow, hands: Hands, key: str) -> None:
    window.bench.form.focus_field(key)
    hands.scan("CRM-20418")
    assert (text(window, key), window.bench.desk.draft.entries[key].origin) == ("CRM-20418", Origin.SCAN)
    # An identifier goes to its own field all the same.
    hands.scan(OTHER)
    assert text(window, "imei") == OTHER
    assert text(window, key) == "CRM-20418"


def test_a_secret_is_scanned_into_its_field_unseen(window: MainWindow, hands: Hands) -> None:
    window.bench.form.focus_field("password")
    hands.scan(IMEI)
    assert text(window, "password") == IMEI
    assert text(window, "imei") == ""


# Commands


def test_cancel_empties_the_form_and_can_be_undone(window: MainWindow, hands: Hands) -> None:
    hands.scan(OTHER)
    window.bench.form.edited.emit("username", "maria.lopez")
    order(hands, "cancel")
    assert not window.bench.desk.draft.entries
    assert window.bench.notice.tone is Tone.ACCENT
    window.bench.notice.act.click()
    assert (text(window, "imei"), text(window, "username")) == (OTHER, "maria.lopez")


def test_next_puts_the_device_away_with_its_draft(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    plug(qtbot, window, training)
    plug(qtbot, window, training, LE910.name)
    window.bench.choose_nth(0)
    first = window.bench.desk.current
    window.bench.form.edited.emit("username", "maria.lopez")
    order(hands, "next")
    assert window.bench.desk.current not in {first, None}
    order(hands, "next")
    assert window.bench.desk.current is None
    window.bench.choose_nth(0)
    assert text(window, "username") == "maria.lopez"


def test_a_badge_is_handed_on(window: MainWindow, hands: Hands) -> None:
    badges: list[str] = []
    window.scans.badge.connect(badges.append)
    hands.scan("GSOP-0123456789AB")
    assert badges == ["GSOP-0123456789AB"]
    assert window.bench.notice.summary() == "Nobody here has this badge."
    assert not window.bench.desk.draft.entries


# Other pages and jobs


def test_a_scan_searches_the_log(qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands) -> None:
    registered(qtbot, window, training)
    hands.shortcut(Qt.Key.Key_F9)
    hands.scan(f"IMEI: {IMEI}")
    log = window.log
    assert log is not None
    assert log.bar.filter.search == IMEI
    qtbot.waitUntil(lambda: log.model.rowCount() == 1)
    hands.scan(OTHER)
    qtbot.waitUntil(lambda: log.model.rowCount() == 0)


def test_a_scan_on_a_page_without_use_for_it_begins_work(window: MainWindow, hands: Hands) -> None:
    window.show_page("doctor")
    hands.scan(OTHER)
    assert window.bench.isVisible()
    assert text(window, "imei") == OTHER


def test_a_plan_is_changed_by_scanning_the_sim(
    qtbot: QtBot, window: MainWindow, training: TrainingStation, hands: Hands
) -> None:
    registered(qtbot, window, training)
    unplug(qtbot, window, training)
    order(hands, "plan-change")
    hands.scan(ICCID)
    qtbot.waitUntil(lambda: text(window, "imei") == IMEI, timeout=10_000)
    assert window.bench.desk.draft.entries["username"].origin is Origin.HISTORY
    hands.scan("89014103211118510720")
    assert text(window, "imei") == IMEI
    order(hands, "cancel")
    hands.scan("89014103211118510720")
    qtbot.waitUntil(lambda: "No record with this SIM" in window.bench.notice.summary())
