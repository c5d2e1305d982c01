"""Bytes to replies: line ends, echo, announcements, final results; any slicing gives the same reply."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.modem.at import Parser, Reply, names_of, parse
from app.modem.finals import Final

OK = Final(True, "OK")
ERROR = Final(False, "ERROR")

EXAMPLES: dict[str, tuple[str, bytes, tuple[str, ...], Final | None]] = {
    "crlf": ("AT+CGMI", b"\r\nAcme\r\n\r\nOK\r\n", ("Acme",), OK),
    "no leading line end": ("AT+CGMI", b"Acme\r\nOK\r\n", ("Acme",), OK),
    "cr only": ("AT%XSIM?", b"%XSIM: 1\rOK\r", ("%XSIM: 1",), OK),
    "lf only": ("AT%XSIM?", b"%XSIM: 1\nOK\n", ("%XSIM: 1",), OK),
    "crcrlf": ("AT+CIMI", b"262011234567890\r\r\nOK\r\r\n", ("262011234567890",), OK),
    "echo": ("AT+CGMI", b"AT+CGMI\r\r\nAcme\r\n\r\nOK\r\n", ("Acme",), OK),
    "echo in other case": ("AT+CGMI", b"at+cgmi\r\r\nAcme\r\n\r\nOK\r\n", ("Acme",), OK),
    "doubled echo": ("AT+CGMI", b"AT+CGMI\rAT+CGMI\r\r\nAcme\r\n\r\nOK\r\n", ("Acme",), OK),
    "stray bytes before the echo": ("AT+CGMI", b"\x00\xff~AT+CGMI\r\r\nAcme\r\n\r\nOK\r\n", ("Acme",), OK),
    "spoiled echo": ("AT+CPIN?", b"ATE0+CPIN?\r\n+CPIN: READY\r\n\r\nOK\r\n", ("+CPIN: READY",), OK),
    "late answer before the echo": (
        "AT+CIMI",
        b"\r\nAcme\r\n\r\nOK\r\nAT+CIMI\r\r\n12345678\r\nOK\r\n",
        ("12345678",),
        OK,
    ),
    "named announcement": ("AT+CIMI", b"\r\n^RSSI:12\r\n\r\n12345678\r\n\r\nOK\r\n", ("12345678",), OK),
    "bare announcement": ("AT+CIMI", b"\r\nRING\r\n\r\nSMS DONE\r\n\r\n12345678\r\n\r\nOK\r\n", ("12345678",), OK),
    "voice call": ("AT+CIMI", b"\r\nVOICE CALL: END: 000041\r\n12345678\r\nOK\r\n", ("12345678",), OK),
    "message in two lines": ("AT+CIMI", b'\r\n+CMT: "+155",,""\r\n99887766\r\n12345678\r\nOK\r\n', ("12345678",), OK),
    "report in one line": ("AT+CIMI", b"\r\n+CDS: 6,1,2\r\n12345678\r\nOK\r\n", ("12345678",), OK),
    "report in two lines": ("AT+CIMI", b"\r\n+CDS: 25\r\n0011\r\n12345678\r\nOK\r\n", ("12345678",), OK),
    "error": ("AT+CIMI", b"\r\nERROR\r\n", (), ERROR),
    "cme code": ("AT+CIMI", b"\r\n+CME ERROR: 10\r\n", (), Final(False, "CME", code=10)),
    "cme text": ("AT+CIMI", b"\r\n+CME ERROR: SIM busy\r\n", (), Final(False, "CME", text="SIM busy")),
    "cms without reason": ("AT+CIMI", b"\r\n+CMS ERROR: \r\n", (), Final(False, "CMS", text="")),
    "in words": ("AT^ICCID?", b"\r\nCOMMAND NOT SUPPORT\r\n", (), Final(False, "COMMAND NOT SUPPORT")),
    "reason without a name": ("AT+CIMI", b"\r\nSIM not inserted\r\n", (), Final(False, "CME", text="SIM not inserted")),
    "call result alone": ("AT", b"\r\nNO CARRIER\r\n", (), Final(False, "NO CARRIER")),
    "call result of an earlier call": ("AT+CGMI", b"\r\nNO CARRIER\r\n\r\nAcme\r\n\r\nOK\r\n", ("Acme",), OK),
    "error glued to data": ("AT+CNUM", b'\r\nERROR+CNUM: "","+491",145\r\nOK\r\n', ('+CNUM: "","+491",145',), OK),
    "cme glued to data": ("AT+CNUM", b'\r\n+CME ERROR: 25+CNUM: ,"1",1\r\nOK\r\n', ('+CNUM: ,"1",1',), OK),
    "error glued to a bare value": ("AT+CIMI", b"\r\nERROR12345678\r\nOK\r\n", ("12345678",), OK),
    "error glued to an announcement": ("AT+CIMI", b"\r\nERROR^RSSI:12\r\n", (), ERROR),
    "ok inside a text": ("AT+CGMM", b"\r\nOK Phone 3\r\n\r\nOK\r\n", ("OK Phone 3",), OK),
    "final without line end": ("AT+CGMI", b"AT+CGMI\r\r\nAcme\r\nOK", ("Acme",), OK),
    "no final": ("AT+CPIN?", b"+CPIN: SIM PIN\r\n", ("+CPIN: SIM PIN",), None),
    "numeric": ("AT+CGSN", b"356938035643809\r\n0\r", ("356938035643809",), OK),
    "numeric error": ("AT+CGSN", b"4\r", (), ERROR),
    "noise": ("AT+CGMI", b"\x7e\x00\x01\r\nAcme\r\n\r\nOK\r\n", ("~", "Acme"), OK),
    "chained": ("AT+CPIN?;+CSQ", b"\r\n+CSQ: 1,2\r\n+CPIN: READY\r\nOK\r\n", ("+CSQ: 1,2", "+CPIN: READY"), OK),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_reply_is_read(name: str) -> None:
    command, data, lines, final = EXAMPLES[name]
    reply = parse(command, data)
    assert (reply.lines, reply.final) == (lines, final)


def _fed(command: str, slices: list[bytes]) -> Reply:
    parser = Parser(command)
    for piece in slices:
        parser.feed(piece)
    return parser.close()


@settings(max_examples=200)
@given(
    example=st.sampled_from(sorted(EXAMPLES)),
    after=st.sampled_from([b"", b"\r\n^MODE: 5,4\r\n"]),
    cuts=st.sets(st.integers(0, 90)),
)
def test_any_slicing_gives_the_same_reply(example: str, after: bytes, cuts: set[int]) -> None:
    command, data, *_ = EXAMPLES[example]
    data += after
    places = [0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]
    slices = [data[start:end] for start, end in pairwise(places)]
    assert _fed(command, slices) == parse(command, data)


@settings(max_examples=150)
@given(data=st.binary(max_size=200), command=st.sampled_from(["AT", "ATI", "AT+CGSN", "AT+CNUM"]))
def test_no_bytes_raise(data: bytes, command: str) -> None:
    assert _fed(command, [data[index : index + 1] for index in range(len(data))]) == parse(command, data)


def test_what_follows_the_final_result_is_trailing() -> None:
    reply = parse("AT+CUSD=1", b"\r\n^CCIN:2,0\r\n\r\nOK\r\n\r\n^MODE: 5,4\r\n\r\n^RSSI: 15\r\n")
    assert (reply.lines, reply.urcs, reply.trailing) == ((), ("^CCIN:2,0",), ("^MODE: 5,4", "^RSSI: 15"))


def test_an_answer_without_its_echo_belongs_to_an_earlier_command() -> None:
    parser = Parser("AT+CIMI", expect_echo=True)
    parser.feed(b"\r\nAcme\r\n\r\nOK\r\n")
    assert not parser.done
    parser.feed(b"AT+CIMI\r\r\n12345678\r\n\r\nOK\r\n")
    assert parser.done
    assert parser.close().lines == ("12345678",)


def test_where_no_echo_comes_after_all_the_answer_counts() -> None:
    assert parse("AT+CGMI", b"\r\nAcme\r\n\r\nOK\r\n", expect_echo=True).lines == ("Acme",)


def test_the_echo_of_a_short_command_is_not_seen_in_a_word() -> None:
    assert parse("AT", b"\r\nFORMAT\r\nOK\r\n").lines == ("FORMAT",)


def test_an_echo_cut_short_is_no_value() -> None:
    assert parse("AT+CGMI", b"AT+CG").lines == ()


def test_a_prompt_ends_the_answer() -> None:
    parser = Parser("AT+CGMI")
    parser.feed(b"\r\n> ")
    assert parser.done
    assert parser.close().final == Final(False, "PROMPT")


def test_names_of_a_chained_command() -> None:
    assert names_of("AT+CPIN?;+CSQ;^SYSINFO") == {"+CPIN", "+CSQ", "^SYSINFO"}


def test_an_announcement_in_the_middle_of_a_name_does_not_break_the_line() -> None:
    reply = parse("AT^SYSINFO", b'\r\n^SYSIN\r\n+CMTI: "SM",26\r\nFO:2,3,0,5,1,,4\r\n\r\nOK\r\n')
    assert (reply.lines, reply.urcs) == (("^SYSINFO:2,3,0,5,1,,4",), ('+CMTI: "SM",26',))


@pytest.mark.parametrize("line", ["FO", "XX:1", "+CSQ: 1", "356938035643809"])
def test_nothing_else_is_joined_to_a_begun_name(line: str) -> None:
    reply = parse("AT^SYSINFO", f"\r\n^SYSIN\r\n{line}\r\n\r\nOK\r\n".encode())
    assert line in (*reply.lines, *reply.urcs)
