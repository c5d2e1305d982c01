"""The administrator's policy: read whole or refused whole, and stronger than everything a user can set."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.errors import WorkstationError
from app.policy import NO_POLICY, Policy, PolicyError, read_policy
from app.provisioning.draft import Draft, Origin
from app.provisioning.site import Site, site
from app.provisioning.validation import Rules, validate
from app.provisioning.workflows import ROWS, WORKFLOWS
from app.settings import Settings, SettingsError, load_settings

REGISTER = ROWS["register-device"]


def written(folder: Path, content: object) -> Path:
    file = folder / "policy.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


def test_without_a_file_nothing_is_fixed(tmp_path: Path) -> None:
    assert read_policy(tmp_path / "policy.json") == NO_POLICY
    assert site(NO_POLICY) == Site() == Site(WORKFLOWS)


def test_what_is_fixed_wins_over_file_and_command_line(tmp_path: Path) -> None:
    policy = read_policy(written(tmp_path, {"settings": {"gate.timeout_s": 7, "operator": "Warehouse"}}))
    (tmp_path / "settings.json").write_text(json.dumps({"gate.timeout_s": 5, "ports.poll_s": 1}))

    settings = load_settings(tmp_path / "settings.json", ["ports.poll_s=2"], policy)

    assert settings.number("gate.timeout_s") == 7
    assert settings.fixed("gate.timeout_s")
    assert settings.number("ports.poll_s") == 2
    assert not settings.fixed("ports.poll_s")
    assert settings.changed({"ports.poll_s": 3}).text("operator") == "Warehouse"


def test_what_is_fixed_cannot_be_overridden_or_changed(tmp_path: Path) -> None:
    policy = Policy({"consent": "per-device"})
    with pytest.raises(SettingsError, match="consent is fixed by the policy"):
        load_settings(tmp_path / "none.json", ["consent=employer-owned"], policy)
    with pytest.raises(SettingsError, match="consent is fixed by the policy"):
        Settings(policy=policy).changed({"consent": "employer-owned"})


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        {"setings": {}},
        {"settings": []},
        {"workflows": "register-device"},
        {"workflows": [1]},
        {"required": {"register-device": "username"}},
        {"defaults": {"register-device": {"device_type": 1}}},
    ],
)
def test_a_file_that_cannot_be_used_is_refused_as_a_whole(tmp_path: Path, content: object) -> None:
    with pytest.raises(PolicyError):
        read_policy(written(tmp_path, content))


@pytest.mark.parametrize(
    "policy",
    [
        Policy(workflows=("sell-device",)),
        Policy(required={"sell-device": ("imei",)}),
        Policy(required={"plan-change": ("mac_addr",)}),
        Policy(defaults={"register-device": {"colour": "red"}}),
    ],
)
def test_a_job_or_field_that_there_is_not_is_refused(policy: Policy) -> None:
    with pytest.raises(PolicyError):
        site(policy)


def test_a_setting_that_there_is_not_is_refused() -> None:
    with pytest.raises(WorkstationError, match="no setting"):
        Settings(policy=Policy({"gate.url": "https://x"}))


def test_a_required_field_and_a_job_not_done_here_block() -> None:
    here = site(Policy(workflows=("register-device",), required={"register-device": ("user_external_id",)}))
    draft = Draft(REGISTER).with_text("imei", "490154203237518")

    found = validate(draft, Rules(site=here))
    elsewhere = validate(Draft(ROWS["plan-change"]).with_text("imei", "490154203237518"), Rules(site=here))

    assert [(problem.field, problem.code) for problem in found.errors] == [("user_external_id", "field.required")]
    assert "workflow.not-here" in {problem.code for problem in elsewhere.errors}
    assert validate(draft.with_text("user_external_id", "CRM-1"), Rules(site=here)).ready


def test_defaults_stand_where_nothing_was_entered_and_say_where_they_are_from() -> None:
    draft = Draft(REGISTER).with_text("device_type", "tb").with_defaults({"device_type": "ph", "user_class": "basic"})
    assert draft.text("device_type") == "tb"
    assert draft.entries["user_class"].origin is Origin.DEFAULT
