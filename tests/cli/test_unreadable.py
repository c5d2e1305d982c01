"""`ports` and `read` with devices that are not read by themselves."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from app.assembly import Workstation
from app.cli import read
from app.cli.exits import Exit
from app.modem.ports import ASK, DeviceSeen, Obstacle, PortSeen
from app.paths import paths
from app.settings import load_settings
from tests.modem.devices import EC25, IMEI
from tests.peers.ptys import Modem, PtyModem

PHONE = DeviceSeen("phone", "Pixel 7", (), (), "1-2.4", Obstacle("Pixel 7 shows no modem.", "Scan its label."))


def station(folder: Path, *devices: DeviceSeen) -> Workstation:
    where = paths(folder)
    return Workstation(where, load_settings(where.settings, ("ports.slots=1-2.4=A3",)), look=lambda: list(devices))


def adapter(port: str) -> DeviceSeen:
    obstacle = Obstacle("It is a plain serial adapter.", ASK, askable=True)
    return DeviceSeen("adapter", "UART", (PortSeen(port),), (port,), "1-2.5", obstacle)


def arguments(*ports: str, as_json: bool = True) -> argparse.Namespace:
    return argparse.Namespace(port=list(ports), json=as_json, timeout=5.0, trace=None, consent_given=True)


def test_ports_tells_them_with_the_place_and_the_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert read.ports(arguments(), station(tmp_path, PHONE, adapter("/dev/ttyUSB7"))) is Exit.DONE
    phone, uart = json.loads(capsys.readouterr().out)
    assert (phone["slot"], phone["place"], phone["at_ports"]) == ("A3", "1-2.4", [])
    assert phone["obstacle"]["remedy"] == "Scan its label."
    assert uart["obstacle"]["askable"]
    read.ports(arguments(as_json=False), station(tmp_path, PHONE))
    told = capsys.readouterr()
    assert "A3" in told.out
    assert "USB 1-2.4: Pixel 7 shows no modem. Scan its label." in told.err


def test_read_asks_an_adapter_only_where_it_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    modem = Modem(EC25)
    with PtyModem(modem) as peer:
        here = station(tmp_path, PHONE, adapter(peer.path))
        assert read.read(arguments(), here) is Exit.NO_DEVICE
        told = capsys.readouterr()
        assert json.loads(told.out) == []
        assert f"{peer.path}: It is a plain serial adapter." in told.err
        assert "Pixel 7 shows no modem." in told.err
        assert modem.heard == []
        assert read.read(arguments(peer.path), here) is Exit.DONE
    assert json.loads(capsys.readouterr().out)[0]["imei"] == IMEI
