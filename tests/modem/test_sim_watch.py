"""The look at a SIM between two readings: what counts as another SIM, and what as no news."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from app.identifiers.identity import Identity, ReadStatus, SimState
from app.masked import Identifier
from app.modem.line import Line
from app.modem.port_errors import PortBusy
from app.modem.replies.sim import card_is_in
from app.modem.sim_watch import can_be_watched, sim_changed
from tests.modem.devices import ICCID, Ec25, ok
from tests.modem.scripted import ScriptedLine

OTHER = "8949020000123456796"
CCID = "AT+QCCID"
KNOWN = Identity(
    "scripted",
    ReadStatus.OK,
    iccid=Identifier(ICCID),
    sim_state=SimState.READY,
    sources={"iccid": CCID},
)
FROM_FILE = Identity(
    "scripted",
    ReadStatus.OK,
    iccid=Identifier(ICCID),
    sim_state=SimState.READY,
    sources={"iccid": "AT+CRSM=176,12258,0,0,10"},
)
EMPTY = Identity("scripted", ReadStatus.PARTIAL, sim_state=SimState.ABSENT)
LOCKED = Identity("scripted", ReadStatus.PARTIAL, sim_state=SimState.PIN_REQUIRED)
CME = "\r\n+CME ERROR: {}\r\n"


@pytest.mark.parametrize(
    ("known", "answers", "changed"),
    [
        (KNOWN, {}, False),
        (KNOWN, {CCID: ok(f"+QCCID: {OTHER}F")}, True),
        (KNOWN, {CCID: CME.format(10), "AT+CPIN?": CME.format(10)}, True),
        (KNOWN, {CCID: CME.format(14), "AT+CPIN?": CME.format(14)}, False),
        (KNOWN, {CCID: "\r\nERROR\r\n", "AT+CPIN?": "\r\nERROR\r\n"}, True),
        (KNOWN, {CCID: "\r\nERROR\r\n"}, False),
        (KNOWN, {CCID: ""}, False),
        (KNOWN, {CCID: "\r\n+CPIN: NOT READY\r\n" + ok(f"+QCCID: {ICCID}F")}, True),
        (KNOWN, {CCID: "\r\n^SIMST: 255,0\r\n" + ok(f"+QCCID: {ICCID}F")}, True),
        (KNOWN, {CCID: "\r\n^SIMST: 1\r\n" + ok(f"+QCCID: {ICCID}F")}, False),
        (FROM_FILE, {"AT+CRSM=176,12258,0,0,10": ok('+CRSM: 144,0,"98942000002143658797"')}, True),
        (FROM_FILE, {"AT+CRSM=176,12258,0,0,10": ok('+CRSM: 144,0,"989420000021436587F8"')}, False),
        (EMPTY, {"AT+CPIN?": CME.format(10)}, False),
        (EMPTY, {"AT+CPIN?": CME.format(13)}, True),
        (EMPTY, {"AT+CPIN?": CME.format(14)}, False),
        (EMPTY, {"AT+CPIN?": "\r\n+QSIMSTAT: 1,1\r\n\r\nERROR\r\n"}, False),
        (EMPTY, {}, True),
        (LOCKED, {"AT+CPIN?": ok("+CPIN: SIM PIN")}, False),
        (LOCKED, {"AT+CPIN?": ok("+CPIN: SIM PUK")}, True),
        (LOCKED, {}, True),
    ],
)
def test_what_counts_as_another_sim(known: Identity, answers: Mapping[str, str], changed: bool) -> None:
    device = Ec25(answers)
    line = ScriptedLine(lambda command: device(command) or b"")
    assert sim_changed(known, opener=line.opener, clock=line.clock) is changed
    assert len(line.sent) <= 2


def test_an_announcement_that_was_waiting_counts() -> None:
    line = ScriptedLine(lambda command: Ec25()(command) or b"")
    line.arrive(b"\r\n#QSS: 0\r\n")
    assert sim_changed(KNOWN, opener=line.opener, clock=line.clock)


def test_a_port_that_cannot_be_asked_is_no_news() -> None:
    def held(port: str) -> Line:
        raise PortBusy(f"{port} is in use by another program.", remedy="")

    assert not sim_changed(KNOWN, opener=held)
    silent = ScriptedLine(lambda _: b"")
    assert not sim_changed(KNOWN, opener=silent.opener, clock=silent.clock)
    assert silent.now < 3.0
    for offset in range(30):
        pulled = ScriptedLine(lambda command: Ec25()(command) or b"", unplug_at=offset)
        assert not sim_changed(KNOWN, opener=pulled.opener, clock=pulled.clock)


@pytest.mark.parametrize(
    ("identity", "watched"),
    [
        (KNOWN, True),
        (EMPTY, True),
        (Identity("x", ReadStatus.PARTIAL), False),
        (Identity("x", ReadStatus.GONE, iccid=Identifier(ICCID), sim_state=SimState.READY), False),
    ],
)
def test_which_devices_are_looked_at(identity: Identity, watched: bool) -> None:
    assert can_be_watched(identity) is watched


@pytest.mark.parametrize(
    ("line", "is_in"),
    [
        ("+CPIN: READY", True),
        ("+CPIN: NOT READY", False),
        ("+QSIMSTAT : 1,0", False),
        ("+CSMINS: 1,1", True),
        ("#QSS: 3", True),
        ("^SIMST:255", False),
        ("^SCKS: 0", False),
        ("^RSSI: 20", None),
        ("+CSQ: 1,0", None),
    ],
)
def test_announcements_of_the_card(line: str, is_in: bool | None) -> None:
    assert card_is_in(line) is is_in
