"""The pages of a long list that were looked at last; the others are forgotten."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")

PAGE = 128
"""Rows a page: more than any screen shows, so that a still view needs two at most."""
KEPT = 24


class Pages(Generic[T]):
    """Pages by number, from 0; the `kept` ones used last stay."""

    def __init__(self, size: int = PAGE, kept: int = KEPT) -> None:
        self.size = size
        self._kept = kept
        self._pages: OrderedDict[int, Sequence[T]] = OrderedDict()

    def row(self, number: int) -> T | None:
        """The row of that number in the whole list; None where its page is not here, or ended before it."""
        page, place = divmod(number, self.size)
        rows = self._pages.get(page)
        if rows is None:
            return None
        self._pages.move_to_end(page)
        return rows[place] if place < len(rows) else None

    def put(self, page: int, rows: Sequence[T]) -> None:
        self._pages[page] = rows
        self._pages.move_to_end(page)
        while len(self._pages) > self._kept:
            self._pages.popitem(last=False)

    def __contains__(self, page: int) -> bool:
        return page in self._pages

    @property
    def latest(self) -> tuple[int, ...]:
        """The two pages used last: what a still view shows."""
        return tuple(self._pages)[-2:] or (0,)

    def find(self, fits: Callable[[T], bool]) -> int | None:
        """The number of the first kept row that fits, or None."""
        rows = ((page, place, row) for page, kept in self._pages.items() for place, row in enumerate(kept))
        return next((page * self.size + place for page, place, row in rows if fits(row)), None)

    def clear(self) -> None:
        self._pages.clear()
