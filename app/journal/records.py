"""What the journal hands out: frozen records, whose texts are whole and whose repr shows none of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from msgspec import Struct

from app.journal.link import Link, Route
from app.masked import Record
from app.provisioning.fields import Kind
from app.provisioning.outcome import Difference, FieldMessage, Outcome
from app.provisioning.submission import Part, Settlement, State


class Attempt(Record, frozen=True):
    """One try. `outcome` is a Result's value, None while under way; `duration_ms` is None until it ended."""

    at: datetime
    outcome: str | None
    status: int | None
    message: str
    duration_ms: int | None


class Entry(Record, frozen=True):
    """One submission as it stands. `seq` gives the order of entering and serves as a page's mark.

    `ambiguous`: an attempt of it ended without a known answer, so it may have arrived. `replaced_by` is the id
    of the submission that corrects this one. `code`, `message`, `status`, `answer`, `problems`, `differences`
    and `expires_at` are those of the last attempt. `part` is None where the submission is the whole job; of one in
    several sends, `done` were accepted. `settled` is what somebody decided about a conflict.
    """

    seq: int
    id: str
    kind: Kind
    workflow: str
    state: State
    ambiguous: bool
    created_at: datetime
    updated_at: datetime
    operator: str
    consent: str
    fields: Mapping[str, str]
    origins: Mapping[str, str]
    secret_fields: tuple[str, ...]
    device: Mapping[str, str]
    replaces: str | None
    replaced_by: str | None
    next_attempt_at: datetime | None
    code: str
    message: str
    status: int | None
    answer: Mapping[str, Any]
    problems: tuple[FieldMessage, ...]
    differences: tuple[Difference, ...]
    expires_at: str | None
    attempts: tuple[Attempt, ...]
    part: Part | None = None
    done: int = 0
    settled: Settlement | None = None

    def __repr__(self) -> str:
        return f"Entry({self.id}, {self.workflow}, {self.state})"

    def to_json(self, reveal: bool = False) -> dict[str, Any]:
        """The object that `journal --json` prints. Personal values are masked unless `reveal`."""
        from app.journal.shown import shown

        return shown(self, reveal=reveal)


class Query(Record, frozen=True):
    """Which submissions: all that match every part given. Times are compared with `created_at`; `until` is left out.

    `search` is words, each found anywhere in an identifier, a name, a number, a brand or a model, sent or stored;
    words of one or two letters are looked for among the newest 20,000 only.
    `uncorrected` leaves out those that a later submission corrects, and conflicts that are settled for good.
    """

    states: tuple[State, ...] = ()
    search: str = ""
    since: datetime | None = None
    until: datetime | None = None
    workflow: str | None = None
    kind: Kind | None = None
    operator: str | None = None
    uncorrected: bool = False


class Lease(Struct, frozen=True):
    """The right to deliver. Each new holder gets a higher `fence`, which ends the rights of all before."""

    holder: str
    fence: int


class Claimed(Record, frozen=True):
    """A submission taken for one attempt. `body` is the request; `fields` what it says, without secrets."""

    seq: int
    id: str
    kind: Kind
    body: bytes
    fields: Mapping[str, str]
    secret_fields: tuple[str, ...]
    ambiguous: bool
    attempt: int
    at: datetime
    job: str | None = None

    def __repr__(self) -> str:
        return f"Claimed({self.id}, attempt {self.attempt})"


class Ended(NamedTuple):
    """An attempt and what it came to; `route` is how the gate was asked."""

    claimed: Claimed
    outcome: Outcome
    route: Route


class Written(NamedTuple):
    """What the ends of some attempts came to: the new states in their order, the link now, and what was claimed to
    follow."""

    states: list[State]
    link: Link
    following: list[Claimed]


class Agenda(Struct, frozen=True):
    """What delivery has before it. `ready`: one is due now; else `next_at` is when one may be, None where nothing
    is open. `paused`: nothing may go out at all; `open` then tells whether some are yet to be held. `link` and
    `token_generation` are those of the same moment."""

    ready: bool
    next_at: datetime | None
    link: Link
    token_generation: int
    open: bool = True

    @property
    def paused(self) -> bool:
        return self.link.pause is not None
