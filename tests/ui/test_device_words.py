"""What a card and the log call a device; needs no window."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from app.identifiers.identity import Identity, ReadStatus, SimState
from app.journal.outbox import Journal
from app.masked import Identifier
from tests.modem.devices import IMEI
from tests.peers.submissions import submission
from ui.devices import words
from ui.journal.columns import device

SECOND, EID = "356938035643817", "89049032000001000000000000000074"


@pytest.mark.parametrize(
    ("seen", "called"),
    [
        ({"slot": "B2", "manufacturer": "Acme", "model": "A1"}, "B2 Acme A1"),
        ({"manufacturer": "Acme", "model": "A1"}, "Acme A1"),
        ({"slot": "B2"}, "B2 Other M7"),
        ({}, "Other M7"),
    ],
)
def test_the_log_names_the_place_before_the_device(tmp_path: Path, seen: dict[str, str], called: str) -> None:
    journal = Journal.open(tmp_path / "journal.db")
    journal.add(replace(submission("one", imei=IMEI, device_brand="Other", device_model="M7"), device=seen))
    entry = journal.entry("one")
    journal.close()
    assert entry is not None
    assert device(entry) == called


@pytest.mark.parametrize(("slot", "said"), [(2, "IMEI of SIM slot 2 •••3817"), (None, "second IMEI •••3817")])
def test_a_card_tells_the_second_imei_with_its_slot_and_the_eid(slot: int | None, said: str) -> None:
    known = Identity(
        "COM7",
        ReadStatus.PARTIAL,
        sim_state=SimState.ABSENT,
        imei2=Identifier(SECOND),
        imei2_slot=slot,
        eid=Identifier(EID),
    )
    assert words.network(known) == f"No SIM · {said} · EID •••0074"
