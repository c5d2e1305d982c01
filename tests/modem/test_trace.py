"""The trace: everything said on the line with its time, and no identifier in any form."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.identifiers.iccid import swap_nibbles
from app.identifiers.identity import Identity, ReadStatus
from app.masked import Identifier
from app.modem.probe import identify
from app.modem.trace import MOST_BYTES, Trace, masked_traffic
from tests.modem.devices import ICCID, IMEI, IMSI, NUMBER, Ec25, ok
from tests.modem.scripted import ScriptedLine

VALUES = (IMEI, IMSI, ICCID, NUMBER.lstrip("+"))
SHOWN = 4


def even(digits: str) -> str:
    return digits if len(digits) % 2 == 0 else f"{digits}F"


def forms(value: str) -> list[str]:
    """A value as devices write it: plain, in groups, swapped in pairs, as UCS2 and as bytes in hexadecimal."""
    grouped = " ".join(value[at : at + 3] for at in range(0, len(value), 3))
    dashed = f"{value[:2]}-{value[2:8]}-{value[8:]}"
    ucs2 = value.encode("utf-16-be").hex()
    return [value, grouped, dashed, swap_nibbles(even(value)), ucs2, ucs2.upper(), value.encode().hex()]


def traced(**options: object) -> tuple[Identity, str]:
    device = Ec25()
    line = ScriptedLine(lambda command: device(command) or b"", **options)  # type: ignore[arg-type]
    trace = Trace(line.clock)
    identity = identify("scripted", opener=line.opener, clock=line.clock, trace=trace)
    return identity, trace.text(identity)


def test_every_exchange_is_there_with_its_time_and_no_identifier() -> None:
    identity, text = traced(echo=True, delay_s=lambda _: 0.02, slices=[1, 2, 3] * 300)
    assert identity.status is ReadStatus.OK
    lines = text.splitlines()
    assert lines[0].startswith("scripted: ok")
    sent = [line.split("> ")[1] for line in lines if "> " in line]
    assert sent[:2] == ["AT\\r", "AT+CGMI\\r"]
    answer = next(line for line in lines if "Quectel" in line)
    assert answer.lstrip().startswith("0.0")
    assert answer.endswith("AT+CGMI\\r\\r\\nQuectel\\r\\n\\r\\nOK\\r\\n")
    assert "EC25EFAR06A04M4G" in text
    for value in VALUES:
        for form in forms(value):
            assert form.upper() not in text.upper()
        assert value[-SHOWN:] in text or value in {NUMBER.lstrip("+")}


@settings(max_examples=150)
@given(
    parts=st.lists(
        st.one_of(
            st.sampled_from([form for value in VALUES for form in forms(value)]),
            st.sampled_from(["+CCID: ", "\r\n", '"', ",", " ", "OK", "IMEI", "x", "+CRSM: 144,0,"]),
        ),
        max_size=12,
    )
)
def test_no_form_of_a_known_identifier_passes(parts: list[str]) -> None:
    text = masked_traffic("".join(parts), VALUES)
    for value in VALUES:
        for form in forms(value):
            assert form.upper() not in text.upper()


@settings(max_examples=150)
@given(value=st.from_regex(r"[0-9]{8,22}", fullmatch=True), before=st.sampled_from(["", "IMEI: ", '"', "+", "x"]))
def test_no_unknown_number_passes(value: str, before: str) -> None:
    assert masked_traffic(f"{before}{value}\r\n") == f"{before}{'•' * (len(value) - SHOWN)}{value[-SHOWN:]}\r\n"


@pytest.mark.parametrize("text", ["35-693803-564380-9", "356938 035643 809", "8949 0200 0012 3456 788"])
def test_no_unknown_number_in_groups_passes(text: str) -> None:
    assert masked_traffic(text).count("•") == len(text) - SHOWN


def test_a_pin_shows_nothing_not_even_its_length() -> None:
    assert masked_traffic('AT+CPIN="1234"\r') == masked_traffic('AT+CPIN="12345678"\r')
    assert "1234" not in masked_traffic("at+cpin=1234\r")


def test_versions_and_answers_of_the_card_stay_readable() -> None:
    for text in ("21.200.07.00.00", "EC25EFAR06A04M4G", "+CRSM: 144,0", "AT+CRSM=176,12258,0,0,10", "r7040 2017/05/19"):
        assert masked_traffic(text) == text


def test_a_flood_is_cut_and_counted() -> None:
    trace = Trace()
    trace.add(b"x" * (MOST_BYTES + 7), sent=False)
    text = trace.text(Identity("p", ReadStatus.NOT_A_MODEM))
    assert text.count("x") == MOST_BYTES
    assert "7 bytes more" in text


def test_what_a_device_answers_twice_is_known_by_what_was_read() -> None:
    trace = Trace()
    split = f"{IMEI[:7]}\r\n{IMEI[7:]}"
    trace.add(ok(split).encode(), sent=False)
    text = trace.text(Identity("p", ReadStatus.OK, imei=Identifier(IMEI)))
    assert IMEI[:7] not in text
    assert IMEI[7:] not in text
