"""A modem on a pseudo-terminal: answers from a table or a function, with latency, echo, noise and unplugging."""

from __future__ import annotations

import os
import select
import socket
import threading
import tty
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

ERROR = b"\r\nERROR\r\n"
OK = b"\r\nOK\r\n"

Answers = Mapping[str, str | bytes] | Callable[[str], bytes | None]


class Modem:
    """What a device answers. `None` from a function, or a missing command with `default=None`, is silence.

    ATE0 and ATE1 switch `echo`. `heard` lists the commands in order; `unplug_after` counts them.
    """

    def __init__(
        self,
        answers: Answers,
        *,
        default: str | bytes | None = ERROR,
        echo: bool = False,
        latency_s: float = 0.0,
        delays_s: Mapping[str, float] | None = None,
        unplug_after: int | None = None,
    ) -> None:
        self._answers = answers
        self._default = _bytes(default)
        self.echo, self.latency_s = echo, latency_s
        self.delays_s = dict(delays_s or {})
        self.unplug_after = unplug_after
        self.heard: list[str] = []
        if not callable(answers):
            self._table = {command.upper(): _bytes(answer) for command, answer in answers.items()}

    def answer(self, command: str) -> bytes | None:
        """The bytes after one command, echo not included."""
        self.heard.append(command)
        if command.upper() in {"ATE0", "ATE1"}:
            self.echo = command.upper() == "ATE1"
        if callable(self._answers):
            return self._answers(command)
        return self._table.get(command.upper(), self._default)

    @property
    def unplugged(self) -> bool:
        return self.unplug_after is not None and len(self.heard) >= self.unplug_after


class _Served:
    """Serves a Modem on a file descriptor in one thread, until closed."""

    def __init__(self, modem: Modem, descriptor: int) -> None:
        self.modem = modem
        self._descriptor = descriptor
        self._stop = threading.Event()
        self._wake_read, self._wake_write = os.pipe()
        self._thread = threading.Thread(target=self._serve, name="modem peer", daemon=True)

    def _serve(self) -> None:
        buffer = b""
        os.set_blocking(self._descriptor, False)
        while not self._stop.is_set():
            try:
                ready, _, _ = select.select([self._descriptor, self._wake_read], [], [])
                if self._wake_read in ready:
                    return
                data = os.read(self._descriptor, 1024)
            except OSError:  # the cable was pulled by another thread
                return
            if not data:
                return
            for index in range(len(data)):
                byte = data[index : index + 1]
                if self.modem.echo:
                    self.send(byte)
                if byte != b"\r":
                    buffer += byte
                    continue
                command, buffer = buffer.strip(b"\n\x1b").decode("latin-1"), b""
                self._stop.wait(self.modem.delays_s.get(command, 0.0) + self.modem.latency_s)
                if answer := self.modem.answer(command):
                    self.send(answer)
                if self.modem.unplugged:
                    self.unplug()
                    return

    def send(self, data: bytes) -> None:
        """Put bytes on the wire, asked for or not."""
        while data and not self._stop.is_set():
            try:
                # Nobody may be reading any more, so a full wire must not hold the peer.
                _, ready, _ = select.select([], [self._descriptor], [], 0.05)
                data = data[os.write(self._descriptor, data) :] if ready else data
            except BlockingIOError:
                continue
            except OSError:
                self._stop.set()

    def unplug(self) -> None:
        raise NotImplementedError

    def close(self) -> None:
        self._stop.set()
        os.write(self._wake_write, b"x")
        if self._thread.is_alive():
            self._thread.join()
        self.unplug()
        os.close(self._wake_read)
        os.close(self._wake_write)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class PtyModem(_Served):
    """A modem behind `path`, a pseudo-terminal; `unplug()` is the cable pulled."""

    def __init__(self, modem: Modem) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)
        self._open = True
        super().__init__(modem, self._master)

    def unplug(self) -> None:
        if self._open:
            self._open = False
            self._stop.set()  # before closing: the number may be another file's the next moment
            os.close(self._master)
            os.close(self._slave)


class TcpModem(_Served):
    """A modem behind `path`, a `socket://` address on this machine, for one connection."""

    def __init__(self, modem: Modem) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.path = f"socket://127.0.0.1:{self._listener.getsockname()[1]}"
        self._connection: socket.socket | None = None
        super().__init__(modem, -1)

    def _serve(self) -> None:
        ready, _, _ = select.select([self._listener.fileno(), self._wake_read], [], [])
        if self._wake_read in ready:
            return
        self._connection, _ = self._listener.accept()
        self._descriptor = self._connection.fileno()
        super()._serve()

    def unplug(self) -> None:
        self._listener.close()
        if self._connection is not None:
            self._connection.close()


def _bytes(answer: str | bytes | None) -> bytes | None:
    return answer.encode("latin-1") if isinstance(answer, str) else answer
