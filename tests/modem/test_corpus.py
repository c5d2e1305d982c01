"""Recorded replies and sessions of real devices, where the corpus stands beside the checkout.

A case is one device that knows one command; a session is one that knows several. Each is read over a real
pseudo-terminal, and a case by the pure functions as well, since these tell more than a reading shows. Where the
reader never sends the recorded command, `device_of` says what the recorded bytes are the answer to.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from app.identifiers import plmn
from app.modem.at import Reply, parse
from app.modem.replies import card, equipment, network, sim
from tests.modem.devices import ok, read
from tests.peers.ptys import Modem

CORPUS = Path(__file__).parents[3] / "shared" / "at-corpus"
NOTHING_TO_READ = {"operator_scan", "port_roles"}
"""The reader never searches for networks and takes port roles from the USB interface: only that it reports nothing."""
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
    code = serving["mccmnc"]
    network_shown = {"name": serving["name"], "mcc": code and code[:3], "mnc": code and code[3:]}
    if recorded.get("class") in {"operator", "operator_scan"}:
        got |= network_shown
    if "operator" in expected:
        got["operator"] = network_shown if any(network_shown.values()) else None
    if recorded.get("class") == "mnc_from_imsi" or "sim_mcc" in expected:
        home = found["home_mobile_network_mccmnc"]
        got |= {"mcc": home and home[:3], "mnc": home and home[3:], "mnc_length": home and len(home[3:])}
        got |= {"sim_mcc": got["mcc"], "sim_mnc": got["mnc"]}
    return got


CRSM = re.compile(r"(?P<file>AT\+CRSM=176,\d+,0,0,)(?P<length>\d+)")
UNASKED = {"final_result", "echo", "crsm_status", "operator_scan", "port_roles", "urc_interleave"}


def device_of(recorded: dict[str, Any]) -> Modem:
    """A modem whose answer to one question is the recorded one."""
    command, raw = recorded["command"].upper(), recorded["raw_response"].encode("latin-1")
    table: dict[str, str | bytes] = {"AT": ok(), command: raw}
    if ";" in command:
        # Each part of a chained line is asked alone, and the lines of the others stand in its answer.
        table |= {f"AT{part.removeprefix('AT')}": raw for part in command.split(";") if part.endswith("?")}
    if recorded["class"] == "operator_scan":
        table["AT+COPS?"] = raw
    if recorded["class"] in UNASKED and recorded.get("expected", {}).keys() & {"complete", "roles"}:
        # What the reader never asks for can still be the first that it hears.
        table["AT"] = raw
    file = CRSM.fullmatch(command)

    def answer(asked: str) -> bytes:
        read_file = CRSM.fullmatch(asked)
        if file and read_file and read_file["file"] == file["file"] and asked != command:
            # The card wants the length that was recorded, and says so (TS 102 221 10.2.1.5.3).
            return ok(f"+CRSM: 108,{file['length']}").encode()
        told = table.get(asked.upper(), "\r\nERROR\r\n")
        return told.encode() if isinstance(told, str) else told

    return Modem(answer)


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


@pytest.mark.parametrize("recorded", load("cases.json"), ids=lambda recorded: recorded["id"])
def test_a_recorded_reply_by_the_pure_functions(recorded: dict[str, Any]) -> None:
    reply = parse(recorded["command"].upper(), recorded["raw_response"].encode("latin-1"))
    check(recorded, from_reply(recorded, reply))


@pytest.mark.parametrize("recorded", load("cases.json"), ids=lambda recorded: recorded["id"])
def test_a_recorded_reply_over_a_pseudo_terminal(recorded: dict[str, Any]) -> None:
    modem = device_of(recorded)
    got = from_device(recorded, modem)
    check(recorded, got)
    assert len(modem.heard) > 1
    if recorded["class"] in NOTHING_TO_READ:
        assert not any(got.get(field) for field in ("imei", "imsi", "iccid", "numbers", "name", "mcc"))
    elif recorded["class"] not in UNASKED:
        asked = {part if part.startswith("AT") else f"AT{part}" for part in recorded["command"].upper().split(";")}
        assert asked & set(modem.heard)


@pytest.mark.parametrize("recorded", load("sessions.json"), ids=lambda recorded: recorded["id"])
def test_a_recorded_session(recorded: dict[str, Any]) -> None:
    modem = Modem(recorded["commands"], default=recorded["default_response"], echo=recorded["echo_initial"])
    check(recorded, from_device(recorded, modem))
    assert modem.echo == recorded["echo_initial"]
