"""Entering a PIN: attempts asked first, sent once at most, told in words, and in no log, error or repr."""

from __future__ import annotations

import pytest

from app.logs import TRAFFIC
from app.masked import Secret
from app.modem.allowed import is_allowed
from app.modem.pin import ATTEMPTS, PinOutcome, PinResult, enter_pin
from app.modem.port_errors import PortGone
from tests.modem.devices import ok
from tests.modem.scripted import ScriptedLine

PIN = Secret("739155")
SENT = f'AT+CPIN="{PIN.reveal()}"'


class Locked:
    """A device with a locked SIM that tells its attempts by one command."""

    def __init__(self, *, asks: str = 'AT+CPINR="SIM PIN"', label: str = "+CPINR: SIM PIN,", left: int = 3) -> None:
        self.asks, self.label, self.left = asks, label, left
        self.state = "SIM PIN"
        self.right = PIN.reveal()
        self.refusal = "+CME ERROR: 16"

    def __call__(self, command: str) -> bytes:
        if command == "AT":
            return ok().encode()
        if command == "AT+CPIN?":
            return ok(f"+CPIN: {self.state}").encode()
        if command == self.asks:
            return ok(f"{self.label}{self.left},10,3,10").encode()
        if command.startswith("AT+CPIN="):
            if command == f'AT+CPIN="{self.right}"':
                self.state = "READY"
                return ok().encode()
            self.left -= 1
            self.state = self.state if self.left else "SIM PUK"
            return f"\r\n{self.refusal}\r\n".encode()
        return b"\r\nERROR\r\n"


def entered(line: ScriptedLine, pin: Secret = PIN, *, confirmed: bool = False) -> PinResult:
    return enter_pin(line.opener, "scripted", pin, deadline_s=15.0, confirmed=confirmed, clock=line.clock)


def pins(line: ScriptedLine) -> list[str]:
    return [command for command, _ in line.sent if command.startswith("AT+CPIN=")]


@pytest.mark.parametrize("echo", [False, True])
def test_the_right_pin(echo: bool) -> None:
    line = ScriptedLine(Locked(), echo=echo)
    assert entered(line).outcome is PinOutcome.OK
    assert pins(line) == [SENT]


@pytest.mark.parametrize("refusal", ["+CME ERROR: 16", "+CME ERROR: incorrect password", "ERROR"])
@pytest.mark.parametrize("left", [3, 2])
def test_a_wrong_pin_is_sent_once(left: int, refusal: str) -> None:
    device = Locked(left=left)
    device.right, device.refusal = "0000", refusal
    line = ScriptedLine(device)
    result = entered(line)
    assert (result.outcome, result.attempts_left) == (PinOutcome.WRONG, left - 1)
    assert len(pins(line)) == 1


@pytest.mark.parametrize(
    ("asks", "label"),
    [
        ('AT+CPINR="SIM PIN"', '+CPINR: "SIM PIN",'),
        ("AT+QPINC?", '+QPINC: "SC",'),
        ("AT#PCT", "#PCT: "),
        ("AT^CPIN?", "^CPIN: SIM PIN,"),
        ("AT+SPIC", "+SPIC: "),
        ("AT+UPINCNT", "+UPINCNT: "),
        ("AT+EPINC?", "+EPINC: "),
    ],
)
def test_the_last_attempt_needs_the_operators_word(asks: str, label: str) -> None:
    line = ScriptedLine(Locked(asks=asks, label=label, left=1))
    result = entered(line)
    assert (result.outcome, result.attempts_left, result.must_confirm) == (PinOutcome.REFUSED, 1, True)
    assert pins(line) == []
    device = Locked(asks=asks, label=label, left=1)
    device.right = "0000"
    line = ScriptedLine(device)
    result = entered(line, confirmed=True)
    assert (result.outcome, result.attempts_left) == (PinOutcome.BLOCKED, 0)


def test_an_unknown_number_of_attempts_needs_it_too() -> None:
    line = ScriptedLine(Locked(asks="nothing"))
    assert entered(line).must_confirm
    assert pins(line) == []
    assert entered(ScriptedLine(Locked(asks="nothing")), confirmed=True).outcome is PinOutcome.OK


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        ("READY", PinOutcome.OK),
        ("SIM PUK", PinOutcome.BLOCKED),
        ("SIM PIN2", PinOutcome.OK),
        ("PH-NET PIN", PinOutcome.REFUSED),
        ("PH-SIM PIN", PinOutcome.REFUSED),
        ("NOT READY", PinOutcome.REFUSED),
    ],
)
def test_nothing_is_sent_where_no_sim_asks_for_its_pin(state: str, outcome: PinOutcome) -> None:
    device = Locked()
    device.state = state
    line = ScriptedLine(device)
    assert entered(line, confirmed=True).outcome is outcome
    assert pins(line) == []


@pytest.mark.parametrize("text", ["", "123", "123456789", "12a4", "1234\rATZ", "１２３４"])
def test_what_is_no_pin_is_not_sent(text: str) -> None:
    line = ScriptedLine(Locked())
    assert entered(line, Secret(text)).outcome is PinOutcome.REFUSED
    assert line.sent == []


def test_a_device_that_falls_silent_is_not_asked_again() -> None:
    device = Locked()
    line = ScriptedLine(lambda command: b"" if command.startswith("AT+CPIN=") else device(command))
    assert entered(line).outcome is PinOutcome.REFUSED
    assert pins(line) == [SENT]
    assert line.now <= 16.0


def test_a_cable_that_is_pulled_is_an_error_without_the_pin() -> None:
    whole = ScriptedLine(Locked(), echo=True)
    entered(whole)
    for offset in range(whole.delivered - 1):
        line = ScriptedLine(Locked(), echo=True, unplug_at=offset)
        with pytest.raises(PortGone) as caught:
            entered(line)
        assert PIN.reveal() not in f"{caught.value} {caught.value.detail}"


def test_the_pin_is_in_no_log_and_no_repr(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(TRAFFIC):
        result = entered(ScriptedLine(Locked(), echo=True))
    assert caplog.records
    assert PIN.reveal() not in caplog.text + repr(result)


def test_the_ordinary_session_cannot_send_one() -> None:
    assert not is_allowed(SENT)
    assert all(is_allowed(command) for command in ATTEMPTS)
