"""A device upgrade is one job in two sends: entered together, refused, corrected, cancelled; at a real local gate."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.assembly import Workstation
from app.journal.records import Entry
from app.paths import paths
from app.provisioning.draft import Draft, Origin
from app.provisioning.fields import Kind
from app.provisioning.submission import Part, State
from app.provisioning.workflows import ROWS
from app.training.gate_faults import Fault
from app.training.station import TrainingStation
from app.work.entering import InvalidDraft

OLD, NEW, OTHER = "490154203237518", "356938035643809", "353490069873319"
UPGRADE = ROWS["new-device-upgrade"]


@pytest.fixture
def training(tmp_path: Path) -> Iterator[TrainingStation]:
    with TrainingStation(paths(tmp_path)) as made:
        yield made


@pytest.fixture
def station(training: TrainingStation) -> Iterator[Workstation]:
    made = training.workstation(lambda _: None)
    made.open()
    yield made
    made.close()


def filled(name: str, **values: str) -> Draft:
    draft = Draft(ROWS[name])
    for key, text in values.items():
        draft = draft.with_text(key, text)
    return draft


def deliver(station: Workstation) -> None:
    waiting = {entry.id for state in (State.QUEUED, State.WAITING) for entry in listed(station, state)}

    def moved(id: str) -> None:
        if look(station, id).state.final:
            waiting.discard(id)

    station.drain(waiting, timeout_s=20, moved=moved)


def listed(station: Workstation, state: State) -> list[Entry]:
    from app.journal.records import Query

    return station.journal.page(Query(states=(state,)), 50)


def look(station: Workstation, id: str) -> Entry:
    entry = station.journal.entry(id)
    assert entry is not None
    return entry


def test_the_new_device_is_registered_and_then_given_to_the_user(
    training: TrainingStation, station: Workstation
) -> None:
    station.submit(filled("register-device", imei=OLD, username="ana"))
    deliver(station)
    draft = filled("new-device-upgrade", imei=NEW, device_brand="Quectel", username="ana")
    first, second = station.submit_job(draft.with_text("iccid", "8952140061234567890", Origin.SCAN))
    assert (first.kind, second.kind) == (Kind.REGISTER, Kind.UPDATE)
    assert (first.part, second.part) == (Part(first.id, 1, 2), Part(first.id, 2, 2))
    assert (first.fields, second.fields) == (
        {"imei": NEW, "device_brand": "Quectel", "iccid": "8952140061234567890"},
        {"imei": NEW, "iccid": "8952140061234567890", "username": "ana"},
    )
    assert second.origins["iccid"] == "scan"
    deliver(station)
    assert [look(station, each.id).state for each in (first, second)] == [State.ACCEPTED] * 2
    assert look(station, second.id).done == 2
    assert [(record["imei"], record.get("username")) for record in training.gate.records] == [
        (OLD, "ana"),
        (NEW, "ana"),
    ]
    # The next upgrade of the same user must be to another device again.
    with pytest.raises(InvalidDraft) as caught:
        station.submit(draft)
    assert [problem.code for problem in caught.value.problems] == ["device.same"]


def test_a_job_without_its_user_is_not_kept(station: Workstation) -> None:
    with pytest.raises(InvalidDraft) as caught:
        station.submit(filled("new-device-upgrade", imei=NEW, generic_id="com.example"))
    assert "update.anchor" in {problem.code for problem in caught.value.problems}
    assert station.journal.pending_count() == 0


def test_the_correction_of_the_first_carries_over_to_the_second(
    training: TrainingStation, station: Workstation
) -> None:
    station.submit(filled("register-device", imei=OLD, username="ana"))
    deliver(station)
    training.gate.fail_next(Fault.REFUSED)
    first, second = station.submit_job(
        filled("new-device-upgrade", imei=OTHER, iccid="8952140061234567890", username="ana")
    )
    deliver(station)
    assert [look(station, each.id).state for each in (first, second)] == [State.REJECTED, State.HELD]
    right, moved = station.submit_job(filled("register-device", imei=NEW), replaces=first.id)
    assert (right.replaces, right.part) == (first.id, first.part)
    assert (moved.replaces, moved.part, moved.workflow) == (second.id, second.part, "device-upgrade")
    # The ICCID was left out of the correction, so it was wrong in the second too.
    assert moved.fields == {"imei": NEW, "username": "ana"}
    assert json.loads(json.loads(moved.body)["data"]) == {"imei": NEW, "username": "ana"}
    assert look(station, second.id).state is State.CANCELLED
    deliver(station)
    assert [look(station, each.id).state for each in (right, moved)] == [State.ACCEPTED] * 2
    assert [(record["imei"], record.get("username")) for record in training.gate.records] == [
        (OLD, "ana"),
        (NEW, "ana"),
    ]
    assert station.journal.verify().whole


def test_the_correction_of_the_last_step_is_that_step(training: TrainingStation, station: Workstation) -> None:
    training.gate.fail_next(Fault.NONE, Fault.REFUSED)
    first, second = station.submit_job(filled("new-device-upgrade", imei=NEW, username="ana"))
    deliver(station)
    assert [look(station, each.id).state for each in (first, second)] == [State.ACCEPTED, State.REJECTED]
    (right,) = station.submit_job(filled("device-upgrade", imei=NEW, username="ann"), replaces=second.id)
    assert right.part == second.part
    deliver(station)
    assert (look(station, right.id).state, look(station, right.id).done) == (State.ACCEPTED, 2)


def test_a_job_not_yet_sent_is_taken_back_whole(training: TrainingStation, station: Workstation) -> None:
    first, second = station.submit_job(filled("new-device-upgrade", imei=NEW, username="ana"))
    assert station.journal.cancel(first.id)
    assert [look(station, each.id).state for each in (first, second)] == [State.CANCELLED] * 2
    deliver(station)
    assert training.gate.requests == []
