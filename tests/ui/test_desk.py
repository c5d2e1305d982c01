"""The desk: what is taken by itself, and that nothing typed is ever lost."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.provisioning.draft import Origin
from app.provisioning.workflows import ROWS as WORKFLOWS
from app.work.events import CardState, DeviceCard
from ui.bench.desk import Desk
from ui.sample_devices import MODEM, READING, TROUBLED, crowd

REGISTER, SIM, UPGRADE = (WORKFLOWS[name] for name in ("register-device", "sim-replacement", "new-device-upgrade"))


def desk(*cards: DeviceCard) -> Desk:
    made = Desk(REGISTER)
    for card in cards:
        made.device_changed(card)
    return made


def test_the_first_ready_device_fills_the_form_by_itself() -> None:
    made = desk(MODEM)
    assert made.current == MODEM.key
    assert made.draft.text("imei") == "356938035643809"
    assert not made.touched


def test_a_reading_device_is_shown_and_gives_way_to_a_ready_one() -> None:
    made = desk(READING)
    assert made.current == READING.key
    made.device_changed(MODEM)
    assert made.current == MODEM.key


def test_a_device_that_needs_somebody_is_not_taken_by_itself() -> None:
    assert desk(*TROUBLED).current is None


def test_typing_keeps_the_device_and_the_text() -> None:
    made = desk(READING)
    made.edit("username", "ana")
    assert not made.device_changed(MODEM)
    assert made.current == READING.key
    assert made.draft.text("username") == "ana"


def test_each_device_keeps_its_own_unsent_draft() -> None:
    other = crowd(1)[0]
    made = desk(MODEM, other)
    made.edit("username", "ana")
    made.choose(other.key)
    made.edit("username", "ben")
    made.choose(MODEM.key)
    assert made.draft.text("username") == "ana"
    made.choose(other.key)
    assert made.draft.text("username") == "ben"


def test_another_reading_never_overwrites_what_was_typed() -> None:
    made = desk(MODEM)
    made.edit("imei", "490154203237518")
    made.device_changed(MODEM)
    assert made.draft.text("imei") == "490154203237518"
    assert made.draft.entries["imei"].origin is Origin.TYPED


def test_a_pulled_device_takes_its_own_values_along_but_nothing_typed() -> None:
    made = desk(MODEM)
    made.device_gone(MODEM.key)
    assert made.current is None
    assert not made.draft.entries

    made = desk(MODEM)
    made.edit("username", "ana")
    made.device_gone(MODEM.key)
    assert made.unplugged
    assert made.card == MODEM
    assert made.draft.text("username") == "ana"


def test_a_saved_device_is_not_taken_again_until_it_is_read_anew() -> None:
    made = desk(MODEM)
    made.saved(MODEM.key)
    assert made.current is None
    assert not made.device_changed(MODEM)
    made.device_changed(replace(MODEM, state=CardState.READING, identity=None))
    made.device_changed(MODEM)
    assert made.current == MODEM.key


def test_saving_takes_the_next_device() -> None:
    other = crowd(1)[0]
    made = desk(MODEM, other)
    made.saved(MODEM.key)
    assert made.current == other.key


def test_what_was_typed_for_a_saved_device_is_put_away_though_it_said_more_meanwhile() -> None:
    made = desk(MODEM)
    made.edit("username", "ana")
    made.device_changed(replace(MODEM, label="Quectel EC25-AUX"))
    made.saved(MODEM.key)
    assert made.current is None
    assert not made.draft.entries


def test_a_device_chosen_while_another_was_saved_stays_in_hand() -> None:
    other = crowd(1)[0]
    made = desk(MODEM, other)
    made.choose(other.key)
    made.edit("username", "eva")
    made.saved(MODEM.key)
    assert made.current == other.key
    assert made.draft.text("username") == "eva"


def test_another_job_keeps_the_values_it_has_fields_for() -> None:
    made = desk(MODEM)
    made.edit("number", "+525512345678")
    made.edit("device_type", "ph")
    made.choose_workflow(SIM)
    assert made.draft.text("number") == "+525512345678"
    assert "device_type" not in made.draft.entries


def test_a_correction_is_not_overwritten_by_a_device() -> None:
    made = desk()
    made.correct(desk(MODEM).draft, "an id")
    made.device_changed(crowd(1)[0])
    assert made.replaces == "an id"
    assert made.draft.text("imei") == "356938035643809"


def test_a_draft_put_aside_is_not_given_to_another_device_under_the_same_key() -> None:
    other, stranger = crowd(2)
    made = desk(other, MODEM)
    made.edit("username", "ana")
    made.choose(MODEM.key)
    made.device_gone(other.key)
    made.device_changed(replace(stranger, key=other.key))
    made.choose(other.key)
    assert made.draft.text("username") == ""
    assert stranger.identity is not None
    assert made.draft.text("imei") == stranger.identity.value("imei")


@settings(max_examples=150)
@given(st.lists(st.tuples(st.sampled_from(["plug", "pull", "type", "choose"]), st.integers(0, 3)), max_size=25))
def test_what_was_typed_for_a_plugged_device_is_there_when_it_is_chosen_again(steps: list[tuple[str, int]]) -> None:
    cards, typed, made = crowd(4), dict[str, str](), Desk(REGISTER)
    for number, (step, index) in enumerate(steps):
        key = cards[index].key
        if step == "plug":
            made.device_changed(cards[index])
        elif step == "pull":
            made.device_gone(key)
        elif step == "choose" and key in made.cards:
            made.choose(key)
        elif step == "type" and made.current in made.cards:
            made.edit("username", f"user {number}")
            typed[made.current] = f"user {number}"
    for key in made.cards:
        made.choose(key)
        assert made.draft.text("username") == typed.get(key, "")


def test_a_default_stands_in_every_new_form_and_is_nothing_typed() -> None:
    made = Desk(REGISTER, {"register-device": {"device_type": "ph"}})
    assert made.draft.text("device_type") == "ph"
    assert not made.touched
    made.edit("device_type", "tb")
    assert made.touched
    made.clear()
    assert made.draft.text("device_type") == "ph"


def test_a_device_joins_whom_an_upgrade_was_begun_for_and_nobody_in_another_job() -> None:
    upgrade, register = Desk(UPGRADE), Desk(REGISTER)
    for made in (upgrade, register):
        made.edit("username", "ana")
        made.device_changed(MODEM)
    assert (upgrade.current, upgrade.draft.text("username")) == (MODEM.key, "ana")
    assert upgrade.draft.text("imei") == "356938035643809"
    assert register.current is None


def test_an_upgrade_is_handed_on_to_a_device_that_nobody_worked_on() -> None:
    new = crowd(1)[0]
    made = Desk(UPGRADE)
    for card in (MODEM, new, READING):
        made.device_changed(card)
    made.edit("username", "ana")
    assert not made.hand_on(MODEM.key)
    assert not made.hand_on(READING.key)
    assert made.hand_on(new.key)
    assert made.draft.text("username") == "ana"
    assert made.draft.text("imei") not in {"", "356938035643809"}
    made.choose(MODEM.key)
    assert made.draft.text("username") == ""
    made.edit("username", "ben")
    assert not made.hand_on(new.key)
