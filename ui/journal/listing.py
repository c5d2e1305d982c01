"""Reading the log page by page: each page is found by where the one before it ended. Runs in workers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.journal.entry import Entry
from app.journal.outbox import Journal
from app.journal.query import Query
from ui.journal.pages import PAGE


@dataclass(frozen=True, slots=True)
class Listing:
    """What a query finds. `ends[n]` is the journal's sequence number of the last row of page `n`."""

    query: Query
    count: int
    ends: Sequence[int]
    pages: Mapping[int, Sequence[Entry]]

    @property
    def last_page(self) -> int:
        return max(self.count - 1, 0) // PAGE


def read_listing(journal: Journal, query: Query, wanted: Iterable[int]) -> Listing:
    """How much there is and where its pages end, with the `wanted` pages. Blocks. Raises JournalError."""
    seqs = journal.ids(query)
    listing = Listing(query, len(seqs), tuple(seqs[PAGE - 1 :: PAGE]), {})
    pages = {min(page, listing.last_page) for page in wanted}
    return Listing(query, listing.count, listing.ends, {page: read_page(journal, listing, page) for page in pages})


def read_page(journal: Journal, listing: Listing, page: int) -> Sequence[Entry]:
    """The rows of one page, newest first. Blocks. Raises JournalError."""
    return journal.page(listing.query, PAGE, listing.ends[page - 1] if page else None)
