"""Shortens the data of ICU, which Qt is linked against: 32 MB, nearly all for languages the program does not speak.

The data is one object in libicudata: a header, a table of names, and the items (ICU, common/ucmndata.h). Qt asks it for
converters, sorting, and the names of time zones, of which the program uses none: where a table is missing, ICU falls
back to its root table, and Qt to its own converters (UTF-8, UTF-16, UTF-32, Latin-1) and names.
"""

from __future__ import annotations

import re
import struct
import tempfile
from pathlib import Path

from dev import Failed
from installer.linux.tools import output
from resources import languages

UNUSED_TREES = frozenset({"brkitr", "curr", "lang", "rbnf", "region", "translit", "unit"})
"""Folders for services of ICU that nothing in Qt calls (`nm -D libQt6Core.so.6` names ucal, ucnv, ucol, u_strTo)."""
UNUSED_KINDS = ("unames.icu", "langInfo.res", ".cnv", ".spp", ".cfu")
"""Names of characters, nearness of languages, converters of encodings other than Unicode (Qt insists on UTF-8 for the
system's own), host names, look-alikes."""
_LOCALE = re.compile(r"(?P<language>[a-z]{2,3})(?:_\w+)?\.res")
_SYMBOL = re.compile(r"\b(?P<address>[0-9a-f]{16})\s+(?P<size>\w+)\s+OBJECT\s.*\s(?P<name>icudt\d+_dat)\b")
_RODATA = re.compile(r"\]\s+\.rodata\s+PROGBITS\s+(?P<address>[0-9a-f]+)\s+(?P<offset>[0-9a-f]+)")
ALIGNMENT = 16


def keeps(item: str) -> bool:
    """Whether an item such as `icudt73l/coll/es.res` is kept: tables that no row here names all are."""
    _, *folders, name = item.split("/")
    if (folders and folders[0] in UNUSED_TREES) or name.endswith(UNUSED_KINDS):
        return False
    locale = _LOCALE.fullmatch(name)
    return locale is None or locale["language"] in languages()


def shortened(data: bytes) -> bytes:
    """The same data without the items that are not kept. Raises Failed where it is no data of ICU."""
    (header,) = struct.unpack_from("<H", data)
    if data[2:4] != b"\xda\x27" or data[12:16] != b"CmnD":
        raise Failed("this is no data of ICU as it was known up to version 73")
    (count,) = struct.unpack_from("<I", data, header)
    table = [struct.unpack_from("<II", data, header + 4 + 8 * row) for row in range(count)]
    ends = [start for _, start in table[1:]] + [len(data) - header]
    items: list[tuple[bytes, bytes]] = []
    for (name_at, start), end in zip(table, ends, strict=True):
        name = data[header + name_at : data.index(b"\0", header + name_at)]
        if keeps(name.decode("ascii")):
            items.append((name, data[header + start : header + end]))
    return data[:header] + _packed(items)


def _packed(items: list[tuple[bytes, bytes]]) -> bytes:
    """Table, names and items; offsets count from the table, items are aligned as ICU's own tool aligns them."""
    names_at = 4 + 8 * len(items)
    names = b"".join(name + b"\0" for name, _ in items)
    start = _aligned(names_at + len(names))
    table, body, name_at = struct.pack("<I", len(items)), bytearray(), names_at
    for name, item in items:
        table += struct.pack("<II", name_at, start + len(body))
        name_at += len(name) + 1
        body += item.ljust(_aligned(len(item)), b"\0")
    return (table + names).ljust(start, b"\0") + body


def _aligned(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT


def shorten(library: Path) -> None:
    """Replace libicudata.so.N by one that holds the shortened data. Needs readelf, as and ld (binutils)."""
    told = output("readelf", "--wide", "--dyn-syms", "--sections", str(library))
    symbol, section = _SYMBOL.search(told), _RODATA.search(told)
    if symbol is None or section is None:
        raise Failed(f"{library.name} does not hold its data as it did up to version 73")
    begin = int(symbol["address"], 16) - int(section["address"], 16) + int(section["offset"], 16)
    # Written in hexadecimal with 0x where it is large.
    data = library.read_bytes()[begin : begin + int(symbol["size"], 0)]
    with tempfile.TemporaryDirectory() as temporary:
        aside = Path(temporary)
        (aside / "icu.dat").write_bytes(shortened(data))
        (aside / "icu.s").write_text(SOURCE.format(name=symbol["name"], alignment=ALIGNMENT))
        output("as", "-o", "icu.o", "icu.s", folder=aside)
        output(
            *("ld", "-s", "-shared", "-soname", library.name, "-z", "noexecstack"),
            *("-o", "icu.so", "icu.o"),
            folder=aside,
        )
        library.write_bytes((aside / "icu.so").read_bytes())


SOURCE = """\
.section .rodata
.balign {alignment}
.globl {name}
.type {name}, @object
{name}:
.incbin "icu.dat"
.size {name}, . - {name}
.section .note.GNU-stack, "", @progbits
"""
