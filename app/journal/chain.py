"""What was done to the audit trail: edited, deleted, inserted, reordered and cut-off rows told apart. Pure.

A row that carries a valid seal for some number is genuine and was written under that number. Rows that have none
are strangers, numbers that no row has are missing; the two lists together tell what happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, groupby

from msgspec import Struct, field

from app.journal.audit import AuditRow, Head, sealed
from app.masked import Secret

MANY = 500
"""Places out of order after which looking on tells nothing more: the trail is another one."""


class Finding(Struct, frozen=True):
    """Something that is not as the program left it. `code` is the kind, `message` a sentence without identifiers."""

    code: str
    message: str


class _Walk(Struct):
    """What was seen so far. `last` is the number of the last genuine row, `before` the code of the one before it."""

    strangers: list[AuditRow] = field(default_factory=list)
    missing: list[range] = field(default_factory=list)
    inserted: set[int] = field(default_factory=set)
    edited: set[int] = field(default_factory=set)
    begun_anew: list[int] = field(default_factory=list)
    row: AuditRow | None = None
    last: int = 0
    code: str = ""
    before: str = ""

    @property
    def troubles(self) -> int:
        seen = len(self.inserted) + len(self.edited) + len(self.begun_anew)
        return len(self.strangers) + len(self.missing) + seen


def examine(
    rows: Iterable[AuditRow], key: Secret | None, head: Head | None, *, last_row: int, highest: int
) -> list[Finding]:
    """The findings about `rows`, which come in order of `seq`; none where all stand as they were written.

    `head` is None where it is missing or not ours; then `highest`, the highest number the database remembers
    having given, serves in its place. `last_row` is the number of the row that stands last, 0 where none does.
    """
    end = head.seq if head else max(highest, last_row)
    walk = _walk(rows, key, end, drift=end - last_row)
    if walk.troubles > MANY:
        return [Finding("audit.many", f"More than {MANY} audit rows do not stand as they were written.")]
    if walk.last < end:
        walk.missing.append(range(walk.last + 1, end + 1))
    if head and walk.row and walk.last == head.seq and walk.row.code != head.code:
        walk.edited.add(walk.row.seq)
    found = list(_told(walk, key, end))
    if end and not head:
        found.append(
            Finding("audit.head", "The record of where the audit trail ends is missing or was not written by this key.")
        )
    return found


def _walk(rows: Iterable[AuditRow], key: Secret | None, end: int, *, drift: int) -> _Walk:
    walk = _Walk()
    for row in rows:
        number = _number(row, key, walk.last + 1, drift)
        if number is None:
            walk.strangers.append(row)
        elif number > end:
            walk.inserted.add(row.seq)
        else:
            _step(walk, row, number)
        if walk.troubles > MANY:
            break
    return walk


def _step(walk: _Walk, row: AuditRow, number: int) -> None:
    """Judge how a genuine row follows the one before."""
    if row.prev == "" and number > 1:
        walk.begun_anew.append(row.seq)
    elif walk.row and row.prev == walk.before and row.prev != walk.code:
        # It follows the row before the last: the one between was never a part of the trail.
        walk.inserted.add(walk.row.seq)
    elif row.prev != walk.code and number > walk.last + 1:
        walk.missing.append(range(walk.last + 1, number))
    elif row.prev != walk.code and walk.row:
        # The row it followed had another code: its place was taken by one that was sealed anew.
        walk.edited.add(walk.row.seq)
    walk.before, walk.last, walk.code, walk.row = walk.code, number, row.code, row


def _number(row: AuditRow, key: Secret | None, expected: int, drift: int) -> int | None:
    """The number under which the row was written, also where it and its neighbours were renumbered since."""
    return next((each for each in (row.seq, expected, row.seq + drift) if _is(row, key, each)), None)


def _is(row: AuditRow, key: Secret | None, number: int, content: tuple[object, ...] | None = None) -> bool:
    return sealed(key, row.keyed, row.code, row.prev, number, *(row.content if content is None else content))


def _told(walk: _Walk, key: Secret | None, end: int) -> Iterator[Finding]:
    for seq in walk.begun_anew:
        yield Finding("audit.head", f"The record of the audit trail's end was changed or removed before row {seq}.")
    strangers, missing = walk.strangers, walk.missing
    for number, seq in _moved(strangers, key, missing):
        yield Finding("audit.reordered", f"Audit rows were reordered: row {number} stands at {seq}.")
        strangers = [row for row in strangers if row.seq != seq]
        missing = _without(missing, {number})
    for one, other in _exchanged(strangers, key):
        yield Finding("audit.reordered", f"Audit rows were reordered: rows {one} and {other} changed places.")
        strangers = [row for row in strangers if row.seq not in {one, other}]
        missing = _without(missing, {one, other})
    edited = {row.seq for row in strangers if any(row.seq in each for each in missing)}
    yield from _each("edited", walk.edited | edited)
    yield from _each("inserted", walk.inserted | {row.seq for row in strangers} - edited)
    missing = _without(missing, edited)
    cut = missing.pop() if missing and missing[-1][-1] == end else None
    for each in missing:
        yield Finding("audit.deleted", _sentence(each, "deleted"))
    if cut:
        yield Finding("audit.truncated", _sentence(cut, "cut off from the end"))


def _without(ranges: list[range], numbers: set[int]) -> list[range]:
    for number in numbers:
        split = [(range(each.start, number), range(number + 1, each.stop)) if number in each else (each,)
                 for each in ranges]  # fmt: skip
        ranges = [part for parts in split for part in parts if part]
    return ranges


def _moved(strangers: list[AuditRow], key: Secret | None, missing: list[range]) -> Iterator[tuple[int, int]]:
    """(written as, stands at) of rows that are genuine under a number that no row has."""
    if sum(map(len, missing)) > MANY:
        return
    for row in strangers:
        for number in (number for each in missing for number in each):
            if _is(row, key, number):
                yield number, row.seq
                break


def _exchanged(strangers: list[AuditRow], key: Secret | None) -> Iterator[tuple[int, int]]:
    """Pairs of rows whose contents were exchanged while their seals stayed."""
    for one, other in combinations(strangers, 2):
        if _is(one, key, one.seq, other.content) and _is(other, key, other.seq, one.content):
            yield one.seq, other.seq


def _each(done: str, numbers: set[int]) -> Iterator[Finding]:
    """One finding for each unbroken run of rows."""
    for _, run in groupby(enumerate(sorted(numbers)), lambda pair: pair[1] - pair[0]):
        rows = [number for _, number in run]
        yield Finding(f"audit.{done}", _sentence(range(rows[0], rows[-1] + 1), done))


def _sentence(rows: range, done: str) -> str:
    return f"Audit row {rows[0]} was {done}." if len(rows) == 1 else f"Audit rows {rows[0]} to {rows[-1]} were {done}."
