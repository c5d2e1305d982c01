"""What just happened, beside the form: in the gate's own words, and with its time where there is little room."""

from __future__ import annotations

import re

from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from app.provisioning.submission import State
from app.training.gate_faults import Fault
from app.training.station import TrainingStation
from tests.peers.pages import spoken_name
from ui.bench.side import Line
from ui.main_window import MainWindow

IMEI = "490154203237518"


def test_a_refusal_is_told_by_what_the_gate_said_of_a_field(
    qtbot: QtBot, window: MainWindow, training: TrainingStation
) -> None:
    def said() -> str:
        return spoken_name(window.bench.just_now.findChildren(Line)[0])

    training.gate.fail_next(Fault.REFUSED)
    for key, text in {"imei": IMEI, "device_brand": "Nokia", "username": "ana"}.items():
        window.bench.form.edited.emit(key, text)
    window.bench.send()
    qtbot.waitUntil(lambda: window.snapshot.counts.get(State.REJECTED, 0) == 1, timeout=15_000)
    assert re.fullmatch(r"Refused: Class of service: Unknown class\. \d\d:\d\d · Nokia", said())
    (entry,) = window.snapshot.entries
    window.bench.just_now.say([replace(entry, problems=(), message="The gate refused it.")])
    assert said().startswith("Refused: the gate refused it. ")
