"""Asking and answering over a real pseudo-terminal: what is asked, and which answer belongs to which question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from app.modem.line import open_line
from app.modem.session import LATE_WINDOWS_S, QUIET_S, NoAnswer, NotAllowed, Session
from tests.modem.devices import EC25, ok
from tests.modem.scripted import ScriptedLine
from tests.peers.ptys import Modem, PtyModem

SOON_S = 0.15
LATE_S = 0.4
PATIENT_S = 2.0


@contextmanager
def session_with(modem: Modem, deadline_s: float = 30.0) -> Iterator[Session]:
    with PtyModem(modem) as peer:
        line = open_line(peer.path)
        session = Session(line, deadline_s=deadline_s)
        session.sync(PATIENT_S)
        yield session
        line.close()


@pytest.mark.parametrize("echo", [False, True])
@pytest.mark.parametrize("late", ["AT+CGSN", "AT+CNUM", "AT+CCID"])
@pytest.mark.parametrize("known", [["AT+CGMI"], []])
def test_answers_stay_with_their_questions_after_a_late_one(late: str, echo: bool, known: list[str]) -> None:
    with session_with(Modem(EC25, delays_s={late: LATE_S}, echo=echo)) as session:
        for command in known:
            session.ask(command, PATIENT_S)
        assert session.ask(late, SOON_S).silent
        assert session.ask("AT+CGMM", PATIENT_S).lines == ("EC25",)
        assert session.ask("AT+CGMR", PATIENT_S).lines == ("EC25EFAR06A04M4G",)


@pytest.mark.parametrize("echo", [False, True])
@pytest.mark.parametrize("known", [["AT+CGMI"], []])
def test_a_device_that_ignores_a_command_stays_in_step(echo: bool, known: list[str]) -> None:
    with session_with(Modem(EC25, default=None, echo=echo)) as session:
        for command in known:
            session.ask(command, PATIENT_S)
        for ignored in ("AT+CCID", "AT+ICCID", "AT+GSN"):
            assert session.ask(ignored, SOON_S).silent
        assert session.ask("AT+CGMM", PATIENT_S).lines == ("EC25",)


def test_a_late_final_result_is_not_the_next_answers() -> None:
    table: Mapping[str, str] = {**EC25, "AT+CIMI": "\r\n262021234567890\r\n"}
    with PtyModem(Modem(table)) as peer:
        line = open_line(peer.path)
        session = Session(line)
        session.sync(PATIENT_S)
        assert session.ask("AT+CIMI", PATIENT_S).lines == ("262021234567890",)
        peer.send(b"\r\nOK\r\n")
        assert session.ask("AT+CGMM", PATIENT_S).lines == ("EC25",)
        line.close()


def test_a_setting_is_put_back_once() -> None:
    modem = Modem({**EC25, "AT+COPS=3,2": ok(), "AT+COPS=3,0": ok()})
    with session_with(modem) as session:
        assert not session.set_for_now("AT+COPS=3,2", "AT+COPS=3,0", PATIENT_S).refused
        session.restore()
        session.restore()
    assert modem.heard == ["AT", "AT+COPS=3,2", "AT+COPS=3,0"]


def test_a_setting_that_was_refused_is_not_put_back() -> None:
    modem = Modem(EC25)
    with session_with(modem) as session:
        assert session.set_for_now("AT+COPS=3,2", "AT+COPS=3,0", PATIENT_S).refused
        session.restore()
    assert modem.heard == ["AT", "AT+COPS=3,2"]


def test_a_setting_is_put_back_though_another_was_refused_later() -> None:
    modem = Modem({**EC25, "AT+COPS=3,2": ok(), "AT+COPS=3,0": ok()})
    with session_with(modem) as session:
        session.set_for_now("AT+COPS=3,2", "AT+COPS=3,0", PATIENT_S)
        assert session.set_for_now("AT+COPS=3,1", "AT+COPS=3,0", PATIENT_S).refused
        session.restore()
    assert modem.heard[-1] == "AT+COPS=3,0"


def test_a_setting_in_front_of_a_query_that_was_refused_is_put_back() -> None:
    modem = Modem(EC25)
    with session_with(modem) as session:
        assert session.set_for_now("AT+COPS=3,2", "AT+COPS=3,0", PATIENT_S, query="AT+COPS?").refused
        session.restore()
    assert modem.heard == ["AT", "AT+COPS=3,2;+COPS?", "AT+COPS=3,0"]


def test_a_pause_between_the_answers_of_one_line_is_no_end() -> None:
    line = ScriptedLine(lambda command: ok().encode() if command == "AT" else b"\r\n+CPIN: READY\r\n")
    session = Session(line, clock=line.clock)
    session.sync(1.0)
    begun = line.now
    session.ask("AT+CPIN?;+CSQ?", PATIENT_S)
    assert line.now - begun >= PATIENT_S / 2
    begun = line.now
    session.ask("AT+CPIN?", PATIENT_S)
    # Nor does it tell how long the device pauses at most.
    assert line.now - begun >= LATE_WINDOWS_S[0] + QUIET_S


def test_an_error_to_at_proves_a_modem_too() -> None:
    with session_with(Modem({}, default="+CME ERROR: 11\r\n")) as session:
        assert session.ask("AT+CGMI", PATIENT_S).refused


def test_a_prompt_is_left() -> None:
    with session_with(Modem({**EC25, "AT+CGMI": "\r\n> "})) as session:
        assert session.ask("AT+CGMI", PATIENT_S).refused
        assert session.ask("AT+CGMM", PATIENT_S).lines == ("EC25",)


def test_silence_from_some_command_on_is_told() -> None:
    heard: list[str] = []

    def answer(command: str) -> bytes | None:
        heard.append(command)
        return ok().encode() if len(heard) == 1 else None

    with session_with(Modem(answer), deadline_s=0.6) as session:
        assert session.ask("AT+CGMI", SOON_S).silent
        with pytest.raises(NoAnswer):
            session.ask("AT+CGMM", SOON_S)


@pytest.mark.parametrize("command", ["ATZ", "AT&F", "AT+CFUN=1", "AT+CPIN=1234", "ATD123", "AT+COPS=?", "AT+CGSN;ATZ"])
def test_what_could_change_the_device_is_refused(command: str) -> None:
    modem = Modem(EC25)
    with session_with(modem) as session, pytest.raises(NotAllowed):
        session.ask(command, PATIENT_S)
    assert modem.heard == ["AT"]


def test_what_comes_unasked_between_two_questions_is_no_answer() -> None:
    line = ScriptedLine(lambda command: ok().encode() if command == "AT" else ok(f"answer to {command[3:]}").encode())
    session = Session(line, clock=line.clock)
    session.sync(1.0)
    assert session.ask("AT+CGMM", 1.0).lines == ("answer to CGMM",)
    line.arrive(ok("356938035643817").encode())
    assert session.ask("AT+CGSN", 1.0).lines == ("answer to CGSN",)
