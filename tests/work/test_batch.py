"""A batch: devices find their rows, strangers and twins are told, and nothing that was read is lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.identifiers import imei as imeis
from app.identifiers.identity import Identity, ReadStatus
from app.journal.outbox import Journal
from app.masked import Identifier
from app.provisioning.draft import Draft, Origin
from app.provisioning.submission import State
from app.provisioning.validation import Problem, Rules, validate
from app.provisioning.workflows import ROWS
from app.work.batch import Batch, Standing
from app.work.events import CardState, DeviceCard
from app.work.rows import read_rows
from tests.peers.submissions import submission

REGISTER = ROWS["register-device"]
FIRST, SECOND, THIRD = (imeis.from_body(f"35693803564{number:03}") for number in range(3))
ICCID = "8952020000123456784"


def identity(imei: str, iccid: str = "") -> Identity:
    return Identity(
        port="/dev/ttyUSB2", status=ReadStatus.OK, imei=Identifier(imei), iccid=Identifier(iccid) if iccid else None
    )


def card(
    key: str, imei: str = "", iccid: str = "", *, slot: str = "", state: CardState = CardState.READY
) -> DeviceCard:
    return DeviceCard(key, "EC25", "/dev/ttyUSB2", state, identity(imei, iccid) if imei else None, slot=slot)


def batch(rows: list[Mapping[str, str]] | None = None, **defaults: str) -> Batch:
    read = read_rows("order.json", json.dumps(rows).encode(), REGISTER) if rows else []
    return Batch(REGISTER, lambda draft: validate(draft, Rules()), read, defaults)


def standings(made: Batch) -> dict[str, Standing]:
    return {item.key: item.standing for item in made.items()}


def test_without_an_order_each_device_is_one_of_the_batch() -> None:
    made = batch(user_class="basic")
    made.device_changed(card("a", state=CardState.READING))
    assert standings(made) == {"a": Standing.READING}
    made.device_changed(card("a", FIRST, ICCID))
    (item,) = made.ready()
    assert item.draft.text("imei") == FIRST
    assert item.draft.text("user_class") == "basic"


def test_a_device_takes_its_row_by_imei_or_iccid_and_brings_its_own_word() -> None:
    made = batch([{"imei": FIRST, "username": "ana"}, {"iccid": ICCID, "username": "luis"}])
    assert standings(made) == {"row 1": Standing.WAITING, "row 2": Standing.WAITING}
    made.device_changed(card("b", SECOND, ICCID))
    made.device_changed(card("a", FIRST))
    assert standings(made) == {"a": Standing.READY, "b": Standing.READY}
    by_key = {item.key: item.draft for item in made.items()}
    assert (by_key["a"].text("username"), by_key["b"].text("username")) == ("ana", "luis")
    assert by_key["b"].entries["iccid"].origin is Origin.DEVICE
    assert by_key["b"].text("imei") == SECOND


def test_of_two_rows_that_a_device_fits_the_one_with_its_imei_is_its_own() -> None:
    made = batch([{"iccid": ICCID, "username": "luis"}, {"imei": FIRST, "username": "ana"}])
    made.device_changed(card("a", FIRST, ICCID))
    (item,) = made.ready()
    assert item.draft.text("username") == "ana"


def test_what_the_order_says_of_a_device_has_to_agree() -> None:
    made = batch([{"imei": FIRST, "iccid": "8901410321118510720", "username": "ana"}])
    assert made.device_changed(card("a", FIRST, ICCID))
    (item,) = made.items()
    assert item.standing is Standing.NEEDS_YOU
    assert "ICCID" in item.sentence


def test_a_stranger_and_a_twin_are_told_and_go_with_their_device() -> None:
    made = batch([{"imei": FIRST, "username": "ana"}])
    made.device_changed(card("a", FIRST, slot="A1"))
    assert made.device_changed(card("b", SECOND))
    assert made.device_changed(card("c", FIRST))
    assert not made.device_changed(card("c", FIRST)), "told once"
    by_key = {item.key: item for item in made.items()}
    assert by_key["b"].standing is Standing.STRANGER
    assert by_key["c"].standing is Standing.DUPLICATE
    assert "A1" in by_key["c"].sentence
    made.device_changed(card("d", SECOND))
    assert standings(made)["d"] is Standing.STRANGER, "not a twin of one that is not in the batch"
    for key in ("b", "c", "d"):
        made.device_gone(key)
    assert standings(made) == {"a": Standing.READY}


def test_a_device_that_was_read_may_be_pulled_and_one_that_was_not_leaves_nothing() -> None:
    made = batch()
    made.device_changed(card("a", FIRST))
    made.device_changed(card("b", state=CardState.READING))
    for key in ("a", "b"):
        made.device_gone(key)
    assert standings(made) == {"a": Standing.READY}


def test_who_needs_somebody_comes_first_and_a_bad_cell_is_told_at_once() -> None:
    made = batch([{"imei": FIRST, "username": "ana"}, {"imei": "3.5E+14", "username": "luis"}])
    first, *_ = made.items()
    assert first.key == "row 2"
    assert first.standing is Standing.NEEDS_YOU
    assert "spreadsheet" in first.sentence


def test_not_armed_it_leaves_new_devices_to_the_bench() -> None:
    made = batch()
    made.armed = False
    made.device_changed(card("a", FIRST))
    assert made.items() == []


def test_what_is_kept_is_not_read_again_and_the_result_has_every_row() -> None:
    made = batch([{"imei": FIRST, "username": "ana"}, {"imei": SECOND, "username": "luis"}])
    made.device_changed(card("a", FIRST))
    made.kept("a", "id-1")
    made.device_changed(card("a", THIRD))
    assert standings(made) == {"a": Standing.SENT, "row 2": Standing.WAITING}
    assert made.open_ids() == ["id-1"]
    assert [(each.row.number, each.status) for each in made.result()] == [(1, "queued"), (2, "waiting")]
    made.settle("a", State.ACCEPTED, "")
    made.device_changed(card("a", THIRD))
    assert standings(made) == {"a": Standing.DONE, "row 2": Standing.WAITING}


@pytest.mark.parametrize(
    ("state", "standing"),
    [
        (State.REJECTED, Standing.FAILED),
        (State.CONFLICT, Standing.FAILED),
        (State.CANCELLED, Standing.FAILED),
        (State.ACCEPTED, Standing.DONE),
        (State.WAITING, Standing.SENT),
    ],
)
def test_what_became_of_one_is_told_without_secrets(state: State, standing: Standing) -> None:
    made = batch(password="canary-horse")
    made.device_changed(card("a", FIRST))
    made.kept("a", "id-1")
    made.settle("a", state, "The gate's word.")
    (item,) = made.items()
    assert (item.standing, item.sentence) == (standing, "The gate's word." if standing is Standing.FAILED else "")
    assert made.open_ids() == ([] if state.final else ["id-1"])
    assert item.draft.text("password") == "canary-horse"
    (result,) = made.result()
    assert (result.status, result.row.cells) == (state.value, {"imei": FIRST})


def test_what_became_of_those_sent_is_taken_from_the_journal(tmp_path: Path) -> None:
    made = batch()
    for key, imei in (("a", FIRST), ("b", SECOND)):
        made.device_changed(card(key, imei))
        made.kept(key, f"id-{key}")
    journal = Journal.open(tmp_path / "journal.db")
    journal.add_all(submission(f"id-{name}") for name in ("a", "b", "of-no-batch"))
    journal.cancel("id-a")
    entries = [entry for name in ("a", "b", "of-no-batch") if (entry := journal.entry(f"id-{name}"))]
    journal.close()
    made.moved(entries)
    assert standings(made) == {"a": Standing.FAILED, "b": Standing.SENT}
    assert made.open_ids() == ["id-b"]


def test_one_that_was_sent_from_the_bench_is_not_sent_again() -> None:
    made = batch([{"imei": FIRST}, {"iccid": ICCID}, {"imei": THIRD}])
    made.device_changed(card("a", FIRST))
    assert standings(made) == {"a": Standing.READY, "row 2": Standing.WAITING, "row 3": Standing.WAITING}
    made.entered(submission("another job", workflow="sim-replacement", imei=FIRST))
    made.entered(submission("another device", workflow="register-device", imei=SECOND))
    assert made.count(Standing.SENT) == 0
    made.entered(submission("mended", workflow="register-device", iccid=ICCID))
    made.entered(submission("by hand", workflow="register-device", imei=FIRST))
    assert standings(made) == {"a": Standing.SENT, "row 2": Standing.SENT, "row 3": Standing.WAITING}
    assert sorted(made.open_ids()) == ["by hand", "mended"]
    assert made.ready() == []


def test_a_correction_takes_the_place_of_the_one_that_failed() -> None:
    made = batch()
    made.device_changed(card("a", FIRST))
    made.kept("a", "one")
    made.settle("a", State.REJECTED, "No.")
    assert standings(made) == {"a": Standing.FAILED}
    made.entered(submission("two", workflow="user-update", imei=SECOND, replaces="one"))
    assert standings(made) == {"a": Standing.SENT}
    assert made.open_ids() == ["two"]


def test_what_could_not_be_kept_says_why() -> None:
    made = batch()
    made.device_changed(card("a", FIRST))
    made.refused("a", [Problem("imei", "x", "The disk is full.")])
    assert made.ready() == []
    assert made.items()[0].sentence == "The disk is full."


@pytest.mark.parametrize("state", [CardState.ASK, CardState.LEFT_ALONE, CardState.NO_PORT, CardState.DECLINED])
def test_a_device_that_is_not_read_is_none_of_the_batch(state: CardState) -> None:
    made = batch()
    made.device_changed(card("a", state=state))
    assert made.items() == []


def test_a_draft_without_a_device_keeps_the_words_of_its_row() -> None:
    made = batch([{"imei": FIRST, "username": "ana"}])
    (item,) = made.items()
    assert item.draft == Draft(REGISTER).with_text("imei", FIRST, Origin.FILE).with_text("username", "ana", Origin.FILE)
