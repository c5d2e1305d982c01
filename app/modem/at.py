"""Bytes of a serial line to replies, pure: no port, no clock (ITU-T V.250 5.7; 3GPP TS 27.007 4).

Devices differ in line ends, echo, announcements and final results; a Parser takes the bytes in any slicing.
What it cannot know is silence: the caller says `close()` once nothing came for a while.
"""

from __future__ import annotations

import re

from msgspec import Struct

from app.modem import finals, urcs
from app.modem.command_line import PREFIX, parts
from app.modem.finals import Final

BREAK = re.compile(rb"[\r\n]+")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]+")
NAME = re.compile(r"[+^#%!$*&@][A-Z][A-Z0-9_]*", re.IGNORECASE)
NAMED_LINE = re.compile(rf"(?P<name>{NAME.pattern})\s*:\s*", re.IGNORECASE)
GLUED = re.compile(rf"(?:\+CM[ES] ERROR:[^+^#%!$*&@]*|ERROR)(?={NAMED_LINE.pattern})|ERROR(?=[\"\d])", re.IGNORECASE)
OTHER_ECHO = re.compile(r"AT(?:[+^#%!$*].*|E[01].*|I\d?\W*|[^\x20-\x7e]*)", re.IGNORECASE)
"""A spoiled echo, or one of an earlier command: `ATE0+CPIN?` (seen on ZTE MF710M), `AT` and noise."""
PROMPT = b"> "
SHORT_COMMAND = 3
"""A text as short as `ATI` can end a longer word by chance, so its echo must stand apart."""


class Reply(Struct, frozen=True):
    """One answer. `lines` are the information lines, echo and announcements taken out.

    `urcs` came in between; `trailing` came after the final result. `final` is None where the device
    sent none, `numeric` tells that it came as a bare digit. `echoed` tells whether the command came back.
    """

    command: str
    lines: tuple[str, ...] = ()
    urcs: tuple[str, ...] = ()
    final: Final | None = None
    trailing: tuple[str, ...] = ()
    echoed: bool = False
    numeric: bool = False

    @property
    def refused(self) -> bool:
        """The device ended the answer with an error."""
        return self.final is not None and not self.final.ok

    @property
    def silent(self) -> bool:
        """Nothing came that belongs to the command, not even a final result."""
        return self.final is None and not self.lines


def names_of(command: str) -> frozenset[str]:
    """The names an answer's own lines may carry: `AT+CPIN?;+CSQ` -> `+CPIN`, `+CSQ`."""
    found = (NAME.match(part.upper().removeprefix(PREFIX).strip()) for part in parts(command))
    return frozenset(match[0] for match in found if match)


