"""Asks one device and matches what comes back to what was asked.

A late answer must never be taken for the next one's. Where the device echoes, the echo says where an answer
begins. Where it does not, a command whose answer is known already is asked again after each time-out, and
everything before that answer is thrown away.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator
from itertools import islice

from msgspec import Struct

from app.errors import Cancelled, WorkstationError
from app.logs import TRAFFIC
from app.modem.allowed import is_allowed
from app.modem.at import Parser, Reply
from app.modem.command_line import joined, parts
from app.modem.finals import PROMPT, Final
from app.modem.line import READ_TIMEOUT_S, Line

log = logging.getLogger(__name__)

SYNC = "AT"
SYNC_WINDOWS_S = (0.3, 0.6, 2.1)
"""How long each of three `AT` waits; 3 s in all for a modem that is waking up."""
QUIET_S = 0.5
"""Silence after which an answer without a final result is taken as whole."""
SETTLED_QUIET_S = 0.2
"""The same, for a device that was seen to send answers without a final result."""
RESYNC_S = 2.0
"""How much longer than it was waited for a command may take, before the device is given up."""
LATE_WINDOWS_S = (0.4, 0.1, 0.03)
"""How long a late answer is waited for after a time-out: at first, and after each time that none came."""
ESCAPE = b"\x1b"
FLOOD_BYTES = 32_768
"""More than any answer: the port is no modem's command port, or the modem is out of order."""


class NotAllowed(AssertionError):
    """A command that is not on the list was about to be sent: a fault of the program."""


class NoAnswer(WorkstationError):
    """Silence from the start, or from some command on."""

    code = "modem.no-answer"


class NotAModem(WorkstationError):
    """Bytes come, but no answer to AT is among them."""

    code = "modem.not-a-modem"


class _Window(Struct):
    """A time to listen, on the session's clock."""

    ends: float


