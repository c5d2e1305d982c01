"""A journal on disk, a clock that stands still, and a deliverer that is told what the gate says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.journal.link import Backoff, Route
from app.journal.outbox import Journal
from app.provisioning.outcome import Outcome, Result
from app.provisioning.submission import State
from tests.peers.attempts import claim, finish
from tests.peers.submissions import Clock

ROUTE = Route("https://gate.example/api/v1", 0)
BACKOFF = Backoff(1.0, 300.0, lambda: 1.0)

Attempt = Callable[..., State | None]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def journal(path: Path, clock: Clock) -> Iterator[Journal]:
    opened = Journal.open(path, now=clock.now)
    yield opened
    opened.close()


@pytest.fixture
def attempt(journal: Journal) -> Attempt:
    """Claim what is due and let it end with `result`; None where nothing is due. The longest back-off is drawn."""
    lease = journal.acquire_lease("test")

    def once(
        result: Result, message: str = "Said the gate.", *, backoff: Backoff = BACKOFF, **more: object
    ) -> State | None:
        claimed = claim(journal, lease)
        if claimed is None:
            return None
        outcome = Outcome(result, f"gate.{result}", message, **more)  # type: ignore[arg-type] # any of its fields
        return finish(journal, lease, claimed, outcome, route=ROUTE, backoff=backoff)

    return once
