"""Values that must not be found, and a search for them in every form a program may write them in."""

from __future__ import annotations

import base64
import io
import json
import urllib.parse
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

MIDDLE = 3
"""Bytes after which base64 repeats its alignment."""


def _swapped(digits: str) -> str:
    """As SIM cards keep digits: each pair the other way round, filled with F (3GPP TS 31.102, 4.2.2)."""
    padded = digits + "F" * (len(digits) % 2)
    return "".join(padded[at + 1] + padded[at] for at in range(0, len(padded), 2))


def _grouped(text: str) -> Iterator[str]:
    for size in (2, 3, 4, 5):
        for gap in (" ", "-", "."):
            yield gap.join(text[at : at + size] for at in range(0, len(text), size))
    yield f"{text[:6]} {text[6:12]} {text[12:]}".strip()
    yield f"{text[:8]} {text[8:14]} {text[14:]}".strip()


def texts(value: str) -> set[str]:
    """`value` as texts that say the same."""
    forms = {value, value[::-1], json.dumps(value)[1:-1], urllib.parse.quote(value), urllib.parse.quote_plus(value)}
    digits = value.lstrip("+")
    if digits.isdigit():
        forms |= {digits, digits[::-1], _swapped(digits), _swapped("9" + digits), *_grouped(digits)}
        forms |= {form.lower() for form in forms}
    return forms


def forms(value: str) -> set[bytes]:
    """`value` as bytes: its texts in each encoding, in hexadecimal and in base64 at each alignment."""
    found: set[bytes] = set()
    for text in texts(value):
        for data in (text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be")):
            found |= {data, data.hex().encode(), data.hex().upper().encode()}
    for data in (value.encode(), value.encode("utf-16-le")):
        for shift in range(MIDDLE):
            coded = base64.b64encode(b"\0" * shift + data)
            # The ends depend on what stands beside them.
            inner = coded[-(-shift * 8 // 6) + (shift > 0) : len(coded) // 4 * 4 - 4]
            found |= {inner, inner.translate(bytes.maketrans(b"+/", b"-_"))}
    return {form for form in found if len(form) >= 8}


class Search:
    """Looks for `canaries` (value by name). Archives are looked into."""

    def __init__(self, canaries: Mapping[str, str]) -> None:
        self._forms = {name: forms(value) for name, value in canaries.items()}

    def data(self, data: bytes) -> set[str]:
        """Names of the canaries that are in `data`."""
        found = {name for name, each in self._forms.items() if any(form in data for form in each)}
        if data[:4] == b"PK\x03\x04":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for name in archive.namelist():
                    found |= self.data(archive.read(name))
        return found

    def files(self, folders: Iterable[Path]) -> dict[str, set[str]]:
        """What is in which file below `folders`, names of files included; files without any are left out."""
        found = {}
        for folder in folders:
            for path in sorted(folder.rglob("*")):
                here = self.data(str(path.relative_to(folder)).encode())
                if path.is_file():
                    here |= self.data(path.read_bytes())
                if here:
                    found[str(path.relative_to(folder))] = here
        return found
