"""Whether a station starts for the first time, and what is asked where a policy decides some of it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from app.assembly import Workstation
from app.credentials.vault import Vault
from app.masked import Secret
from app.operators.people import Role
from app.paths import Paths, paths
from app.policy import Policy
from app.settings import Settings, load_settings
from app.training.station import TrainingStation
from app.work.first_run import Step, steps
from tests.peers.submissions import submission


@pytest.fixture
def where(tmp_path: Path) -> Paths:
    made = paths(tmp_path / "home")
    made.prepare()
    return made


def opened(where: Paths, *overrides: str) -> Workstation:
    station = Workstation(where, load_settings(where.settings, overrides), vault=Vault(None))
    station.open()
    return station


def test_a_home_where_nothing_was_done_is_a_first_run_until_it_is_left(where: Paths) -> None:
    station = opened(where)
    assert station.is_first_run()
    station.change_settings({})
    assert not station.is_first_run()
    station.close()


def test_a_home_with_history_is_none(where: Paths) -> None:
    station = opened(where)
    station.journal.add(submission("one"))
    assert not station.is_first_run()
    station.close()


def test_a_home_with_operators_is_none(where: Paths) -> None:
    station = opened(where)
    station.shift.enter("Ana Pérez", Role.SUPERVISOR, Secret("2580"))
    assert not station.is_first_run()
    station.close()


def test_who_names_the_gate_on_the_command_line_is_not_asked(where: Paths) -> None:
    station = opened(where, "gate.base_url=http://127.0.0.1:9/api/v1")
    assert not station.is_first_run()
    station.close()


def test_training_does_not_offer_training() -> None:
    assert Step.TRAINING in steps(Settings())
    assert Step.TRAINING not in steps(Settings(), training=True)


def test_the_training_station_is_never_set_up(tmp_path: Path) -> None:
    with TrainingStation(paths(tmp_path)) as training:
        station = training.workstation(lambda _: None)
        station.open()
        assert not station.is_first_run()
        station.intake.run(_stopped())
        station.close()


def _stopped() -> threading.Event:
    stop = threading.Event()
    stop.set()
    return stop


def test_what_a_policy_fixes_is_not_asked() -> None:
    assert steps(Settings()) == tuple(Step)
    fixed = Policy(settings={"gate.base_url": "https://gate.example.com/api/v1", "consent": "per-device"})
    assert steps(Settings(policy=fixed)) == (Step.LANGUAGE, Step.TOKEN, Step.PEOPLE, Step.DOCTOR, Step.TRAINING)
    assert Step.LANGUAGE not in steps(load_settings(Path("none"), ["language=es"]))
