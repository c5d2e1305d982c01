"""The training station works as the real one does and reaches nothing outside this computer."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from urllib.parse import urlsplit

from app.credentials.vault import Where
from app.paths import paths
from app.provisioning.draft import Draft
from app.provisioning.submission import State
from app.provisioning.workflows import ROWS
from app.training.devices.personalities import BY_NAME
from app.training.station import TrainingStation

MODEM = BY_NAME["quectel-ec25"]


def test_a_device_is_read_registered_and_stored_by_the_local_gate(tmp_path: Path) -> None:
    with TrainingStation(paths(tmp_path), [MODEM]) as training:
        station = training.workstation(lambda _: None)
        station.open()
        try:
            (device,) = station.devices()
            identity = station.read(device.at_ports[0], timeout_s=10, stop=threading.Event())
            submission = station.submit(Draft(ROWS["register-device"]).filled_from(identity))
            station.drain({submission.id}, timeout_s=10, moved=lambda _: None)
            entry = station.journal.entry(submission.id)
            assert entry is not None
            assert entry.state is State.ACCEPTED
            assert [record["imei"] for record in training.gate.records] == [MODEM.hardware.imei.reveal()]
        finally:
            station.close()


def test_neither_settings_nor_ports_nor_tokens_of_the_real_station_reach_it(tmp_path: Path) -> None:
    real = paths(tmp_path)
    real.prepare()
    foreign = json.dumps({"gate.base_url": "https://gate.example.com/api/v1", "ports.extra": ["/dev/ttyS0"]})
    real.settings.write_text(foreign)
    real.training().prepare()
    real.training().settings.write_text(foreign)
    with TrainingStation(real, [MODEM]) as training:
        station = training.workstation(lambda _: None)
        station.open()
        try:
            assert station.training
            assert urlsplit(station.settings.text("gate.base_url")).hostname == "127.0.0.1"
            assert [port.path for device in station.devices() for port in device.ports] == list(
                training.hub.addresses.values()
            )
            assert station.where_token() is Where.SESSION
            assert station.paths.journal.is_relative_to(tmp_path / "training")
            station.change_settings({"operator": "Ana"})
            assert urlsplit(station.settings.text("gate.base_url")).hostname == "127.0.0.1"
        finally:
            station.close()
    assert not (tmp_path / "journal.db").exists()
