"""Recorded replies and sessions of real devices, where the corpus stands beside the checkout.

A case is one device that knows one command; a session is one that knows several. Each is read over a real
pseudo-terminal; a case whose command the reader never sends is read by the pure functions alone.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.identifiers import plmn
from app.modem.at import Reply, parse
from app.modem.replies import card, equipment, network, sim
from tests.modem.devices import ok, read
from tests.peers.ptys import Modem

CORPUS = Path(__file__).parents[3] / "shared" / "at-corpus"
NOT_READ = {
    "operator_scan": "the reader never searches for networks",
    "port_roles": "the reader takes port roles from the USB interface",
}
STATES = {
    "READY": "ready",
    "INSERTED_UNLOCKED": "ready",
    "SIM_PIN2": "ready",
    "SIM_PUK2": "ready",
    "SIM_PIN": "pin-required",
    "SIM_PUK": "puk-required",
    "PH_SIM_PIN": "pin-required",
    "PH_NET_PIN": "pin-required",
    "PH_NETSUB_PIN": "pin-required",
    "PH_SP_PIN": "pin-required",
    "PH_CORP_PIN": "pin-required",
    "NOT_INSERTED": "absent",
    "FAILURE": "failure",
    "WRONG": "failure",
    "BUSY": "busy",
    "INSERTED": "unknown",
    "UNKNOWN": "unknown",
}


def load(name: str) -> list[dict[str, Any]]:
    path = CORPUS / name
    recorded: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return [each for each in recorded if each.get("scored", True)]


def fits(wanted: dict[str, Any], field: str, got: object, want: object) -> bool:
    accepted = (wanted.get("accept") or {}).get(field, [want])
    if (wanted.get("match") or {}).get(field) == "startswith":
        return isinstance(got, str) and any(got.startswith(each) for each in accepted if each)
    return got in accepted


def check(recorded: dict[str, Any], got: dict[str, Any]) -> None:
    """Compare every field that both sides speak of."""
    wrong = {
        field: (got[field], want)
        for field, want in recorded["expected"].items()
        if field in got and not fits(recorded, field, got[field], want)
    }
    assert wrong == {}


def as_wanted(recorded: dict[str, Any], state: str) -> str:
    """The corpus' name for a state of ours, the wanted one where several share it."""
    names = [name for name, ours in STATES.items() if ours == state]
    wanted = (recorded.get("accept") or {}).get("sim_state", [recorded["expected"].get("sim_state")])
    return next((name for name in wanted if name in names), names[0])


def from_device(recorded: dict[str, Any], modem: Modem) -> dict[str, Any]:
    found = read(modem).revealed()
    serving = found["serving_network"] or {"name": None, "mccmnc": None}
    expected = recorded["expected"]
    numbers = expected.get("numbers") or []
    got = {
        **{field: found[field] for field in ("manufacturer", "model", "imei", "meid", "imsi", "iccid")},
        "firmware": found["revision"],
        # The reader shows one number; the first is the one.
        "numbers": numbers if [found["number"]] == numbers[:1] else [found["number"]] if found["number"] else [],
        "sim_state": as_wanted(recorded, found["sim_state"]),
        "spn": found["home_mobile_network_name"],
    }
    if "format" in expected:
        code = serving["mccmnc"]
        got |= {"name": serving["name"], "mcc": code and code[:3], "mnc": code and code[3:]}
    return got


def from_reply(recorded: dict[str, Any], reply: Reply) -> dict[str, Any]:
    kind, answer = recorded["class"], card.answer(reply)
    numbers = equipment.numbers(reply)
    got: dict[str, Any] = {
        "manufacturer": equipment.manufacturer(reply),
        "model": equipment.model(reply),
        "firmware": equipment.revision(reply),
        "imei": numbers.imei,
        "imsi": sim.imsi(reply) or card.imsi_of(reply),
        "iccid": sim.iccid(reply) or card.iccid_of(reply),
        "spn": card.provider_name(reply),
        "lines": list(reply.lines),
        "trailing_urc": list(reply.trailing),
    }
    if answer is not None:
        got |= {"sw1": answer.sw1, "sw2": answer.sw2, "ok": answer.ok}
    elif reply.final is not None:
        got |= {"complete": True, "ok": reply.final.ok, "kind": reply.final.kind}
        got |= {"code": reply.final.code, "text": reply.final.text}
    if kind == "final_result" and reply.trailing and "trailing_urc" not in recorded["expected"]:
        del got["trailing_urc"]
    if kind == "mnc_length":
        got["mnc_length"] = card.mnc_length(reply)
    if kind == "mnc_from_imsi":
        home = plmn.split(sim.imsi(reply) or "")
        got |= {"mnc_length": home and len(home.mnc), "mcc": home and home.mcc, "mnc": home and home.mnc}
    if kind == "operator":
        found = network.serving(reply)
        code = next((serving.mccmnc for serving in found if serving.mccmnc), None)
        got |= {"name": next((serving.name for serving in found if serving.name), None)}
        got |= {"mcc": code and code[:3], "mnc": code and code[3:]}
        got |= {"act": found[0].act if found else None}
    if kind == "sim_state" and reply.command not in sim.STATUS_QUERIES:
        got["sim_state"] = as_wanted(recorded, sim.state(reply).value)
    if kind == "ef_msisdn":
        number = card.own_number(reply)
        got["numbers"] = [number] if number else []
    if kind == "msisdn":
        got["numbers"] = sim.own_numbers(reply)
    return got


PURE_ONLY = {"final_result", "echo", "crsm_status", "mnc_length", "mnc_from_imsi"}


@pytest.mark.parametrize("recorded", load("cases.json"), ids=lambda recorded: recorded["id"])
def test_a_recorded_reply(recorded: dict[str, Any]) -> None:
    if recorded["class"] in NOT_READ:
        pytest.skip(NOT_READ[recorded["class"]])
    command, raw = recorded["command"], recorded["raw_response"].encode("latin-1")
    check(recorded, from_reply(recorded, parse(command.upper(), raw)))
    if recorded["class"] not in PURE_ONLY:
        modem = Modem({"AT": ok(), command: raw})
        got = from_device(recorded, modem)
        if command.upper() in modem.heard:
            check(recorded, got)


@pytest.mark.parametrize("recorded", load("sessions.json"), ids=lambda recorded: recorded["id"])
def test_a_recorded_session(recorded: dict[str, Any]) -> None:
    modem = Modem(recorded["commands"], default=recorded["default_response"], echo=recorded["echo_initial"])
    check(recorded, from_device(recorded, modem))
    assert modem.echo == recorded["echo_initial"]
