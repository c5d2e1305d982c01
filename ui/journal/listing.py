"""Reading the log page by page: each page is found by where the one before it ended. Runs in workers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from app.journal.outbox import Journal
from app.journal.records import Entry, Query
from ui.journal.pages import PAGE


class Listing(Struct, frozen=True):
    """What a query finds, and the pages that have just been read.

    `ends[n]` is the `seq` of the last row of page `n`. They are looked up when a page beyond the first is
    wanted: in a long log that takes as long as counting it all, and most views show the newest rows.
    """

    query: Query
    count: int
    pages: Mapping[int, Sequence[Entry]] = field(default_factory=dict)
    ends: Sequence[int] | None = None


def read_listing(journal: Journal, query: Query, wanted: Iterable[int]) -> Listing:
    """How much there is, with the `wanted` pages. Blocks. Raises JournalError."""
    count = journal.count(query)
    last = max(count - 1, 0) // PAGE
    return read_pages(journal, Listing(query, count), {min(page, last) for page in wanted})


def read_pages(journal: Journal, listing: Listing, wanted: Iterable[int]) -> Listing:
    """The same listing with the `wanted` pages in place of those it had. Blocks. Raises JournalError."""
    numbers, ends = sorted(wanted), listing.ends
    if ends is None and any(numbers):
        ends = journal.marks(listing.query, PAGE)
    pages = {}
    for page in numbers:
        # What was cancelled or purged since the count may have taken whole pages off the end.
        if page == 0 or (ends is not None and page <= len(ends)):
            pages[page] = journal.page(listing.query, PAGE, ends[page - 1] if page and ends else None)
    return replace(listing, pages=pages, ends=ends)
