"""An open line: bytes out, bytes in. pyserial and sockets stay inside this module and port_errors.

A line is opened, used and closed by one thread; another thread never closes it (pyserial's reader then fails
in odd ways), it sets the stop flag that the session looks at between two reads.
"""

from __future__ import annotations

import select
import socket
import time
from contextlib import suppress
from typing import Protocol
from urllib.parse import urlsplit

import serial

from app import seams
from app.modem.port_errors import opening, using
from app.modem.ports import listing

BAUD = 115_200
"""Counts on a real UART only; USB devices ignore it."""
READ_TIMEOUT_S = 0.05
"""The longest a read blocks, so that a stop flag is seen soon."""
WRITE_TIMEOUT_S = 2.0
CONNECT_TIMEOUT_S = 3.0
CHUNK = 4096
SOCKET_SCHEME = "socket://"


class Line(Protocol):
    """What a session needs of a line. Each call may raise PortGone, `write` also PortStuck."""

    @property
    def port(self) -> str: ...

    def write(self, data: bytes) -> None: ...

    def read(self, timeout_s: float = READ_TIMEOUT_S) -> bytes:
        """Wait at most `timeout_s` (0: not at all) for at least one byte; what came, or nothing."""
        ...

    def close(self) -> None: ...


class SerialLine:
    """A line over pyserial: a device path, a pty, a COM port."""

    def __init__(self, port: str, handle: serial.Serial) -> None:
        self.port = port
        self._handle = handle

    def write(self, data: bytes) -> None:
        seams.blocking("serial write")
        with using(self.port):
            self._handle.write(data)

    def read(self, timeout_s: float = READ_TIMEOUT_S) -> bytes:
        seams.blocking("serial read")
        with using(self.port):
            # pyserial waits for ALL bytes asked for: one is waited for, the rest is taken as it lies.
            first = b"" if self._handle.in_waiting or not timeout_s else self._handle.read(1)
            waiting = min(self._handle.in_waiting, CHUNK)
            return first + self._handle.read(waiting) if waiting else first

    def close(self) -> None:
        seams.blocking("serial close")
        # What has gone away is closed already.
        with suppress(OSError):
            self._handle.close()


class SocketLine:
    """A line over TCP: a serial server, or a simulated device.

    Not pyserial's `socket://`, which sleeps 0.3 s in every close and reads byte by byte.
    """

    def __init__(self, port: str, handle: socket.socket) -> None:
        self.port = port
        self._handle = handle
        handle.setblocking(False)

    def write(self, data: bytes) -> None:
        seams.blocking("serial write")
        deadline = time.monotonic() + WRITE_TIMEOUT_S
        with using(self.port):
            while data:
                _, ready, _ = select.select([], [self._handle], [], max(0.0, deadline - time.monotonic()))
                if not ready:
                    raise serial.SerialTimeoutException("write timeout")
                data = data[self._handle.send(data) :]

    def read(self, timeout_s: float = READ_TIMEOUT_S) -> bytes:
        seams.blocking("serial read")
        with using(self.port):
            ready, _, _ = select.select([self._handle], [], [], timeout_s)
            if not ready:
                return b""
            data = self._handle.recv(CHUNK)
            if not data:
                raise ConnectionResetError("the other side closed the connection")
            return data

    def close(self) -> None:
        seams.blocking("serial close")
        self._handle.close()


def open_line(port: str) -> Line:
    """Open a port for this program alone: a device path, a pty, a COM port or `socket://host:port`.

    DTR and RTS are on, as pyserial leaves them: some modems (Quectel BG95) stay silent without.
    Raises PortBusy, PortDenied, PortMissing or PortUnfit.
    """
    seams.blocking("serial open")
    with opening(port):
        if port.startswith(SOCKET_SCHEME):
            address = urlsplit(port)
            if not address.hostname or not address.port:
                raise ValueError("a socket address is socket://host:port")
            connected = socket.create_connection((address.hostname, address.port), timeout=CONNECT_TIMEOUT_S)
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return SocketLine(port, connected)
        try:
            return SerialLine(port, _opened(port))
        except serial.SerialException:
            if not listing.locked():
                raise
            # Perhaps only because ports are being listed: once more when that is over.
            with listing:
                return SerialLine(port, _opened(port))


def _opened(port: str) -> serial.Serial:
    return serial.serial_for_url(
        port, baudrate=BAUD, timeout=READ_TIMEOUT_S, write_timeout=WRITE_TIMEOUT_S, exclusive=True
    )
