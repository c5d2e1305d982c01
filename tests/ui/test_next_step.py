"""The sentence above the main button says what becomes of what is sent now."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.journal.link import Link, Pause
from app.provisioning.draft import Draft
from app.provisioning.validation import Validation
from app.provisioning.workflows import ROWS
from ui.bench.next_step import next_step

AT = datetime(2026, 3, 2, 9, 12, tzinfo=UTC)
PAUSE = Pause("gate.token-refused", "The gate did not accept the stored token.", "https://gate.example.com", 0, AT)
DRAFT = Draft(ROWS["register-device"]).with_text("username", "ana")


@pytest.mark.parametrize(
    ("link", "note"),
    [
        (Link(), "1 field will be sent"),
        (Link(offline_since=AT), "Offline: kept here and sent when the link is back"),
        (Link(pause=PAUSE), "Sending is paused: kept here and sent when it goes on"),
        (Link(pause=PAUSE, offline_since=AT), "Sending is paused: kept here and sent when it goes on"),
    ],
)
@pytest.mark.usefixtures("qtbot")
def test_only_what_goes_out_now_is_said_to_be_sent(link: Link, note: str) -> None:
    step = next_step(DRAFT, Validation({"username": "ana"}, ()), opened=True, reading=False, link=link)
    assert (step.note, step.ready) == (note, True)
