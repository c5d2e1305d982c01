"""A simulated modem without its wire: bytes in, bytes with delays out.

Command lines follow ITU-T V.250 5.2 to 5.7, errors 3GPP TS 27.007 9.1 and 9.2. Not thread-safe.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import cycle

from msgspec import Struct
from msgspec.structs import replace

from app.identifiers.identity import SimState
from app.masked import Identifier
from app.training.devices.card import ATTEMPTS, Sim, read_file
from app.training.devices.personality import Answer, Personality, SeveralInOneLine

CARRIAGE_RETURN, BACKSPACE = 0x0D, 0x08
LINE_LIMIT = 2048

PART = re.compile(r'[+^#!%*$@_](?:[^;"]|"[^"]*")*;?|&?[A-Z][0-9]*')
"""One command of a line: an extended one up to its semicolon, or a letter with its number."""

CARD_ERRORS = {
    SimState.ABSENT: (10, "SIM not inserted"),
    SimState.PIN_REQUIRED: (11, "SIM PIN required"),
    SimState.PUK_REQUIRED: (12, "SIM PUK required"),
    SimState.FAILURE: (13, "SIM failure"),
    SimState.BUSY: (14, "SIM busy"),
}
CARD_STATES = {SimState.READY: "READY", SimState.PIN_REQUIRED: "SIM PIN", SimState.PUK_REQUIRED: "SIM PUK"}
LONG_NAME, SHORT_NAME, NUMERIC = range(3)


class Emission(Struct, frozen=True):
    """What the device does next: wait `delay_s`, send `data`, and with `drops` fall off the bus."""

    delay_s: float
    data: bytes
    drops: bool = False


class Settings(Struct, frozen=True):
    """The settings a command can change: what a polite reader leaves as it found them."""

    echo: bool
    cmee: int
    cops_format: int = LONG_NAME
    storms: bool = True


class _Refused(Exception):
    """A command that ends its line with this final result."""

    def __init__(self, final: str) -> None:
        super().__init__(final)
        self.final = final


class SimulatedModem:
    """One powered device: `sim` is the card in it now and may be exchanged at any time.

    `asked` are the command lines so far and `busy_s` the seconds it took to answer them.
    """

    def __init__(self, personality: Personality) -> None:
        self.personality = personality
        self.sim = personality.sim
        self.settings = Settings(echo=personality.echo, cmee=personality.cmee)
        self.asked: list[str] = []
        self.busy_s = 0.0
        self._line = bytearray()
        self._storm = cycle(personality.storm)

    def feed(self, data: bytes) -> list[Emission]:
        """Take received bytes, in any slicing, and give what is sent for them in order."""
        if self.personality.silent:
            return []
        out: list[Emission] = []
        for byte in data:
            if self.settings.echo:
                out.append(Emission(0.0, bytes([byte])))
            if byte == CARRIAGE_RETURN:
                line = self._line.decode("latin-1").strip()
                self._line.clear()
                out += self._answer_line(line)
            elif byte == BACKSPACE:
                del self._line[-1:]
            elif len(self._line) < LINE_LIMIT:
                self._line.append(byte)
        return _joined(out)

    def unsolicited(self) -> bytes:
        """The next line of the storm, b"" where there is none or it is switched off."""
        if not self.personality.storm or not self.settings.storms or self.personality.silent:
            return b""
        return _wrapped(next(self._storm))

    def _answer_line(self, line: str) -> list[Emission]:
        start = line.upper().find("AT")
        if start < 0:
            return []
        self.asked.append(line[start:])
        hangs = self.personality.hangs_after
        if hangs is not None and len(self.asked) > hangs:
            return []
        body = line[start + 2 :].replace(" ", "")
        texts: list[str] = []
        delay_s = 0.0
        final = "OK"
        try:
            for part in self._taken(_parts(body)):
                delay_s += self.personality.latency_of(part)
                texts += [text for text in self._answer(part).split("\n") if text]
        except _Refused as refusal:
            final = refusal.final
        delay_s = delay_s or self.personality.latency_s
        self.busy_s += delay_s
        data = b"".join(map(_wrapped, texts))
        reply = self.unsolicited() + data + self.unsolicited() + _wrapped(final)
        limit = self.personality.dies_after
        if limit is not None and len(self.asked) > limit:
            return [Emission(delay_s, reply[: len(reply) // 2], drops=True)]
        return [Emission(delay_s, reply)]

    def _taken(self, parts: list[str]) -> list[str]:
        """The commands of a line that are carried out, in their order. Raises _Refused."""
        match self.personality.several if len(parts) > 1 else SeveralInOneLine.ANSWERED:
            case SeveralInOneLine.REFUSED:
                raise _Refused(self.personality.unknown)
            case SeveralInOneLine.REORDERED:
                return parts[::-1]
            case SeveralInOneLine.CUT_OFF:
                return parts[:1]
            case _:
                return parts

    def _answer(self, part: str) -> str:
        """The information text of one command. Raises _Refused."""
        name, assigned, value = part.partition("=")
        setter = _SETTERS.get(name) if assigned else None
        if setter is None and part in _SETTING_LETTERS:
            return self._set_letter(part)
        if self.personality.standard:
            if setter is not None:
                return setter(self, value)
            if (state := _STATE_READERS.get(part)) is not None:
                return state(self)
        answer = self.personality.answers.get(part)
        if answer is None:
            raise _Refused(self.personality.unknown)
        return self._filled(answer)

    def _filled(self, answer: Answer) -> str:
        sim = self._card() if answer.of_card else None
        hardware = self.personality.hardware
        values = {
            "manufacturer": hardware.manufacturer,
            "model": hardware.model,
            "revision": hardware.revision,
            "imei": hardware.imei.reveal(),
            "imei2": hardware.imei2.reveal() if hardware.imei2 else "",
            "imeisv": hardware.imei.reveal()[:14] + hardware.svn,
            "svn": hardware.svn,
            "serial": hardware.serial,
            "inserted": "0" if self.sim is None else "1",
        }
        if sim is not None:
            values |= {
                "imsi": sim.imsi.reveal(),
                "iccid": sim.iccid.reveal(),
                "iccid_padded": sim.iccid_padded,
                "number_line": _number_line(sim.number),
            }
        return answer.text.format_map(values)

    def _card(self) -> Sim:
        """The card, when it can be read. Raises _Refused with its reason."""
        if self.sim is None or self.sim.state is not SimState.READY:
            raise self._card_refusal()
        return self.sim

    def _card_refusal(self) -> _Refused:
        """The reason in the form that +CMEE asked for."""
        return self._refusal(*CARD_ERRORS[SimState.ABSENT if self.sim is None else self.sim.state])

    def _refusal(self, code: int, text: str) -> _Refused:
        return _Refused(("ERROR", f"+CME ERROR: {code}", f"+CME ERROR: {text}")[self.settings.cmee])

    def _set_letter(self, part: str) -> str:
        if part in {"E", "E0", "E1"}:
            self.settings = replace(self.settings, echo=part == "E1")
        if part == "Z":
            self.settings = Settings(echo=self.personality.echo, cmee=self.personality.cmee)
        return ""

    def _set_error_form(self, value: str) -> str:
        self.settings = replace(self.settings, cmee=self._choice(value, "012"))
        return ""

    def _set_operator_form(self, value: str) -> str:
        mode, _, form = value.partition(",")
        if mode != "3":
            raise _Refused(self.personality.unknown)
        self.settings = replace(self.settings, cops_format=self._choice(form, "012"))
        return ""

    def _set_storms(self, value: str) -> str:
        if not self.personality.storm:
            raise _Refused(self.personality.unknown)
        self.settings = replace(self.settings, storms=self._choice(value, "01") == 1)
        return ""

    def _read_file(self, value: str) -> str:
        sim = self._card()
        arguments = value.split(",")
        if not all(argument.isdecimal() for argument in arguments):
            raise _Refused("ERROR")
        (sw1, sw2), data = read_file(sim, [int(argument) for argument in arguments])
        return f'+CRSM: {sw1},{sw2},"{data}"' if data else f"+CRSM: {sw1},{sw2}"

    def _operator(self) -> str:
        network = self.personality.serving
        if network is None or self.sim is None or self.sim.state is not SimState.READY:
            return "+COPS: 0"
        shown = network.mccmnc if self.settings.cops_format == NUMERIC else network.name
        return f'+COPS: 0,{self.settings.cops_format},"{shown}",7'

    def _card_state(self) -> str:
        if self.sim is None or self.sim.state not in CARD_STATES:
            raise self._card_refusal()
        return f"+CPIN: {CARD_STATES[self.sim.state]}"

    def _enter_pin(self, value: str) -> str:
        """Take the PIN of a locked card (27.007 8.3); 3 is "operation not allowed", 16 "incorrect password"."""
        if self.sim is None or self.sim.state is not SimState.PIN_REQUIRED:
            raise self._refusal(3, "operation not allowed")
        self.sim = self.sim.tried(value.strip('"'))
        if self.sim.state is SimState.PIN_REQUIRED:
            raise self._refusal(16, "incorrect password")
        if self.sim.state is SimState.PUK_REQUIRED:
            raise self._card_refusal()
        return ""

    def _attempts(self, value: str) -> str:
        if self.sim is None:
            raise self._card_refusal()
        if value != '"SIMPIN"':
            # Spaces are gone by now, as V.250 5.4.1 lets a device take them out.
            raise _Refused("ERROR")
        return f"+CPINR: SIM PIN,{self.sim.attempts},{ATTEMPTS}"

    def _choice(self, value: str, allowed: str) -> int:
        if len(value) != 1 or value not in allowed:
            raise _Refused("ERROR")
        return int(value)


_SETTING_LETTERS = frozenset({"E", "E0", "E1", "V1", "Q0", "Z"})
_SETTERS: dict[str, Callable[[SimulatedModem, str], str]] = {
    "+CMEE": SimulatedModem._set_error_form,
    "+COPS": SimulatedModem._set_operator_form,
    "+CPIN": SimulatedModem._enter_pin,
    "+CPINR": SimulatedModem._attempts,
    "+CRSM": SimulatedModem._read_file,
    "^CURC": SimulatedModem._set_storms,
}
_STATE_READERS: dict[str, Callable[[SimulatedModem], str]] = {
    "+CMEE?": lambda modem: f"+CMEE: {modem.settings.cmee}",
    "+COPS?": SimulatedModem._operator,
    "+CPIN?": SimulatedModem._card_state,
}


def _parts(body: str) -> list[str]:
    """Split a line behind its AT into commands, in upper case outside quotes."""
    shouted = "".join(text if index % 2 else text.upper() for index, text in enumerate(re.split(r'("[^"]*")', body)))
    parts = []
    position = 0
    while position < len(shouted):
        found = PART.match(shouted, position)
        # What no command begins with ends the line in an error, as an unknown command does.
        parts.append(shouted[position:] if found is None else found[0].rstrip(";"))
        position = len(shouted) if found is None else found.end()
    return parts


def _number_line(number: Identifier | None) -> str:
    if number is None:
        return ""
    kind = 145 if number.reveal().startswith("+") else 129
    return f'+CNUM: "","{number.reveal()}",{kind}'


def _wrapped(text: str) -> bytes:
    return f"\r\n{text}\r\n".encode("latin-1")


def _joined(emissions: list[Emission]) -> list[Emission]:
    """Echoed characters that follow each other without delay go out together."""
    joined: list[Emission] = []
    for emission in emissions:
        if joined and emission.delay_s == 0 and not emission.drops and not joined[-1].drops:
            joined[-1] = replace(joined[-1], data=joined[-1].data + emission.data)
        else:
            joined.append(emission)
    return joined
