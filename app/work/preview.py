"""What would become of a file's rows, cell by cell, before anything is kept or sent. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from app.masked import Masked, Secret
from app.provisioning.fields import ROWS
from app.provisioning.validation import Judge, Problem
from app.work.rows import Row, key_of
from app.work.workbooks import Formula


class Cell(Struct, frozen=True):
    """`text` is what the file holds, a Secret in columns of secrets; `problems` are what is wrong with it."""

    column: str
    text: str | Masked
    problems: tuple[Problem, ...] = ()


class Previewed(Struct, frozen=True):
    """One data row, counted from 1. `problems` are those of no cell: a field that is missing, or of the row as a
    whole. `ready`: it would be kept as it is."""

    number: int
    cells: tuple[Cell, ...]
    problems: tuple[Problem, ...]

    @property
    def ready(self) -> bool:
        return not self.problems and not any(cell.problems for cell in self.cells)


def preview(rows: Iterable[Row], judge: Judge) -> list[Previewed]:
    """Each row with all its problems at once; nothing is kept and nothing sent."""
    return [_previewed(row, problems(row, judge)) for row in rows]


def problems(row: Row, judge: Judge) -> tuple[Problem, ...]:
    """What keeps a row from being kept: at its cells, and what is judged of the rest, so that all is told at once."""
    known = {problem.field for problem in row.problems}
    return row.problems + tuple(problem for problem in judge(row.draft).errors if problem.field not in known)


def _previewed(row: Row, found: tuple[Problem, ...]) -> Previewed:
    # A problem names its field by key; where there is no such field, by the column itself.
    fields = {name: key_of(name) or name for name in row.cells}
    cells = tuple(
        Cell(name, _text(fields[name], cell), tuple(problem for problem in found if problem.field == fields[name]))
        for name, cell in row.cells.items()
    )
    here = set(fields.values())
    return Previewed(row.number, cells, tuple(problem for problem in found if problem.field not in here))


def _text(key: str, cell: object) -> str | Masked:
    text = "" if cell is None else cell.text if isinstance(cell, Formula) else str(cell)
    return Secret(text) if text and key in ROWS and ROWS[key].secret else text
