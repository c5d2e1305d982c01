"""Drafts: what a device says, what the operator enters, and neither lost to the other."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from app.identifiers.identity import Identity, ReadStatus
from app.masked import Identifier
from app.provisioning.draft import Draft, Origin, Override
from app.provisioning.workflows import ROWS

NEW = ROWS["register-device"]
DEVICE = Identity(
    "P1", ReadStatus.OK, manufacturer="Quectel", model="EC25", imei=Identifier("490154203237518"),
    iccid=Identifier("8952020000123456784"),
)  # fmt: skip


def test_a_device_fills_what_the_table_says_it_gives() -> None:
    draft = Draft(NEW).filled_from(DEVICE)
    assert draft.text("imei") == "490154203237518"
    assert draft.text("device_brand") == "Quectel"
    assert draft.text("imsi") == ""
    assert {entry.origin for entry in draft.entries.values()} == {Origin.DEVICE}


def test_what_the_operator_entered_stays_when_the_device_is_read() -> None:
    draft = (
        Draft(NEW).with_text("imei", "356938035643809", Origin.TYPED).with_text("username", "ana").filled_from(DEVICE)
    )
    assert draft.text("imei") == "356938035643809"
    assert draft.entries["imei"].origin is Origin.TYPED
    assert draft.text("username") == "ana"


def test_another_device_replaces_all_that_the_first_one_gave() -> None:
    other = Identity("P2", ReadStatus.PARTIAL, imei=Identifier("356938035643809"))
    draft = Draft(NEW).filled_from(DEVICE).filled_from(other)
    assert draft.text("imei") == "356938035643809"
    assert draft.text("iccid") == ""
    assert draft.text("device_brand") == ""


def test_a_field_of_another_job_is_refused() -> None:
    with pytest.raises(KeyError):
        Draft(ROWS["plan-change"]).with_text("mac_addr", "3c:5a:b4:01:02:03")


def test_moving_to_another_job_keeps_what_it_has_a_field_for() -> None:
    draft = Draft(NEW).filled_from(DEVICE).with_text("username", "ana").moved_to(ROWS["sim-replacement"])
    assert set(draft.entries) == {"imei", "iccid", "username"}


def test_a_draft_prints_neither_identifiers_nor_secrets() -> None:
    draft = Draft(NEW).filled_from(DEVICE).with_text("password", "correct horse")
    assert "490154203237518" not in repr(draft)
    assert "correct" not in repr(draft)


BOX = Override("wrong-box")
LABEL, OTHER = "490154203237518", "356938035643809"


def test_a_label_is_put_beside_what_the_device_says_and_never_over_it() -> None:
    draft = Draft(NEW).filled_from(DEVICE).scanned("imei", LABEL)
    assert draft.entries["imei"].origin is Origin.DEVICE
    assert [witness.origin for witness in draft.agreeing("imei")] == [Origin.SCAN]
    draft = draft.scanned("imei", OTHER)
    assert draft.text("imei") == LABEL
    assert not draft.agreeing("imei")
    assert [witness.origin for witness in draft.agreeing("imei", agree=False)] == [Origin.SCAN]


def test_a_label_that_was_scanned_first_becomes_the_witness_of_the_device() -> None:
    draft = Draft(NEW).scanned("imei", OTHER)
    assert (draft.text("imei"), draft.entries["imei"].origin) == (OTHER, Origin.SCAN)
    draft = draft.filled_from(DEVICE)
    assert (draft.text("imei"), draft.entries["imei"].origin) == (LABEL, Origin.DEVICE)
    assert [witness.texts for witness in draft.agreeing("imei", agree=False)] == [(Identifier(OTHER),)]


@pytest.mark.parametrize(
    ("key", "texts"),
    [
        ("imei", (LABEL[:14],)),
        ("imei", (f"{LABEL[:14]}78",)),
        ("imei", (OTHER, LABEL)),
        ("iccid", ("895202000012345678",)),
    ],
)
def test_the_forms_of_one_number_agree(key: str, texts: tuple[str, ...]) -> None:
    assert Draft(NEW).filled_from(DEVICE).scanned(key, *texts).agreeing(key)


def test_either_imei_of_a_device_agrees() -> None:
    both = replace(DEVICE, imei2=Identifier(OTHER))
    assert Draft(NEW).filled_from(both).scanned("imei", OTHER).agreeing("imei", agree=False)
    assert Draft(NEW).filled_from(both).with_text("imei", OTHER).agreeing("imei")


def test_typing_over_a_device_leaves_its_word_standing() -> None:
    draft = Draft(NEW).filled_from(DEVICE).with_text("imei", OTHER)
    assert [witness.origin for witness in draft.agreeing("imei", agree=False)] == [Origin.DEVICE]
    assert not Draft(NEW).filled_from(DEVICE).with_text("device_model", "X").agreeing("device_model", agree=False)


def test_an_override_holds_until_somebody_says_something_else() -> None:
    draft = Draft(NEW).filled_from(DEVICE).scanned("imei", OTHER).overridden("imei", BOX)
    assert draft.filled_from(DEVICE).scanned("imei", OTHER).overrides == {"imei": BOX}
    assert draft.moved_to(ROWS["sim-replacement"]).overrides == {"imei": BOX}
    assert draft.scanned("imei", LABEL).overrides == {}
    assert draft.with_text("imei", "356938035643817").overrides == {}
