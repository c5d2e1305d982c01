"""The simulated modem without a wire: command lines, settings, errors and manners."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.identifiers import iccid, imei, imsi, msisdn
from app.identifiers.identity import SimState
from app.identifiers.verdict import Grade
from app.training.devices import personalities as bench
from app.training.devices.modem import SimulatedModem
from app.training.devices.personality import Personality, SeveralInOneLine, readable


def answer(modem: SimulatedModem, line: str) -> str:
    """Everything sent for one line, without its echo."""
    sent = f"{line}\r".encode("latin-1")
    out = b"".join(emission.data for emission in modem.feed(sent))
    if modem.personality.echo and out.startswith(sent):
        out = out[len(sent) :]
    return out.decode("latin-1")


def quiet(personality: Personality) -> SimulatedModem:
    """A modem that does not echo."""
    return SimulatedModem(replace(personality, echo=False))


OK = "\r\nOK\r\n"

FORMS = [
    (bench.QUECTEL_EC25, "ATI", "\r\nQuectel\r\n\r\nEC25\r\n\r\nRevision: EC25EFAR06A06M4G\r\n\r\nOK\r\n"),
    (bench.QUECTEL_EC25, "AT+CGSN", "\r\n001017010000134\r\n\r\nOK\r\n"),
    (bench.QUECTEL_EC25, "AT+QCCID", "\r\n+QCCID: 8949200000000000016F\r\n\r\nOK\r\n"),
    (bench.QUECTEL_EC25, "AT+CNUM", '\r\n+CNUM: "","+4915228817386",145\r\n\r\nOK\r\n'),
    (bench.QUECTEL_EC25, "AT+CRSM=176,28589,0,0,4", '\r\n+CRSM: 144,0,"00000002"\r\n\r\nOK\r\n'),
    (bench.QUECTEL_EC25, "AT+CRSM=176,28589,0,0,9", "\r\n+CRSM: 103,0\r\n\r\nOK\r\n"),
    (bench.QUECTEL_EC25, "AT+CRSM=176,x", "\r\nERROR\r\n"),
    (bench.SIMCOM_SIM7600, "AT+CICCID", "\r\n+ICCID: 8901260000000000022F\r\n\r\nOK\r\n"),
    (bench.SIMCOM_SIM7600, "AT+CGMR", "\r\n+CGMR: LE20B04SIM7600G22\r\n\r\nOK\r\n"),
    (bench.TELIT_LE910, "AT#CCID", "\r\n#CCID: 8939010000000000041F\r\n\r\nOK\r\n"),
    (bench.TELIT_LE910, "ATI", "\r\n332\r\n\r\nOK\r\n"),
    (bench.TELIT_LE910, "AT#QSS?", "\r\n#QSS: 0,1\r\n\r\nOK\r\n"),
    (bench.UBLOX_SARA_R4, "AT+CGSN=1", '\r\n+CGSN: "001017050000515"\r\n\r\nOK\r\n'),
    (bench.UBLOX_SARA_R4, "AT+CGSN=2", '\r\n+CGSN: "0010170500005101"\r\n\r\nOK\r\n'),
    (bench.SIERRA_EM7455, "AT!ICCID?", "\r\n!ICCID: 89014100000000000061\r\n\r\nOK\r\n"),
    (bench.SIERRA_EM7455, "AT+ICCID", "\r\nICCID: 89014100000000000061\r\n\r\nOK\r\n"),
    (bench.SIM_LOCKED, "AT+CPIN?", "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n"),
    (bench.SIM_LOCKED, "AT+CIMI", "\r\n+CME ERROR: 11\r\n"),
    (bench.SIM_LOCKED, "AT+CICCID", "\r\n+CME ERROR: 11\r\n"),
    (bench.SIM_LOCKED, "AT+CRSM=176,28423,0,0,9", "\r\n+CME ERROR: 11\r\n"),
    (bench.SIM_LOCKED, "AT+COPS?", "\r\n+COPS: 0\r\n\r\nOK\r\n"),
    (bench.SIM_LOCKED, "AT+CGSN", "\r\n001017020000827\r\n\r\nOK\r\n"),
    (bench.NO_SIM, "AT+CPIN?", "\r\n+CME ERROR: 10\r\n"),
    (bench.NO_SIM, "AT+CIMI", "\r\n+CME ERROR: 10\r\n"),
    (bench.NO_SIM, "AT+CNUM", "\r\n+CME ERROR: 10\r\n"),
    (bench.NO_SIM, "AT+QSIMSTAT?", "\r\n+QSIMSTAT: 0,0\r\n\r\nOK\r\n"),
    (bench.ROAMING, "AT+CIMI", "\r\n334020000000009\r\n\r\nOK\r\n"),
    (bench.ROAMING, "AT+COPS?", '\r\n+COPS: 0,0,"T-Mobile",7\r\n\r\nOK\r\n'),
    (bench.ROAMING, "AT+CRSM=176,28589,0,0,4", '\r\n+CRSM: 144,0,"00000003"\r\n\r\nOK\r\n'),
    (bench.ROAMING, "AT+CNUM", OK),
    (bench.SAMSUNG_PHONE, "AT+CGSN", "\r\nERROR\r\n"),
    (bench.SAMSUNG_PHONE, "AT+CPIN?", "\r\nERROR\r\n"),
    (bench.SAMSUNG_PHONE, "AT+CMEE=1", "\r\nERROR\r\n"),
    (bench.SAMSUNG_PHONE, "AT", OK),
]


@pytest.mark.parametrize(("personality", "command", "reply"), FORMS)
def test_each_answer_has_the_form_of_the_real_device(personality: Personality, command: str, reply: str) -> None:
    assert answer(quiet(personality), command) == reply


def test_the_phone_tells_everything_in_one_line() -> None:
    reply = answer(quiet(bench.SAMSUNG_PHONE), "AT+DEVCONINFO")
    assert "MN(SM-S938B);" in reply
    assert "IMEI(001017070000750);" in reply
    assert reply.endswith("\r\n#OK#\r\n\r\nOK\r\n")


class TestCommandLines:
    def test_the_echo_comes_first_and_can_be_switched_off_and_on(self) -> None:
        modem = SimulatedModem(bench.QUECTEL_EC25)
        assert modem.feed(b"AT\r")[0].data == b"AT\r"
        assert answer(modem, "ATE0") == OK
        assert not modem.settings.echo
        assert b"".join(emission.data for emission in modem.feed(b"AT\r")) == OK.encode()
        assert answer(modem, "ATE1") == OK
        assert modem.feed(b"AT\r")[0].data == b"AT\r"

    def test_several_commands_of_one_line_are_answered_in_order(self) -> None:
        reply = answer(quiet(bench.QUECTEL_EC25), "AT+CGMI;+CGMM;+CGSN")
        assert reply == "\r\nQuectel\r\n\r\nEC25\r\n\r\n001017010000134\r\n\r\nOK\r\n"

    def test_letters_need_no_semicolon(self) -> None:
        modem = quiet(bench.QUECTEL_EC25)
        assert answer(modem, "ATE0V1+CGMM") == "\r\nEC25\r\n\r\nOK\r\n"

    def test_the_first_error_ends_the_line_and_what_stood_before_it_is_sent(self) -> None:
        assert answer(quiet(bench.QUECTEL_EC25), "AT+CGMM;+NONSENSE;+CGSN") == "\r\nEC25\r\n\r\nERROR\r\n"

    def test_a_semicolon_in_quotes_separates_nothing(self) -> None:
        modem = quiet(bench.QUECTEL_EC25)
        assert answer(modem, 'AT+CLCK="a;b";+CGMM') == "\r\nERROR\r\n"
        assert answer(modem, "AT+CGMM;") == "\r\nEC25\r\n\r\nOK\r\n"

    @pytest.mark.parametrize("line", ["at+cgmm", "aT+CgMm", " AT +CGMM", "\nAT+CGMM", "noiseAT+CGMM"])
    def test_case_spaces_and_bytes_before_at_do_not_matter(self, line: str) -> None:
        assert answer(quiet(bench.QUECTEL_EC25), line) == "\r\nEC25\r\n\r\nOK\r\n"

    def test_backspace_takes_the_last_byte_back(self) -> None:
        assert answer(quiet(bench.QUECTEL_EC25), "AT+CGMX\bM") == "\r\nEC25\r\n\r\nOK\r\n"

    @pytest.mark.parametrize("line", ["", "hello", "A"])
    def test_a_line_without_at_has_no_answer(self, line: str) -> None:
        assert answer(quiet(bench.QUECTEL_EC25), line) == ""

    @pytest.mark.parametrize("line", ["AT?", "AT=", "AT12", "ATé", "AT+", "AT;"])
    def test_what_is_no_command_is_an_error(self, line: str) -> None:
        assert answer(quiet(bench.QUECTEL_EC25), line) == "\r\nERROR\r\n"

    @settings(max_examples=100)
    @given(
        st.lists(st.sampled_from(["AT", "AT+CGSN", "ATI", "AT+COPS=3,2;+COPS?", "ATE0", "AT+X"]), max_size=6), st.data()
    )
    def test_any_slicing_of_the_bytes_gives_the_same_answers(self, lines: list[str], data: st.DataObject) -> None:
        stream = "".join(f"{line}\r" for line in lines).encode()
        whole, sliced = SimulatedModem(bench.QUECTEL_EC25), SimulatedModem(bench.QUECTEL_EC25)
        expected = b"".join(emission.data for emission in whole.feed(stream))
        got = b""
        while stream:
            size = data.draw(st.integers(1, len(stream)))
            got += b"".join(emission.data for emission in sliced.feed(stream[:size]))
            stream = stream[size:]
        assert got == expected

    @settings(max_examples=150)
    @given(st.binary(max_size=200))
    def test_no_bytes_break_it(self, noise: bytes) -> None:
        modem = quiet(bench.QUECTEL_EC25)
        modem.feed(noise + b"\r")
        assert answer(modem, "AT+CGMM").endswith("\r\n\r\nOK\r\n")


class TestSettings:
    def test_an_error_says_as_much_as_it_was_asked_for(self) -> None:
        modem = quiet(bench.NO_SIM)
        for form, reply in (
            ("0", "ERROR"),
            ("1", "+CME ERROR: 10"),
            ("2", "+CME ERROR: SIM not inserted"),
        ):
            assert answer(modem, f"AT+CMEE={form}") == OK
            assert answer(modem, "AT+CMEE?") == f"\r\n+CMEE: {form}\r\n{OK}"
            assert answer(modem, "AT+CIMI") == f"\r\n{reply}\r\n"

    def test_the_operator_is_named_in_the_form_that_was_set(self) -> None:
        modem = quiet(bench.ROAMING)
        assert answer(modem, "AT+COPS=3,2;+COPS?") == f'\r\n+COPS: 0,2,"310260",7\r\n{OK}'
        assert answer(modem, "AT+COPS?") == f'\r\n+COPS: 0,2,"310260",7\r\n{OK}'
        assert answer(modem, "AT+COPS=3,0;+COPS?") == f'\r\n+COPS: 0,0,"T-Mobile",7\r\n{OK}'

    @pytest.mark.parametrize("command", ["AT+CMEE=3", "AT+CMEE=", "AT+COPS=3,9", "AT+COPS=2", "AT^CURC=0"])
    def test_a_value_that_is_not_offered_changes_nothing(self, command: str) -> None:
        modem = quiet(bench.ROAMING)
        before = modem.settings
        assert answer(modem, command) == "\r\nERROR\r\n"
        assert modem.settings == before

    def test_a_reset_puts_the_settings_back(self) -> None:
        modem = SimulatedModem(bench.QUECTEL_EC25)
        before = modem.settings
        answer(modem, "ATE0")
        answer(modem, "AT+CMEE=2;+COPS=3,2")
        answer(modem, "ATZ")
        assert modem.settings == before


class TestManners:
    def test_a_storm_stands_around_every_answer_until_it_is_switched_off(self) -> None:
        modem = quiet(bench.HUAWEI_E3372)
        lines = answer(modem, "AT+CGSN").split("\r\n")
        assert lines[1] == "^RSSI:19"
        assert lines[3] == "001017030000379"
        assert lines[5].startswith("^HCSQ:")
        assert modem.unsolicited()
        answer(modem, "AT^CURC=0")
        assert answer(modem, "AT+CGSN") == f"\r\n001017030000379\r\n{OK}"
        assert modem.unsolicited() == b""

    def test_an_unknown_command_is_refused_in_the_makers_words(self) -> None:
        modem = quiet(bench.HUAWEI_E3372)
        answer(modem, "AT^CURC=0")
        assert answer(modem, "AT+QCCID") == "\r\nCOMMAND NOT SUPPORT\r\n"

    @pytest.mark.parametrize(
        ("several", "told"),
        [
            (SeveralInOneLine.ANSWERED, "\r\nEC25\r\n\r\n+CPIN: READY\r\n\r\nOK\r\n"),
            (SeveralInOneLine.REORDERED, "\r\n+CPIN: READY\r\n\r\nEC25\r\n\r\nOK\r\n"),
            (SeveralInOneLine.CUT_OFF, "\r\nEC25\r\n\r\nOK\r\n"),
            (SeveralInOneLine.REFUSED, "\r\nERROR\r\n"),
        ],
    )
    def test_several_commands_in_one_line_are_taken_in_several_ways(self, several: SeveralInOneLine, told: str) -> None:
        modem = quiet(replace(bench.QUECTEL_EC25, several=several))
        assert answer(modem, "AT+CGMM;+CPIN?") == told
        assert answer(modem, "AT+CGMM") == "\r\nEC25\r\n\r\nOK\r\n"

    def test_a_silent_device_sends_nothing_at_all(self) -> None:
        assert SimulatedModem(bench.SILENT).feed(b"AT\rAT+CGSN\r") == []

    def test_a_dying_device_drops_in_the_middle_of_an_answer(self) -> None:
        modem = quiet(bench.DIES_HALF_WAY)
        assert bench.DIES_HALF_WAY.dies_after is not None
        for _ in range(bench.DIES_HALF_WAY.dies_after):
            assert answer(modem, "AT+CGSN").endswith("OK\r\n")
        last = modem.feed(b"AT+CGSN\r")[-1]
        assert last.drops
        assert last.data
        assert b"OK" not in last.data

    def test_the_time_of_a_line_is_that_of_its_commands(self) -> None:
        modem = quiet(bench.SLOW)
        assert modem.feed(b"AT+CGMM\r")[-1].delay_s == pytest.approx(0.8)
        assert modem.feed(b"AT+CGMM;+CGSN\r")[-1].delay_s == pytest.approx(1.6)
        assert modem.busy_s == pytest.approx(2.4)
        assert modem.asked == ["AT+CGMM", "AT+CGMM;+CGSN"]

    def test_another_card_is_answered_from_the_next_command_on(self) -> None:
        modem = quiet(bench.QUECTEL_EC25)
        modem.sim = bench.SPARE_DE
        assert "262020000000099" in answer(modem, "AT+CIMI")
        modem.sim = None
        assert answer(modem, "AT+CIMI") == "\r\n+CME ERROR: 10\r\n"


class TestTheBench:
    def test_every_identifier_passes_the_checks_of_its_kind(self) -> None:
        for personality in bench.ALL:
            assert imei.check(personality.hardware.imei.reveal()).grade is Grade.OK
            if personality.sim is None:
                continue
            assert imsi.check(personality.sim.imsi.reveal()).grade is Grade.OK
            assert iccid.check(personality.sim.iccid.reveal()).grade is Grade.OK
            if personality.sim.number is not None:
                assert msisdn.check(personality.sim.number.reveal()).grade is Grade.OK

    def test_no_two_devices_share_a_name_or_an_imei(self) -> None:
        talking = [personality for personality in bench.ALL if not personality.silent]
        assert len({personality.name for personality in bench.ALL}) == len(bench.ALL)
        assert len({personality.hardware.imei for personality in talking}) == len(talking)

    def test_nothing_printed_shows_an_identifier(self) -> None:
        for personality in bench.ALL:
            shown = repr(personality)
            assert personality.hardware.imei.reveal() not in shown
            if personality.sim is not None:
                assert personality.sim.imsi.reveal() not in shown
                assert personality.sim.iccid.reveal() not in shown

    def test_what_is_declared_readable_is_what_the_device_answers(self) -> None:
        for personality in bench.ALL:
            if personality.silent:
                continue
            modem = quiet(replace(personality, dies_after=None))
            said = "".join(answer(modem, f"AT{command}") for command in personality.answers)
            declared = readable(personality)
            for name in ("manufacturer", "model", "revision", "imei", "imsi", "iccid", "number"):
                value = declared[name]
                assert value is None or value in said, (personality.name, name)

    def test_roaming_is_told_apart_from_home(self) -> None:
        declared = readable(bench.ROAMING)
        assert declared["home_mobile_network_mccmnc"] == "334020"
        assert declared["serving_network_mccmnc"] == "310260"

    def test_a_card_that_cannot_be_read_declares_nothing(self) -> None:
        assert readable(bench.SIM_LOCKED)["sim_state"] == SimState.PIN_REQUIRED
        assert readable(bench.NO_SIM)["sim_state"] == SimState.ABSENT
        for personality in (bench.SIM_LOCKED, bench.NO_SIM, bench.SAMSUNG_PHONE):
            declared = readable(personality)
            assert declared["imsi"] is declared["iccid"] is declared["number"] is None
            assert declared["imei"]