class Session:
    """Commands and answers over one line, which the caller opens and closes.

    `deadline_s` ends the waiting for late answers; a single question has its own deadline. `latency_s` is the
    longest time the device took to answer one command so far.
    """

    def __init__(
        self,
        line: Line,
        *,
        clock: Callable[[], float] = time.monotonic,
        stop: threading.Event | None = None,
        deadline_s: float = math.inf,
    ) -> None:
        self._line, self._clock = line, clock
        self._ends = clock() + deadline_s
        self._stop = stop or threading.Event()
        self._echo = False
        self._numeric = False
        self._owed = 0
        self._greeting: Final | None = None
        self._marker: Reply | None = None
        self._quiet_s = QUIET_S
        self._resync_s = RESYNC_S
        self._never_late = 0
        self._put_back: dict[str, str] = {}
        self.latency_s = 0.0

    def sync(self, deadline_s: float) -> None:
        """Find out that a modem is there; any final result proves one, an error too.

        Raises NoAnswer after silence, NotAModem after bytes without a final result.
        """
        ends = self._clock() + deadline_s
        heard = False
        for asked, window_s in enumerate(SYNC_WINDOWS_S, start=1):
            reply, received = self._exchange(SYNC, min(window_s, ends - self._clock()), quiet_s=math.inf)
            heard = heard or received > 0
            if reply.final is not None:
                self._learn(reply)
                # The earlier ones may still be answered.
                window = _Window(self._clock() + max(window_s, LATE_WINDOWS_S[0]))
                self._owed = asked - 1 - len(list(islice(self._answers(SYNC, window), asked - 1)))
                return
        port = self._line.port
        if heard:
            raise NotAModem(
                f"{port} sends data, but is no modem's command port.",
                remedy="Try another of its ports, or scan its label.",
            )
        raise NoAnswer(
            f"{port} gave no answer within {deadline_s:.0f} s.",
            remedy="Wait 20 s after plugging in; try another cable or port, or scan its label.",
        )

    def ask(self, command: str, deadline_s: float, *, first_s: float = math.inf) -> Reply:
        """Send one command, or several in one line, and wait for the answer, at most `deadline_s`.

        Nothing at all within `first_s` ends the waiting too.
        A reply without a final result is what came until silence or the deadline. Raises NoAnswer when the
        device has stopped answering altogether, Cancelled, and what Line raises.
        """
        if not is_allowed(command):
            raise NotAllowed(f"{command} is not on the list of commands that only read")
        if self._owed:
            self._resync()
        count = len(parts(command))
        # Between the answers of one line the device works: a pause may be as long as one of them may take.
        quiet_s = self._quiet_s if count == 1 else deadline_s / count
        reply, _ = self._exchange(command, deadline_s, quiet_s=quiet_s, first_s=first_s)
        if reply.final is None:
            # Not even an echo tells that nothing more comes: some echo while they still work on the command before.
            self._owed += 1
            self._resync_s = RESYNC_S * count
            if self._marker is not None and self._marker.command == command:
                # Its late answer could not be told from the one to be asked for now.
                self._marker = None
            if reply.lines and count == 1:
                self._quiet_s = SETTLED_QUIET_S
        else:
            self._learn(reply)
        return reply

    def expect_more(self) -> None:
        """More than the last answer may come for the last line: the next question waits until it has."""
        self._owed += 1

    def set_for_now(self, command: str, put_back: str, deadline_s: float, *, query: str | None = None) -> Reply:
        """Send a setting that `restore()` undoes with `put_back`, with a `query` behind it in the same line."""
        name = command.partition("=")[0]
        changed = name in self._put_back
        first = self._put_back.setdefault(name, put_back)
        reply = self.ask(joined((command, query)) if query else command, deadline_s)
        # After an error to a line of two the setting may have been taken all the same.
        unchanged = query is None and not changed if reply.refused else command == first
        if unchanged:
            self._put_back.pop(name)
        return reply

    def restore(self, deadline_s: float = 1.0) -> None:
        """Put back every setting; also when called off, so the stop flag is not heeded here."""
        if not self._put_back:
            return
        self._stop, self._ends = threading.Event(), self._clock() + RESYNC_S
        for command in list(self._put_back.values()):
            self.ask(command, deadline_s)
        self._put_back.clear()

    def wait(self, seconds: float) -> None:
        """Let time pass. Raises Cancelled."""
        if self._stop.wait(seconds):
            raise Cancelled

    def _exchange(
        self, command: str, deadline_s: float, *, quiet_s: float, first_s: float = math.inf
    ) -> tuple[Reply, int]:
        """The answer to one line and how many bytes came."""
        self._drain()
        parser = Parser(command, expect_echo=self._echo, numeric=self._numeric)
        started = last = self._clock()
        ends = started + max(0.0, deadline_s)
        log.log(TRAFFIC, "%s > %s", self._line.port, command)
        self._line.write(command.encode("ascii") + b"\r")
        received = 0
        while not parser.done and (now := self._clock()) < ends:
            self._check_stop()
            data = self._line.read(min(READ_TIMEOUT_S, ends - now))
            if data:
                log.log(TRAFFIC, "%s < %r", self._line.port, data)
                received += len(data)
                last = self._clock()
                parser.feed(data)
                if received > FLOOD_BYTES:
                    break
            elif self._clock() - last >= (quiet_s if parser.may_be_over else first_s):
                break
        reply = parser.close()
        if reply.final is not None:
            self.latency_s = max(self.latency_s, (self._clock() - started) / len(parts(command)))
            if reply.final.kind == PROMPT:
                self._line.write(ESCAPE)
        return reply, received

    def _learn(self, reply: Reply) -> None:
        self._echo = reply.echoed
        if reply.command == SYNC:
            self._greeting = reply.final
            self._numeric = self._numeric or reply.numeric
        if self._marker is None and reply.final is not None and reply.final.ok and reply.lines:
            self._marker = reply

    def _resync(self) -> None:
        """Wait until nothing but the next answer can come. Raises NoAnswer."""
        marker = self._marker or Reply(SYNC)
        for sent in (1, 2):
            self._line.write(marker.command.encode("ascii") + b"\r")
            self._owed += 1
            if self._caught_up(marker, sent):
                self._owed = 0
                return
        raise NoAnswer(f"{self._line.port} stopped answering.", remedy="Unplug the device, wait 5 s, plug it in again.")

    def _caught_up(self, marker: Reply, sent: int) -> bool:
        """Take answers until the marker's have come, or as many as are owed; whether one came.

        A device that ignores what it does not know still owes an answer that never comes: hence the window.
        """
        found = False
        window = _Window(min(self._clock() + self._resync_s + self.latency_s, self._ends))
        late_s = LATE_WINDOWS_S[min(self._never_late, len(LATE_WINDOWS_S) - 1)] + self.latency_s
        for reply in self._answers(marker.command, window):
            if not self._answers_marker(reply, marker):
                # Where nothing is known to compare with, answers are counted.
                self._owed -= not marker.lines
                continue
            if marker.lines and not found:
                # Answers come in order: what is still owed is the marker's own, asked again.
                self._owed = sent
            found = True
            self._owed -= 1
            if self._owed <= 0:
                self._never_late = 0
                return True
            # Its own answers are sure to come; those of ignored commands are not.
            window.ends = self._clock() + (RESYNC_S + self.latency_s if marker.lines else late_s)
        self._never_late += found
        return found

    def _answers_marker(self, reply: Reply, marker: Reply) -> bool:
        if marker.lines:
            return reply.lines[len(reply.lines) - len(marker.lines) :] == marker.lines
        return not reply.lines and reply.final == self._greeting

    def _answers(self, command: str, window: _Window) -> Iterator[Reply]:
        """Each answer that comes within the window, whatever it answers."""
        parser = Parser(command, numeric=self._numeric)
        while (now := self._clock()) < window.ends:
            self._check_stop()
            for byte in self._line.read(min(READ_TIMEOUT_S, window.ends - now)):
                parser.feed(bytes([byte]))
                if parser.done:
                    reply, parser = parser.close(), Parser(command, numeric=self._numeric)
                    yield reply

    def _drain(self) -> None:
        """Drop what came unasked, or late."""
        dropped = 0
        while dropped < FLOOD_BYTES and (data := self._line.read(0)):
            dropped += len(data)

    def _check_stop(self) -> None:
        if self._stop.is_set():
            raise Cancelled
