"""Writing a workbook of text cells row by row, straight into its file.

openpyxl's own streaming keeps each sheet in the system's folder for temporary files first, in clear, and there it
stays when the program is killed; so the few parts of ECMA-376 that a table needs are written here.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import IO, Self
from xml.sax.saxutils import escape

from app.work.cells import to_xml

MAX_ROWS = 1_048_576
"""Rows a sheet can have, the header included."""

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

# Format 49 is "@": what is edited stays a text too. The second format is the header's.
_STYLES = f"""{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>\
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/>\
</fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>\
<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="49" applyNumberFormat="1"/>\
<xf numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""

_SHEET = f"""{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" \
topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols><col min="1" max="64" \
width="20" customWidth="1"/></cols><sheetData>"""


class Workbook:
    """Sheets are written one after the other: `sheet` begins one, `rows` adds to it. Ends with the `with` block."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3)
        self._names: list[str] = []
        self._open: IO[bytes] | None = None
        self._row = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None) -> None:
        self._end_sheet()
        if kind is None:
            self._write_frame()
        self._zip.close()

    def sheet(self, name: str, header: Sequence[str]) -> None:
        """Begin the next sheet; its first row is bold and stays in sight. `name` has letters and spaces only."""
        self._end_sheet()
        self._names.append(name)
        part = f"xl/worksheets/sheet{len(self._names)}.xml"
        self._open, self._row = self._zip.open(part, "w", force_zip64=True), 0
        self._open.write(_SHEET.encode())
        self._add([header], style=1)

    def rows(self, rows: Iterable[Sequence[str]]) -> None:
        self._add(rows, style=0)

    def _add(self, rows: Iterable[Sequence[str]], style: int) -> None:
        lines = []
        for row in rows:
            self._row += 1
            cells = "".join(
                f'<c r="{_column(index)}{self._row}" s="{style}" t="inlineStr"><is>'
                f'<t xml:space="preserve">{escape(to_xml(text))}</t></is></c>'
                for index, text in enumerate(row)
                if text
            )
            lines.append(f'<row r="{self._row}">{cells}</row>')
        if self._open is not None:
            self._open.write("".join(lines).encode())

    def _end_sheet(self) -> None:
        if self._open is not None:
            self._open.write(b"</sheetData></worksheet>")
            self._open.close()
            self._open = None

    def _write_frame(self) -> None:
        numbers = range(1, len(self._names) + 1)
        sheets = "".join(
            f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>'
            for number, name in zip(numbers, self._names, strict=True)
        )
        parts = "".join(
            f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
            for number in numbers
        )
        links = "".join(
            f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
            for number in numbers
        )
        for name, text in {
            "xl/styles.xml": _STYLES,
            "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
            f"<sheets>{sheets}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}'
            f'<Relationship Id="styles" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
            "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{parts}'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
        }.items():
            self._zip.writestr(name, text)


def _column(index: int) -> str:
    """0 is A, 26 is AA."""
    letters = ""
    while index >= 0:
        index, letter = index // 26 - 1, chr(65 + index % 26)
        letters = letter + letters
    return letters
