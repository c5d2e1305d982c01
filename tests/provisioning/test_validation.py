"""Validation: every problem at once, at its field; and exactly what would be sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import bcrypt
import pytest

from app.identifiers.verdict import Grade
from app.provisioning.draft import Draft, Origin, Override
from app.provisioning.submission import Submission, make_submission
from app.provisioning.validation import FORM, Rules, Validation, validate
from app.provisioning.workflows import ROWS

IMEI, OTHER_IMEI = "490154203237518", "356938035643809"
ICCID, OTHER_ICCID = "8952020000123456784", "8952020000987654323"
BOX = Override("wrong-box")


def draft(workflow: str, origin: Origin = Origin.TYPED, /, **texts: str) -> Draft:
    made = Draft(ROWS[workflow])
    for key, text in texts.items():
        made = made.with_text(key, text, origin)
    return made


def codes(found: Validation) -> set[tuple[str, str]]:
    return {(problem.field, problem.code) for problem in found.errors}


def test_all_problems_are_told_at_once() -> None:
    found = validate(draft("register-device", imei="49015420323751", iccid="12", number="abc"), Rules())
    assert {problem.field for problem in found.errors} == {"imei", "iccid", "number"}


def test_a_wrong_check_digit_blocks_or_warns_as_the_setting_says() -> None:
    wrong = draft("register-device", imei="490154203237519")
    assert not validate(wrong, Rules()).ready
    lenient = validate(wrong, Rules(lenient=True))
    assert lenient.ready
    assert [problem.grade for problem in lenient.at("imei")] == [Grade.WARNING]
    assert lenient.values == {"imei": "490154203237519"}


def test_an_offer_stands_with_the_problem_it_mends() -> None:
    (problem,) = validate(draft("register-device", imei="49015420323751"), Rules()).at("imei")
    assert [offer.value.reveal() for offer in problem.offers] == [IMEI]


def test_values_are_sent_in_their_normal_form() -> None:
    found = validate(
        draft("register-device", imei=" 49-015420-323751-8 ", mac_addr="3C-5A-B4-01-02-03", number="+52 55 1234 5678"),
        Rules(),
    )
    assert found.ready
    assert found.values == {"imei": IMEI, "mac_addr": "3c:5a:b4:01:02:03", "number": "+525512345678"}


def test_the_home_network_must_begin_the_imsi() -> None:
    found = validate(
        draft("register-device", imei=IMEI, imsi="334020012345678", home_mobile_network_mccmnc="310260"), Rules()
    )
    assert {field for field, _ in codes(found)} == {"home_mobile_network_mccmnc"}


@pytest.mark.parametrize(
    ("workflow", "texts", "expected"),
    [
        ("register-device", {"username": "ana"}, {("imei", "field.one-of")}),
        ("register-device", {"generic_id": "com.example.app.1"}, set()),
        ("additional-device", {"imei": IMEI}, {("username", "field.one-of")}),
        ("additional-device", {"imei": IMEI, "user_external_id": "C1"}, set()),
        ("push-enablement", {"imei": IMEI}, {("push_key", "field.required"), ("os_family", "field.required")}),
        ("plan-change", {"user_class": "premium"}, {(FORM, "update.anchor")}),
        ("plan-change", {"imei": IMEI}, {("user_class", "field.required"), (FORM, "update.nothing")}),
        ("plan-change", {"username": "ana", "user_class": "basic"}, set()),
        ("credential-update", {"username": "ana", "password": "long enough"}, {(FORM, "update.anchor")}),
        ("credential-update", {"imei": IMEI, "password": "long enough"}, set()),
        ("crm-link", {"number": "+525512345678", "user_external_id": "C1"}, set()),
        ("device-upgrade", {"imei": IMEI}, {(FORM, "update.anchor")}),
        ("device-upgrade", {"imei": IMEI, "username": "ana"}, set()),
        ("sim-replacement", {"imei": IMEI, "iccid": ICCID}, set()),
        ("user-update", {"username": "ana"}, {(FORM, "update.nothing")}),
        ("user-update", {"user_class": "basic", "iccid": ICCID}, {(FORM, "update.anchor")}),
    ],
)
def test_guards_of_the_workflows(workflow: str, texts: Mapping[str, str], expected: set[tuple[str, str]]) -> None:
    assert codes(validate(draft(workflow, **texts), Rules())) == expected


def test_which_fields_find_a_record_is_a_setting() -> None:
    change = draft("plan-change", username="ana", user_class="basic")
    assert codes(validate(change, Rules(anchors=("imei",)))) == {(FORM, "update.anchor")}


def test_a_sim_replacement_sends_only_what_changed_and_the_anchor() -> None:
    known = {"imei": IMEI, "iccid": ICCID, "imsi": "334020012345678", "number": "+525512345678"}
    swap = draft("sim-replacement", imei=IMEI, iccid=OTHER_ICCID, imsi="334020098765432", number="+525512345678")
    found = validate(swap, Rules(), known)
    assert found.ready
    assert found.values == {"imei": IMEI, "iccid": OTHER_ICCID, "imsi": "334020098765432"}


def test_the_same_sim_or_device_again_is_refused() -> None:
    same = validate(draft("sim-replacement", imei=IMEI, iccid=ICCID), Rules(), {"imei": IMEI, "iccid": ICCID})
    assert ("iccid", "sim.same") in codes(same)
    upgrade = validate(draft("device-upgrade", imei=IMEI, username="ana"), Rules(), {"imei": IMEI, "username": "ana"})
    assert ("imei", "device.same") in codes(upgrade)


@pytest.mark.parametrize("text", ["   ", "a\tb", "x" * 300])
def test_texts_without_a_check_have_limits(text: str) -> None:
    found = validate(draft("register-device", imei=IMEI, username=text), Rules())
    assert {problem.field for problem in found.errors} == {"username"}


def test_no_print_of_a_validation_shows_a_value() -> None:
    found = validate(draft("register-device", imei=IMEI, password="correct horse"), Rules())
    assert IMEI not in repr(found)
    assert "correct horse" not in repr(found)


def make(made: Draft, shape: str = "fields") -> Submission:
    return make_submission(
        made, validate(made, Rules()), id="0b1c", created_at=datetime(2026, 1, 2, tzinfo=UTC), shape=shape,
        password_hash="bcrypt",
    )  # fmt: skip


def test_a_submission_freezes_the_fields_in_the_chosen_shape() -> None:
    plain = make(draft("register-device", imei=IMEI, username="José"))
    assert json.loads(plain.body) == {"imei": IMEI, "username": "José"}
    packed = make(draft("user-update", imei=IMEI, username="José"), "data-string")
    assert list(json.loads(packed.body)) == ["data"]
    assert json.loads(json.loads(packed.body)["data"]) == {"imei": IMEI, "username": "José"}


def test_a_typed_password_is_hashed_and_stands_only_in_the_body() -> None:
    made = make(draft("register-device", imei=IMEI, password="correct horse"))
    sent = json.loads(made.body)["password"]
    assert bcrypt.checkpw(b"correct horse", sent.encode())
    assert b"correct horse" not in made.body
    assert made.fields == {"imei": IMEI}
    assert made.secret_fields == ("password",)
    assert IMEI not in repr(made)


def test_a_hash_in_a_file_is_taken_as_it_is_a_typed_one_is_hashed() -> None:
    hashed = "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"
    assert (
        json.loads(make(draft("register-device", Origin.FILE, imei=IMEI, password=hashed)).body)["password"] == hashed
    )
    assert json.loads(make(draft("register-device", imei=IMEI, password=hashed)).body)["password"] != hashed


def test_submissions_of_one_device_or_user_share_an_order_key() -> None:
    first = make(draft("register-device", imei=IMEI, username="ana"))
    second = make(draft("device-upgrade", imei=OTHER_IMEI, username="ana"))
    assert set(first.order_keys) & set(second.order_keys) == {"username:ana"}


def test_a_draft_with_errors_cannot_be_frozen() -> None:
    with pytest.raises(ValueError, match="one-of"):
        make(draft("register-device", username="ana"))


def test_label_device_and_order_line_have_to_agree() -> None:
    made = draft("register-device", Origin.DEVICE, imei=IMEI).scanned("imei", OTHER_IMEI)
    made = made.with_witness("imei", Origin.FILE, OTHER_IMEI)
    found = validate(made, Rules())
    assert codes(found) == {("imei", "match.scan"), ("imei", "match.file")}
    assert IMEI not in str(found.problems)
    assert validate(made.scanned("imei", IMEI).with_witness("imei", Origin.FILE), Rules()).ready


def test_an_override_sends_what_the_device_says_and_keeps_the_reason() -> None:
    made = draft("register-device", Origin.DEVICE, imei=IMEI).scanned("imei", OTHER_IMEI).overridden("imei", BOX)
    found = validate(made, Rules())
    assert [problem.grade for problem in found.at("imei")] == [Grade.WARNING]
    kept = make_submission(
        made, found, id="one", created_at=datetime(2026, 1, 1, tzinfo=UTC), shape="fields", password_hash="bcrypt"
    )
    assert (kept.fields["imei"], dict(kept.overrides), kept.matched) == (IMEI, {"imei": BOX}, ())
    agreed = made.scanned("imei", IMEI)
    kept = make_submission(
        agreed,
        validate(agreed, Rules()),
        id="two",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        shape="fields",
        password_hash="bcrypt",
    )
    assert (dict(kept.overrides), kept.matched) == ({}, ("imei",))
