"""The tables agree with the API documents and with each other."""

from __future__ import annotations

import pytest
from msgspec.structs import fields

from app.identifiers.identity import Identity
from app.identifiers.kinds import KINDS
from app.provisioning.fields import FIELDS, ROWS, Kind, fields_of
from app.provisioning.workflows import ANCHORS, DEFAULTS, WORKFLOWS, Workflow
from app.provisioning.workflows import ROWS as ROWS_OF
from app.settings import ROWS as SETTINGS

REGISTER = {
    "number", "generic_id", "imei", "imsi", "iccid", "mac_addr", "home_mobile_network_name",
    "home_mobile_network_mccmnc", "app_version", "os_family", "os_version", "os_api_version", "device_family",
    "device_brand", "device_model", "device_type", "push_key", "username", "password", "user_external_id", "user_class",
}  # fmt: skip
UPDATE = {"number", "generic_id", "imei", "imsi", "iccid", "username", "password", "user_external_id", "user_class"}


def test_the_calls_take_the_fields_of_their_documents() -> None:
    assert {row.key for row in fields_of(Kind.REGISTER)} == REGISTER
    assert {row.key for row in fields_of(Kind.UPDATE)} == UPDATE


def test_each_row_names_things_that_exist() -> None:
    attributes = {field.name for field in fields(Identity)}
    for row in FIELDS:
        assert row.read_from is None or row.read_from in attributes, row.key
        assert row.check is None or row.check in KINDS, row.key
        assert row.choices is None or row.choices in SETTINGS, row.key
    assert len(ROWS) == len(FIELDS)


def test_secrets_are_the_password_and_the_push_key() -> None:
    assert {row.key for row in FIELDS if row.secret} == {"password", "push_key"}


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda row: row.name)
def test_a_workflow_asks_only_for_fields_its_call_takes(workflow: Workflow) -> None:
    sends = [ROWS_OF[step.workflow].kind for step in workflow.steps] or [workflow.kind]
    allowed = {row.key for kind in sends for row in fields_of(kind)}
    named = {*workflow.fields, *workflow.required, *workflow.changes, *workflow.locked, *sum(workflow.one_of, ())}
    assert named <= allowed
    assert set(workflow.required) | set(workflow.changes) <= set(workflow.fields)
    assert len(workflow.fields) == len(set(workflow.fields))
    if workflow.kind is Kind.UPDATE:
        assert set(workflow.anchors) == set(ANCHORS) - set(workflow.changes)
        assert set(workflow.anchors) & set(workflow.fields)


@pytest.mark.parametrize("workflow", [row for row in WORKFLOWS if row.steps], ids=lambda row: row.name)
def test_the_steps_of_a_job_carry_all_its_fields_and_no_secret(workflow: Workflow) -> None:
    assert len(workflow.steps) > 1
    assert ROWS_OF[workflow.steps[-1].workflow].kind is workflow.kind
    for step in workflow.steps:
        sent_as = ROWS_OF[step.workflow]
        assert not sent_as.steps
        assert set(step.fields) <= set(sent_as.fields)
        assert set(workflow.required) <= set(step.fields)
        # A step may have to be made anew from what the journal shows, which holds no secret.
        assert not [key for key in step.fields if ROWS[key].secret]
    assert {key for step in workflow.steps for key in step.fields} == set(workflow.fields)


def test_each_call_has_a_default_workflow_with_all_its_fields() -> None:
    for kind, workflow in DEFAULTS.items():
        assert set(workflow.fields) == {row.key for row in fields_of(kind)}
