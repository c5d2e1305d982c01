"""A line without a wire: what the device sends is a script, and time passes only when somebody waits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, repeat

from app.modem.line import READ_TIMEOUT_S
from app.modem.port_errors import PortGone

TICK_S = 0.0001
WHOLE = 4096


class ScriptedStop(threading.Event):
    """A stop flag on the line's own clock: waiting for it lets the time pass."""

    def __init__(self, line: ScriptedLine) -> None:
        super().__init__()
        self._line = line

    def wait(self, timeout: float | None = None) -> bool:
        self._line.now += timeout or 0.0
        return self.is_set()


class ScriptedLine:
    """Answers each command line with `answer(command)`, after `delay_s(command)` of its own clock.

    `echo`: each command comes back when its turn comes; `hasty_echo`: at once, also while an earlier one is
    being answered. `slices` are the sizes in which bytes arrive; `unplug_at` is the number of bytes after which
    the cable is pulled. `sent` lists each command with the bytes that answered it; `delivered` counts the bytes
    handed over.
    """

    port = "scripted"

    def __init__(
        self,
        answer: Callable[[str], bytes],
        *,
        echo: bool = False,
        hasty_echo: bool = False,
        slices: Iterable[int] = (),
        unplug_at: int | None = None,
        delay_s: Callable[[str], float] = lambda _: 0.0,
    ) -> None:
        self._answer, self._echo, self._delay_s = answer, echo or hasty_echo, delay_s
        self._hasty_echo = hasty_echo
        self._slices: Iterator[int] = chain(slices, repeat(WHOLE))
        self._unplug_at = unplug_at
        self._command = b""
        self._coming: list[tuple[float, bytes]] = []
        self._free_at = 0.0
        self.now = 0.0
        self.delivered = 0
        self.sent: list[tuple[str, bytes]] = []

    def clock(self) -> float:
        return self.now

    def opener(self, _: str) -> ScriptedLine:
        return self

    def arrive(self, data: bytes) -> None:
        """Let the device say something by itself."""
        self._coming.append((self.now, data))

    def write(self, data: bytes) -> None:
        self._check_cable()
        for byte in data:
            self._command += bytes([byte])
            if byte == ord("\r"):
                command, self._command = self._command.strip(b"\r\x1b").decode(), b""
                answer = self._answer(command)
                self.sent.append((command, answer))
                started = self.now if self._hasty_echo else max(self._free_at, self.now)
                self._free_at = max(self._free_at, self.now) + self._delay_s(command)
                if self._echo:
                    self._coming.append((started, command.encode() + b"\r"))
                self._coming.append((self._free_at, answer))

    def read(self, timeout_s: float = READ_TIMEOUT_S) -> bytes:
        self._check_cable()
        self._coming.sort(key=lambda each: each[0])
        due = [data for at, data in self._coming if at <= self.now]
        if not any(due):
            soonest = min((at for at, data in self._coming if data), default=self.now + timeout_s)
            self.now = min(self.now + timeout_s, max(soonest, self.now + TICK_S)) if timeout_s else self.now + TICK_S
            return b""
        data = b"".join(due)
        self._coming = [(at, rest) for at, rest in self._coming if at > self.now]
        size = next(self._slices)
        if self._unplug_at is not None:
            size = min(size, self._unplug_at - self.delivered)
        if data[size:]:
            self._coming.insert(0, (self.now, data[size:]))
        self.now += TICK_S
        self.delivered += len(data[:size])
        return data[:size]

    def close(self) -> None:
        pass

    def _check_cable(self) -> None:
        if self._unplug_at is not None and self.delivered >= self._unplug_at:
            raise PortGone("scripted went away while it was read.", remedy="Plug the device in again.")
