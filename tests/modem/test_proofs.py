"""Properties of a whole reading, over a scripted line: whatever bytes come, whenever the cable is pulled."""

from __future__ import annotations

import itertools
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.identifiers.iccid import swap_nibbles
from app.identifiers.identity import Identity, ReadStatus
from app.identifiers.luhn import check_digit
from app.modem.command_line import SEPARATOR, parts
from app.modem.probe import identify
from app.modem.session import NoAnswer, Session
from tests.modem.devices import ICCID, IMEI, IMSI, NUMBER, Ec25, answered_in_turn, ok
from tests.modem.scripted import ScriptedLine, ScriptedStop

IDENTIFIERS = ("imei", "imeisv", "meid", "imsi", "iccid", "number")
EXAMPLES = 150
DEADLINE_S = 20.0


def read(line: ScriptedLine, deadline_s: float = DEADLINE_S) -> Identity:
    identity = identify(line.port, opener=line.opener, clock=line.clock, deadline_s=deadline_s, stop=ScriptedStop(line))
    return replace(identity, elapsed_ms=0)


def values(identity: Identity) -> dict[str, str | None]:
    return {name: identity.value(name) for name in IDENTIFIERS}


# Unplugged.


@pytest.mark.parametrize("echo", [False, True])
@pytest.mark.parametrize("several", [False, True])
def test_unplugged_after_any_byte_of_a_session(echo: bool, several: bool) -> None:
    def line(unplug_at: int | None) -> ScriptedLine:
        device = answered_in_turn(Ec25()) if several else Ec25()
        return ScriptedLine(lambda command: device(command) or b"", echo=echo, unplug_at=unplug_at)

    whole = line(None)
    right = values(read(whole))
    assert right["imei"] == IMEI
    # The last line feed is waited for by nobody.
    for offset in range(whole.delivered - 1):
        identity = read(line(offset))
        assert identity.status is ReadStatus.GONE, offset
        assert all(value in {None, right[name]} for name, value in values(identity).items()), offset


# Any bytes.

WORDS = [
    *("\r\n", "\r", "\n", "OK", "\r\nOK\r\n", "ERROR", "\r\nERROR\r\n", "+CME ERROR: 10", "+CME ERROR: SIM busy\r\n"),
    *("+CGSN: ", "+CIMI: ", "+CCID: ", "+CRSM: 144,0,", "+CNUM: ", "+CPIN: READY", "+COPS: 0,0,", "IMEI: ", "^RSSI:1"),
    *(IMEI, IMEI[:14] + "07", IMSI, ICCID, f"{ICCID}F", swap_nibbles(f"{ICCID}F"), NUMBER, "A00000012345678"[:14]),
    *('"', ",", ",145", ": ", "> ", "RING", "\x00", "\xff", "AT", "AT+CGSN\r", "+CMT: \r\n", "0\r", "4\r", "356938"),
]
NOISE = st.lists(st.one_of(st.sampled_from([word.encode("latin-1") for word in WORDS]), st.binary(max_size=6)))
ANSWER = st.builds(lambda parts, ends: b"".join(parts) + ends, NOISE, st.sampled_from([b"", b"\r\nOK\r\n"]))


def occurs(value: str, data: bytes) -> bool:
    """Whether the bytes hold the value in one of the forms in which devices and cards write it."""
    text = data.decode("latin-1").upper().replace("\x00", "")
    digits = value.lstrip("+").upper()
    packed = swap_nibbles(digits if len(digits) % 2 == 0 else f"{digits}F")
    odd = swap_nibbles(f"9{digits}" if len(digits) % 2 else f"1{digits}F")
    plain = "".join(character for character in text if character.isalnum())
    return any(form.rstrip("F") in found for form in (digits, packed, odd) for found in (text, plain))


def said(identity: Identity, name: str, value: str, line: ScriptedLine) -> bool:
    source = identity.sources.get(name, "")
    answers = [answer for command, answer in line.sent if source in parts(command)]
    if name == "imei" and check_digit(value[:14]) == value[14] and any(occurs(value[:14], each) for each in answers):
        return True
    return any(occurs(value, answer) for answer in answers)


@settings(max_examples=EXAMPLES)
@given(answers=st.lists(ANSWER, min_size=1, max_size=8), echo=st.booleans())
def test_no_bytes_crash_or_hang_it_or_give_what_was_not_said(answers: list[bytes], echo: bool) -> None:
    script = itertools.cycle(answers)
    line = ScriptedLine(lambda command: ok().encode() if command == "AT" else next(script), echo=echo)
    identity = read(line)
    assert line.now <= DEADLINE_S + 5
    for name, value in values(identity).items():
        if value is not None and name in identity.sources:
            assert said(identity, name, value, line), (name, identity.sources[name])


