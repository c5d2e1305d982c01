"""What was said on a line and when, as a text that can be sent to support: identifiers masked, no secrets."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable

from msgspec import Struct

from app.identifiers.iccid import swap_nibbles
from app.identifiers.identity import Identity
from app.masked import BULLET, Masked, mask
from app.modem.line import READ_TIMEOUT_S, Line

MOST_BYTES = 4096
"""Kept of one answer; a flood says nothing more after that."""
MOST_ENTRIES = 2000
NAMES = ("imei", "imeisv", "meid", "imsi", "iccid", "number", "imei2", "eid")

_PIN = re.compile(r"(\+CPIN=)[^\r\n]*", re.IGNORECASE)
_RUN = re.compile(r"[0-9A-Fa-f]{8,}")
"""Numbers, card files and texts in hexadecimal."""
_GROUPED = re.compile(r"\d(?:[ ./-]?\d){13,19}")
"""An IMEI or ICCID in groups. Shorter ones are left: versions and dates look like them."""
_BETWEEN = r"[^0-9A-Za-z]{0,4}"
_CONTROL = re.compile(r"[^\x20-\x7e\u2022]")
_NAMED = {"\r": "\\r", "\n": "\\n", "\t": "\\t"}


class _Entry(Struct):
    """Bytes in one direction, `at_s` after the start; `more` counts those that were not kept."""

    at_s: float
    sent: bool
    data: bytes
    more: int = 0


class Trace:
    """Collects the exchanges of one reading. Whole values stay inside; `text()` is what may leave."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._started = clock, clock()
        self._entries: list[_Entry] = []

    def tap(self, line: Line) -> Line:
        """The same line, listened to."""
        return _TappedLine(line, self)

    def add(self, data: bytes, *, sent: bool) -> None:
        """Note bytes; those that follow others in the same direction are one entry."""
        last = self._entries[-1] if self._entries else None
        if last is None or last.sent is not sent or sent:
            if len(self._entries) == MOST_ENTRIES:
                return
            last = _Entry(self._clock() - self._started, sent, b"")
            self._entries.append(last)
        room = MOST_BYTES - len(last.data)
        last.data += data[:room]
        last.more += len(data[room:])

    def text(self, identity: Identity) -> str:
        """The whole reading as lines, with how it ended; what `identity` holds is masked in every form."""
        found = (getattr(identity, name) for name in NAMES)
        known = [value.reveal() for value in found if isinstance(value, Masked)]
        head = f"{identity.port}: {identity.status}, {identity.elapsed_ms} ms"
        lines = [_line(entry, known) for entry in self._entries]
        remarks = [f"! {warning.field}: {warning.message}" for warning in identity.warnings]
        return "\n".join([head, *lines, *remarks, ""])


class _TappedLine:
    def __init__(self, line: Line, trace: Trace) -> None:
        self.port = line.port
        self._line, self._trace = line, trace

    def write(self, data: bytes) -> None:
        self._trace.add(data, sent=True)
        self._line.write(data)

    def read(self, timeout_s: float = READ_TIMEOUT_S) -> bytes:
        data = self._line.read(timeout_s)
        if data:
            self._trace.add(data, sent=False)
        return data

    def close(self) -> None:
        self._line.close()


def masked_traffic(text: str, known: Iterable[str] = ()) -> str:
    """Traffic with PINs hidden and all but the last four characters of identifiers masked.

    Any run of eight or more hexadecimal digits is taken for one, whatever it is; `known` values also where they
    are cut by separators or swapped in pairs.
    """
    text = _PIN.sub(rf"\1{BULLET * 8}", text)
    for value in known:
        text = _forms(value).sub(_hidden, text)
    return _GROUPED.sub(_hidden, _RUN.sub(_hidden, text))


def _forms(value: str) -> re.Pattern[str]:
    digits = value.lstrip("+")
    even = digits if len(digits) % 2 == 0 else f"{digits}F"
    forms = (digits, swap_nibbles(even).rstrip("F"))
    return re.compile("|".join(_BETWEEN.join(map(re.escape, form)) for form in forms), re.IGNORECASE)


def _hidden(found: re.Match[str]) -> str:
    return mask(found[0])


def _line(entry: _Entry, known: Iterable[str]) -> str:
    text = masked_traffic(entry.data.decode("latin-1"), known)
    shown = _CONTROL.sub(lambda found: _NAMED.get(found[0], f"\\x{ord(found[0]):02x}"), text)
    more = f" ... {entry.more} bytes more" if entry.more else ""
    return f"{entry.at_s:9.3f} s  {'>' if entry.sent else '<'} {shown}{more}"
