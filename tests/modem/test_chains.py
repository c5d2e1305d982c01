"""Several commands in one line: fewer round trips where a device takes them, and nothing lost where it does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from app.identifiers.identity import Identity
from app.modem.at import Parser, parse
from app.modem.command_line import joined, parts
from app.modem.probe import identify
from app.modem.replies.chained import told_apart
from app.training.devices.hub import Hub
from app.training.devices.personalities import QUECTEL_EC25
from app.training.devices.personality import SeveralInOneLine, readable
from tests.modem.devices import IMEI, NUMBER, OK, Ec25, answered_in_turn, ok, read
from tests.modem.scripted import ScriptedLine, ScriptedStop
from tests.peers.ptys import Modem

AD, SPN, COPS, CNUM = QUERIES = ("AT+CRSM=176,28589,0,0,4", "AT+CRSM=176,28486,0,0,17", "AT+COPS?", "AT+CNUM")
LINE = "AT+CRSM=176,28589,0,0,4;+CRSM=176,28486,0,0,17;+COPS?;+CNUM"
EACH = ["AT", "AT+CGMI", "AT+CGMM", "AT+CGSN", "AT+CPIN?", "AT+QCCID", "AT+CIMI", "AT+CGMR"]
ALONE = [AD, SPN, CNUM, COPS, "AT+COPS=3,2", COPS, "AT+COPS=3,0"]
LENGTHS = '+CRSM: 144,0,"00000002"', f'+CRSM: 144,0,"00{"54" * 16}"'
NETWORK, OWN = '+COPS: 0,0,"Elsewhere",7', f'+CNUM: "","{NUMBER}",145'


def in_turn(changes: dict[str, str] | None = None, *, echo: bool = False) -> Modem:
    return Modem(answered_in_turn(Ec25(changes)), echo=echo)


def timeless(identity: Identity) -> Identity:
    return replace(identity, port="", elapsed_ms=0)


@pytest.mark.parametrize("echo", [False, True])
def test_a_device_that_takes_several_is_asked_fewer_times_and_says_the_same(echo: bool) -> None:
    single = Modem(Ec25(), echo=echo)
    modem = in_turn(echo=echo)
    assert timeless(read(modem)) == timeless(read(single))
    assert modem.heard == [*EACH, LINE, "AT+COPS=3,2;+COPS?", "AT+COPS=3,0"]
    assert single.heard == [*EACH, LINE, *ALONE]


Told = Callable[[Ec25, list[str]], bytes | None]


def wrong(told: Told) -> Callable[[str], bytes | None]:
    """A device that answers a line of several commands so."""
    device = Ec25()
    return lambda line: device(line) if len(parts(line)) == 1 else told(device, parts(line))


def whole(device: Ec25, commands: list[str]) -> bytes:
    return answered_in_turn(device)(joined(commands)) or b""


@pytest.mark.parametrize(
    "told",
    [
        lambda *_: b"\r\nERROR\r\n",
        lambda *_: b"\r\n+CME ERROR: 3\r\n",
        lambda *_: OK,
        lambda *_: None,
        lambda *_: b"\r\n> ",
        lambda device, commands: device(commands[0]),
        lambda device, commands: whole(device, commands[::-1]),
        lambda device, commands: whole(device, commands).removesuffix(OK),
        # A line that could be anybody's.
        lambda device, commands: ok(IMEI).encode().removesuffix(OK) + whole(device, commands),
    ],
    ids=["error", "cme-error", "bare-ok", "silence", "prompt", "first-only", "reordered", "no-final", "bare-line"],
)
@pytest.mark.parametrize("echo", [False, True])
def test_a_device_that_does_not_is_asked_each_alone(told: Told, echo: bool) -> None:
    modem = Modem(wrong(told), echo=echo)
    assert timeless(read(modem)) == timeless(read(Modem(Ec25(), echo=echo)))
    # Where more may come, a question whose answer is known puts the answers in step.
    asked = [command for command in modem.heard[len(EACH) + 1 :] if command != "AT+CGMI"]
    assert [*modem.heard[: len(EACH) + 1], *asked] == [*EACH, LINE, *ALONE]


@pytest.mark.parametrize("several", SeveralInOneLine)
def test_the_simulated_devices_are_read_whole_however_they_take_it(several: SeveralInOneLine) -> None:
    personality = replace(QUECTEL_EC25, several=several)
    with Hub([personality]) as hub:
        identity = identify(hub.addresses[personality.name])
    wanted = readable(personality)
    code = wanted.pop("serving_network_mccmnc")
    assert {name: identity.revealed()[name] for name in wanted} == wanted
    assert identity.serving_network is not None
    assert identity.serving_network.mccmnc == code


def test_answers_that_end_one_by_one_are_not_taken_for_later_ones() -> None:
    device, late = Ec25(), [b""]

    def answer(line: str) -> bytes:
        first, *others = [device(command) or b"" for command in parts(line)]
        told, late[0] = late[0] + first, b"".join(others)
        return told

    assert timeless(read(Modem(answer))) == timeless(read(Modem(Ec25())))


@pytest.mark.parametrize(("slow_s", "alone"), [(2.0, []), (6.0, [AD, SPN, CNUM, COPS])])
def test_a_network_that_is_slow_to_tell_loses_nothing_else(slow_s: float, alone: list[str]) -> None:
    device = answered_in_turn(Ec25())
    line = ScriptedLine(
        lambda asked: device(asked) or b"",
        delay_s=lambda asked: sum(slow_s if command == COPS else 0.02 for command in parts(asked)),
    )
    identity = identify(line.port, opener=line.opener, clock=line.clock, stop=ScriptedStop(line), deadline_s=40.0)
    assert (identity.value("number"), identity.value("home_mobile_network_name")) == (NUMBER, "Test")
    asked = [sent for sent, _ in line.sent if sent in {LINE, *QUERIES}]
    assert asked[: 1 + len(alone)] == [LINE, *alone]


def test_an_error_ends_the_line_and_what_stands_before_it_counts() -> None:
    modem = in_turn({CNUM: "\r\n+CME ERROR: 22\r\n"})
    identity = read(modem)
    assert identity.value("home_mobile_network_name") == "Test"
    assert modem.heard[len(EACH) : len(EACH) + 2] == [LINE, CNUM]
    assert not {AD, SPN, COPS} & set(modem.heard)


def test_a_file_that_is_not_there_is_asked_for_alone() -> None:
    modem = in_turn({SPN: ok("+CRSM: 106,130")})
    identity = read(modem)
    assert identity.sources["home_mobile_network_name"] == "operator table"
    assert modem.heard[len(EACH) : len(EACH) + 2] == [LINE, SPN]


def test_no_number_is_asked_for_alone_too() -> None:
    modem = in_turn({CNUM: ok()})
    assert read(modem).value("number") is None
    assert modem.heard[len(EACH) : len(EACH) + 2] == [LINE, CNUM]


def test_the_form_of_the_network_is_put_back_when_its_query_failed() -> None:
    device = Ec25()

    def answer(command: str) -> bytes | None:
        return b"\r\nERROR\r\n" if command == COPS and device.form else device(command)

    modem = Modem(answered_in_turn(answer))
    identity = read(modem)
    assert identity.serving_network is not None
    assert (identity.serving_network.name, device.form) == ("Elsewhere", 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"AT+CGMI": ok("huawei"), "AT+CGMM": ok("E1550")},
        {"AT+CPIN?": ok("+CPIN: SIM PIN")},
        # A device without final results may have none for the line either.
        {"AT+CGMR": "\r\nEC25EFAR06A04M4G\r\n"},
    ],
)
def test_not_every_device_is_asked_so(changes: dict[str, str]) -> None:
    modem = in_turn(changes)
    read(modem)
    assert [line for line in modem.heard if len(parts(line)) > 1] == []


# Telling apart.


def lines_of(*told: str, final: str = "OK") -> dict[str, tuple[str, ...]]:
    reply = parse(LINE, "".join(f"\r\n{line}\r\n" for line in (*told, final)).encode())
    return {query: answer.lines for query, answer in told_apart(reply, QUERIES).items()}


def test_each_answer_goes_to_its_own_question() -> None:
    ad, spn = LENGTHS
    every = {AD: (ad,), SPN: (spn,), COPS: (NETWORK,), CNUM: (OWN,)}
    assert lines_of(ad, spn, NETWORK, OWN) == every
    assert lines_of(ad, "RING", spn, '+CREG: 2,"00A8"', NETWORK, OWN) == every
    assert lines_of(ad, spn, NETWORK, OWN, OWN) == {**every, CNUM: (OWN, OWN)}
    assert lines_of(ad, NETWORK, final="+CME ERROR: 22") == {AD: (ad,), COPS: (NETWORK,)}
    assert lines_of("+CRSM: 106,130", spn, NETWORK) == {SPN: (spn,), COPS: (NETWORK,)}


def test_what_could_be_anothers_is_nobodys() -> None:
    ad, spn = LENGTHS
    assert lines_of(spn, ad, NETWORK, OWN) == {}
    assert lines_of(ad, NETWORK, spn, OWN) == {}
    assert lines_of(ad, spn, NETWORK, OWN, NETWORK) == {}
    assert lines_of(ad, spn, NETWORK, NUMBER) == {}
    parser = Parser(LINE)
    parser.feed(f"\r\n{ad}\r\n\r\n{NETWORK}\r\n".encode())
    assert told_apart(parser.close(), QUERIES) == {}


@given(st.lists(st.sampled_from([*LENGTHS, NETWORK, OWN, "+CRSM: 106,130", "RING", "+CREG: 1", IMEI, "ERROR"])))
def test_no_answer_goes_to_two(told: list[str]) -> None:
    found = lines_of(*told)
    given_away = [line for lines in found.values() for line in lines]
    assert all(given_away.count(line) <= told.count(line) for line in given_away)
    assert set(found.get(AD, ())) <= {LENGTHS[0]}
    assert set(found.get(SPN, ())) <= {LENGTHS[1]}


@given(st.lists(st.sampled_from(QUERIES), min_size=1))
def test_a_line_comes_apart_as_it_was_joined(commands: list[str]) -> None:
    assert parts(joined(commands)) == commands