@settings(max_examples=EXAMPLES)
@given(told=ANSWER, echo=st.booleans())
def test_whatever_answers_a_line_of_several_commands_nothing_is_lost(told: bytes, echo: bool) -> None:
    device = Ec25()
    line = ScriptedLine(lambda asked: told if SEPARATOR in asked else device(asked) or b"", echo=echo)
    identity = read(line, deadline_s=60.0)
    assert (identity.value("imei"), identity.value("imsi"), identity.value("iccid")) == (IMEI, IMSI, ICCID)
    number = identity.value("number")
    assert number is not None
    assert number == NUMBER or said(identity, "number", number, line)
    assert device.form == 0


@settings(max_examples=EXAMPLES)
@given(data=st.binary(max_size=400))
def test_a_port_that_sends_anything_at_all_is_survived(data: bytes) -> None:
    line = ScriptedLine(lambda _: data)
    read(line, deadline_s=3.0)
    assert line.now <= 3.0 + 5


# Any slicing.


@settings(max_examples=EXAMPLES)
@given(
    slices=st.lists(st.integers(1, 9), max_size=300),
    noise=st.lists(ANSWER, min_size=1, max_size=3),
    echo=st.booleans(),
)
def test_any_slicing_gives_the_same(slices: list[int], noise: list[bytes], echo: bool) -> None:
    def line(sizes: list[int]) -> ScriptedLine:
        device, script = Ec25(), itertools.cycle(noise)

        def answer(command: str) -> bytes:
            # What has no final result ends by silence, which slicing must not look like.
            return next(script) + ok().encode() if command == "AT+CCID" else device(command) or b""

        return ScriptedLine(answer, echo=echo, slices=sizes)

    assert read(line(slices)) == read(line([]))


# Any lateness.

# AT itself needs no work. A device that is late even with that, again and again, cannot be told from one that ignores
# commands; nor can one that needs longer than a resync lasts for what it answered at once before.
LATENESS_S = st.sampled_from([0.0, 0.0, 0.0, 0.05, 0.4, 1.0, 2.3, 4.0])
SHORT_LATENESS_S = st.sampled_from([0.0, 0.0, 0.05, 0.4, 0.7, 1.0])
ECHOES: tuple[dict[str, Any], ...] = ({}, {"echo": True}, {"hasty_echo": True})
ASKED = ("AT", "AT+CGMI", "AT+CGMM", "AT+CGMR", "AT+CGSN", "AT+CPIN?", "AT+QCCID", "AT+CIMI", "AT+CNUM", "AT+COPS?")


@settings(max_examples=EXAMPLES)
@example(late={"AT": 2.3}, echo={}, several=True)
@given(
    late=st.dictionaries(st.sampled_from(ASKED[1:]), LATENESS_S), echo=st.sampled_from(ECHOES), several=st.booleans()
)
def test_a_late_answer_is_never_anothers(late: dict[str, float], echo: dict[str, Any], several: bool) -> None:
    device = Ec25()
    told = answered_in_turn(device) if several else device

    def delay_s(asked: str) -> float:
        return sum(late.get(command, 0.02) for command in parts(asked))

    line = ScriptedLine(lambda command: told(command) or b"", delay_s=delay_s, **echo)
    identity = read(line, deadline_s=60.0)
    right = {"imei": IMEI, "imsi": IMSI, "iccid": ICCID, "number": NUMBER, "manufacturer": "Quectel", "model": "EC25"}
    right["revision"] = "EC25EFAR06A04M4G"
    for name, value in right.items():
        assert identity.value(name) in {None, value}, name
    assert device.form == 0


@settings(max_examples=EXAMPLES)
@example(plan=[("AT+CGMI", 0.0), ("AT+CGMI", 1.0), ("AT+CGMM", 0.0)], echo={})
@given(
    plan=st.lists(st.tuples(st.sampled_from([*ASKED[1:], "AT+GMM"]), SHORT_LATENESS_S), min_size=2, max_size=12),
    echo=st.sampled_from(ECHOES),
)
def test_every_answer_of_a_session_is_its_questions_own(plan: list[tuple[str, float]], echo: dict[str, Any]) -> None:
    delays = iter(delay for _, delay in plan)

    def told(command: str) -> str:
        # Not the command itself, which would be its echo.
        return f"answer to {command[3:].lower()}"

    def answer(command: str) -> bytes:
        return ok().encode() if command == "AT" else ok(told(command)).encode()

    line = ScriptedLine(answer, delay_s=lambda asked: 0.02 if asked == "AT" else next(delays, 0.0), **echo)
    session = Session(line, clock=line.clock)
    session.sync(3.0)
    with suppress(NoAnswer):
        for command, _ in plan:
            assert session.ask(command, 0.3).lines in {(), (told(command),)}