class Parser:
    """Collects the answer to one command.

    `expect_echo`: the device is known to echo, so what ends before the echo is an earlier command's answer.
    `numeric`: the device is known to send numeric result codes (ATV0).
    """

    def __init__(self, command: str, *, expect_echo: bool = False, numeric: bool = False) -> None:
        self._command = command
        self._names = names_of(command)
        self._expect_echo = expect_echo
        self._numeric = numeric or command.upper() == "AT"
        self._tail = b""
        self._lines: list[str] = []
        self._urcs: list[str] = []
        self._trailing: list[str] = []
        self._final: Final | None = None
        self._soft: Final | None = None
        self._early: Reply | None = None
        self._echoed = False
        self._digit = False
        self._second_line = False
        self._begun = ""

    @property
    def done(self) -> bool:
        """A final result that nothing can change has come."""
        return self._final is not None

    @property
    def may_be_over(self) -> bool:
        """Something of the answer is here, so silence would mean that it is all of it."""
        return bool(self._lines or self._soft or self._early or self._tail.strip())

    def feed(self, data: bytes) -> None:
        """Take the next bytes, in any slicing."""
        *whole, self._tail = BREAK.split(self._tail + data)
        for raw in whole:
            self._take(_text(raw))
        if self._tail == PROMPT and not self.done:
            self._tail = b""
            self._final = Final(False, finals.PROMPT)

    def close(self) -> Reply:
        """End the answer where it stands: nothing came for a while, or `done` is set."""
        tail, self._tail = _text(self._tail), b""
        if not self._is_partial_echo(tail):
            self._take(tail)
        final, lines = self._final or self._soft, self._lines
        if final is None and lines and lines[-1] in finals.NUMERIC:
            final, lines, self._digit = finals.NUMERIC[lines[-1]], lines[:-1], True
        if final is None and not lines and self._early is not None:
            return self._early
        return self._reply(final, lines)

    def _reply(self, final: Final | None, lines: list[str]) -> Reply:
        urcs, trailing = tuple(self._urcs), tuple(self._trailing)
        return Reply(self._command, tuple(lines), urcs, final, trailing, self._echoed, self._digit)

    def _take(self, line: str) -> None:
        if not line:
            return
        if self._is_echo(line):
            self._restart()
        elif OTHER_ECHO.fullmatch(line):
            return
        elif self.done:
            self._trailing.append(line)
        elif self._second_line:
            self._second_line = False
            self._urcs.append(line)
        elif glued := GLUED.match(line):
            self._take_glued(line, glued.end())
        elif final := self._hard(line):
            self._end(final)
        else:
            self._take_line(line)

    def _take_line(self, line: str) -> None:
        if soft := finals.soft(line):
            self._soft = soft
            return
        if self._is_begun_name(line):
            self._begun = line
            return
        line = self._with_begun_name(line)
        named = NAMED_LINE.match(line)
        if urcs.stands_alone(line) or (named and named["name"].upper() not in self._names):
            self._second_line = urcs.has_second_line(line)
            self._urcs.append(line)
        else:
            self._lines.append(line)

    def _is_begun_name(self, line: str) -> bool:
        """Huawei puts announcements into the middle of a line: `^SYSIN`, `+CMTI: "SM",1`, `FO:2,3,0`."""
        begun = line.upper()
        return len(begun) > 1 and any(name != begun and name.startswith(begun) for name in self._names)

    def _with_begun_name(self, line: str) -> str:
        whole = NAMED_LINE.match(self._begun + line) if self._begun else None
        if whole is None or whole["name"].upper() not in self._names:
            return line
        self._begun, begun = "", self._begun
        return begun + line

    def _take_glued(self, line: str, end: int) -> None:
        # Seen on Huawei K3520: the error text of a phone book entry in front of the entry itself, then OK.
        rest = line[end:]
        named = NAMED_LINE.match(rest)
        if named and named["name"].upper() not in self._names:
            self._urcs.append(rest)
            self._end(finals.hard(line[:end].strip()) or Final(False, finals.ERROR))
        else:
            self._lines.append(rest)

    def _hard(self, line: str) -> Final | None:
        self._digit = self._numeric and line in finals.NUMERIC
        if self._digit:
            return finals.NUMERIC[line]
        return finals.hard(line)

    def _end(self, final: Final) -> None:
        if self._expect_echo and not self._echoed:
            self._early = self._reply(final, self._lines)
            self._lines = []
        else:
            self._final = final

    def _is_echo(self, line: str) -> bool:
        echo = self._command.upper()
        before, found, after = line.upper().rpartition(echo)
        if not found or after:
            return False
        return len(echo) > SHORT_COMMAND or not any(character.isalnum() for character in before.replace(echo, ""))

    def _is_partial_echo(self, tail: str) -> bool:
        """A device that died while echoing leaves the start of the command, which is no value."""
        return len(tail) > 1 and self._command.upper().startswith(tail.upper())

    def _restart(self) -> None:
        """The command came back: what stood before it belongs to an earlier one."""
        self._echoed = True
        self._lines, self._trailing, self._begun = [], [], ""
        self._final = self._soft = self._early = None


def parse(command: str, data: bytes, *, expect_echo: bool = False) -> Reply:
    """Read one recorded answer whole."""
    parser = Parser(command, expect_echo=expect_echo)
    parser.feed(data)
    return parser.close()


def _text(raw: bytes) -> str:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return CONTROL.sub("", text).strip()
