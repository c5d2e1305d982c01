"""`read --trace`: what was said on the lines, in a file that can be sent away."""

from __future__ import annotations

from pathlib import Path

from app.training.devices.hub import Hub
from app.training.devices.personalities import QUECTEL_EC25, SILENT, TELIT_LE910
from app.training.devices.personality import readable
from tests.peers.program import Program


def test_each_device_is_in_the_file_and_no_identifier(tmp_path: Path) -> None:
    devices = (QUECTEL_EC25, SILENT, TELIT_LE910)
    file = tmp_path / "trace.txt"
    with Hub(devices) as hub:
        ports = [hub.addresses[device.name] for device in devices]
        named = [part for port in ports for part in ("--port", port)]
        ended = Program(tmp_path / "home").run("read", *named, "--json", "--trace", str(file))
    assert ended.code == 0
    assert [each["status"] for each in ended.json] == ["ok", "no-answer", "ok"]
    text = file.read_text(encoding="utf-8")
    assert [line.split(",")[0] for line in text.splitlines() if line.startswith("socket:")] == [
        f"{ports[0]}: ok",
        f"{ports[1]}: no-answer",
        f"{ports[2]}: ok",
    ]
    for device in (QUECTEL_EC25, TELIT_LE910):
        for name in ("imei", "imsi", "iccid", "number"):
            value = readable(device)[name]
            assert value is None or value.lstrip("+") not in text


def test_a_file_that_cannot_be_written_is_told_and_the_reading_is_not_lost(tmp_path: Path) -> None:
    with Hub([QUECTEL_EC25]) as hub:
        port = hub.addresses[QUECTEL_EC25.name]
        ended = Program(tmp_path / "home").run("read", "--port", port, "--json", "--trace", str(tmp_path / "no" / "x"))
    assert ended.code == 2
    assert ended.json[0]["status"] == "ok"
    assert "cannot be written" in ended.err
