"""What can be wrong with a port, in words for the operator; foreign errors become these."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import serial

from app.errors import WorkstationError
from app.identifiers.identity import ReadStatus
from app.modem.processes import MODEM_MANAGER, holder_of

if sys.platform == "win32":
    _FOREIGN: tuple[type[Exception], ...] = (OSError, ValueError, TypeError)
else:
    import termios

    # termios.error is no OSError. ValueError: an unknown kind of address. TypeError: pyserial's read on a port
    # whose descriptor has gone away.
    _FOREIGN = (OSError, ValueError, TypeError, termios.error)


class PortError(WorkstationError):
    """A port cannot be used. `status` is what a read of it ends with."""

    code = "modem.port"
    status: ClassVar[ReadStatus]


class PortBusy(PortError):
    """Another program holds the port."""

    code = "modem.port-busy"
    status = ReadStatus.BUSY


class PortDenied(PortError):
    """The account has no right to open the port."""

    code = "modem.port-denied"
    status = ReadStatus.DENIED


class PortMissing(PortError):
    """There is no such port, or nobody listens at the address."""

    code = "modem.port-missing"
    status = ReadStatus.GONE


class PortGone(PortError):
    """The cable was pulled or the connection ended."""

    code = "modem.port-gone"
    status = ReadStatus.GONE


class PortStuck(PortError):
    """The port takes no bytes."""

    code = "modem.port-stuck"
    status = ReadStatus.NO_ANSWER


class PortUnfit(PortError):
    """The name stands for something that is no serial port."""

    code = "modem.port-unfit"
    status = ReadStatus.NOT_A_MODEM


_BUSY = frozenset({errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK})
_DENIED = frozenset({errno.EACCES, errno.EPERM})
_MISSING = frozenset(
    {
        errno.ENOENT,
        errno.ENODEV,
        errno.ENXIO,
        errno.EIO,
        errno.ECONNREFUSED,
        errno.EHOSTUNREACH,
        errno.ENETUNREACH,
        errno.ETIMEDOUT,
    }
)
_WINDOWS_BUSY = "PermissionError(13"
_WINDOWS_MISSING = "FileNotFoundError(2"


@contextmanager
def opening(port: str) -> Iterator[None]:
    """Translate what opening a port raises: PortBusy, PortDenied, PortMissing or PortUnfit."""
    try:
        yield
    except _FOREIGN as error:
        raise _open_error(port, error) from error


@contextmanager
def using(port: str) -> Iterator[None]:
    """Translate what an open port raises: PortStuck or PortGone."""
    try:
        yield
    except serial.SerialTimeoutException as error:
        remedy = "Unplug the device, wait 5 s, plug it in again."
        raise PortStuck(f"{port} takes no data.", remedy=remedy, detail=str(error)) from error
    except _FOREIGN as error:
        remedy = "Plug the device in again; it is then read by itself."
        raise PortGone(f"{port} went away while it was read.", remedy=remedy, detail=str(error)) from error


def _open_error(port: str, error: Exception) -> PortError:
    number, text = getattr(error, "errno", None), str(error)
    # pyserial gives no number on Windows; there a port that another program holds is "access denied".
    if number in _BUSY or _WINDOWS_BUSY in text:
        if holder := holder_of(port):
            rule = " The doctor has the rule that keeps it away." if holder == MODEM_MANAGER else ""
            remedy = f"Close {holder}, then press Read again.{rule}"
            return PortBusy(f"{port} is in use by {holder}.", remedy=remedy, detail=text)
        remedy = "Close the program that uses it (a vendor's dialler, a terminal, ModemManager), then press Read again."
        return PortBusy(f"{port} is in use by another program.", remedy=remedy, detail=text)
    if number in _DENIED:
        remedy = "Add this account to the group that owns the port (dialout or uucp), then sign out and in again."
        return PortDenied(f"This account may not open {port}.", remedy=remedy, detail=text)
    if number in _MISSING or _WINDOWS_MISSING in text or isinstance(error, TimeoutError):
        remedy = "Plug the device in, wait 20 s, then look at the list of ports."
        return PortMissing(f"{port} is not there.", remedy=remedy, detail=text)
    remedy = "Choose the port of a modem; the list of ports shows those found."
    return PortUnfit(f"{port} cannot be used as a serial port.", remedy=remedy, detail=text)
