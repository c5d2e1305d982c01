"""What the journal prints of the device itself: its place and port, and no number that is somebody's."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from app.journal.outbox import Journal
from tests.peers.submissions import submission


def test_a_serial_number_in_a_port_is_masked(tmp_path: Path) -> None:
    port = "/dev/serial/by-id/usb-Acme_490154203237518-if02"
    journal = Journal.open(tmp_path / "journal.db")
    journal.add(replace(submission("one", imei="356938035643809"), device={"slot": "A1", "port": port}))
    entry = journal.entry("one")
    journal.close()
    assert entry is not None
    assert entry.to_json(reveal=True)["device"] == {"slot": "A1", "port": port}
    masked = entry.to_json()["device"]
    assert masked["slot"] == "A1"
    assert "490154203237518" not in masked["port"]
