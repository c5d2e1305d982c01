"""The journal: what was entered is here before it is sent, and what came of it before the screen says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self, TypeVar

from app.journal import audit, backup, delivery, jobs, keeping, reading, verify
from app.journal import operators as staff
from app.journal.chain import Finding
from app.journal.database import Database
from app.journal.delivery import Taken, always
from app.journal.driver import Connection
from app.journal.errors import DiskRefused, JournalUnusable
from app.journal.link import Backoff, Link, Route
from app.journal.moments import text_of
from app.journal.records import Agenda, Claimed, Ended, Entry, Lease, Query, Written
from app.masked import Secret
from app.provisioning.submission import Settlement, State, Submission

T = TypeVar("T")

AuditKey = Callable[[], Secret | None]
"""Gives the key that seals audit rows, None where there is none now. It may block, and is called from any thread."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def no_key() -> None:
    """Where nobody holds a key."""


class Journal:
    """The submissions of one station. Safe from any thread; a window and a command line may both have it open.

    Every method that writes returns once the change is on the disk. All raise JournalUnusable, JournalFull or
    JournalBusy, and none may be called on the window's thread.
    """

    def __init__(self, database: Database, *, now: Callable[[], datetime] = utc_now, audit_key: AuditKey = no_key):
        self._database = database
        self._now = now
        self._ask_key = audit_key
        self._audits = False

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        now: Callable[[], datetime] = utc_now,
        audit_key: AuditKey = no_key,
        key: Secret | None = None,
    ) -> Self:
        """Open `path` or make it, and bring its schema up to date. `audit_key` is asked when a row is to be sealed.

        `key` (64 hexadecimal digits) opens an encrypted journal and encrypts a new one; None where it is in clear.
        """
        return cls(Database(path, key=key), now=now, audit_key=audit_key)

    def close(self) -> None:
        self._database.close()

    def seal(self, key: Secret) -> None:
        """Encrypt the journal, which is in clear, under `key`. Blocks some seconds per 100,000 submissions; on any
        error it stays as it was."""
        self._database.seal(key)

    # Entering

    def add(self, submission: Submission) -> None:
        """Keep a submission, with its audit row, before anything is sent."""
        self.add_all((submission,))

    def add_all(self, submissions: Iterable[Submission]) -> None:
        """Keep several, all of them or none."""
        added = tuple(submissions)
        self._audited(lambda c, key: keeping.add(c, key, added, self._now()))

    def cancel(self, id: str) -> bool:
        """Take back one that cannot have arrived, and the steps of its job that follow it; False where it is too
        late or nothing to take back."""
        return self._audited(lambda c, key: delivery.cancel(c, key, id, self._now()), wipes=True)

    def settle(self, id: str, how: Settlement, *, by: str) -> bool:
        """Note what somebody decided about a conflict; False where it is none."""
        return self._audited(lambda c, key: keeping.settle(c, key, id, how, self._now(), by=by))

    def purge(self, before: datetime) -> int:
        """Remove accepted ones that were settled before `before`, and the backups that hold them too; gives how many.

        Their audit rows stay.
        """
        total = 0
        while removed := self._audited(lambda c, key: keeping.purge(c, key, before, self._now()), wipes=True):
            total += removed
        if total:
            backup.forget(self._database.path)
        return total

    def find_person(self, text: str, keys: Sequence[str] = reading.PERSON) -> list[Entry]:
        """All submissions in which one of `keys` is exactly `text`, sent or stored, newest first. Seconds a million."""
        return self._database.read(lambda c: reading.find_person(c, text, keys))

    def erase(self, ids: Sequence[str], *, by: str) -> int:
        """Take every personal value out of these submissions, and the backups that hold them too; gives how many.

        `by` is the operator, who stands in the audit trail with it.

        Their ids, times, states and audit rows stay. Raises NotErasable, which names those that are not final.
        """
        erased = self._audited(lambda c, key: keeping.erase(c, key, ids, self._now(), by=by), wipes=True)
        backup.forget(self._database.path)
        return erased

    # Reading

    def entry(self, id: str) -> Entry | None:
        return self._database.read(lambda c: reading.entry(c, id))

    def job(self, id: str) -> list[Entry]:
        """The submissions of a job that is sent in several, first step first; what was corrected is left out."""
        return self._database.read(lambda c: reading.job(c, id))

    def page(self, query: Query, limit: int, before: int | None = None) -> list[Entry]:
        """The newest `limit` that match, newest first; `before` is the `seq` of the last one of the page above."""
        return self._database.read(lambda c: reading.entries(c, reading.seqs(c, query, limit, before)))

    def count(self, query: Query) -> int:
        return self._database.read(lambda c: reading.count(c, query))

    def ids(self, query: Query) -> list[str]:
        """Ids of all that match, newest first."""
        return self._database.read(lambda c: reading.ids(c, query))

    def marks(self, query: Query, step: int) -> list[int]:
        """The `seq` of each `step`-th that matches, newest first: where the pages of a long list end."""
        return self._database.read(lambda c: reading.marks(c, query, step))

    def counts(self, since: datetime | None = None) -> Mapping[State, int]:
        """How many of each state were entered since then; a refused one that was corrected counts no more."""
        return self._database.read(lambda c: reading.counts(c, since))

    def facts(self) -> Mapping[str, object]:
        """Numbers about the journal as a whole, for support: version, size in bytes, counts. Nothing of a row."""
        facts = self._database.read(reading.facts)
        return {
            **facts,
            "bytes": self._database.path.stat().st_size,
            "backups": len(backup.all_of(self._database.path)),
        }

    def pending_count(self) -> int:
        """How many are not final: what closing the program leaves to be sent."""
        return self._database.read(reading.pending_count)

    def last_known(self, fields: Mapping[str, str]) -> Mapping[str, str]:
        """What the gate last confirmed of the record found by the first of `imei`, `username`, `user_external_id`,
        `number`, `generic_id`, `iccid`, `imsi` in `fields` that finds one; empty where none does."""
        return self._database.read(lambda c: reading.last_known(c, fields))

    def link(self) -> Link:
        return self._database.read(reading.link)

    def verify(self, known_code: str | None = None) -> verify.Report:
        """Look at everything: database, audit trail, and each submission against it. About a minute a million.

        `known_code` is the code of an earlier receipt or export, which the trail must hold.
        """
        found: list[Finding] = []
        try:
            for look in (verify.integrity, verify.references, verify.search, verify.submissions):
                found += self._database.read(look)
            trail, notes, head, rows = self._database.read(lambda c: verify.trail(c, self._ask_key, known_code))
            found += verify.staff(self.operators())
            return verify.Report((*trail, *found), tuple(notes), head, rows, self.count(Query()))
        except (JournalUnusable, DiskRefused) as fault:
            # Damage that one part meets keeps the rest from being read.
            return verify.Report((*found, Finding(fault.code, fault.summary)), (), "", 0, 0)

    def meta(self, key: str) -> str | None:
        """A fact about the station that outlives a run."""
        return self._database.read(lambda c: reading.meta(c, key))

    def set_meta(self, key: str, value: str) -> None:
        self._database.write(lambda c: keeping.set_meta(c, key, value))

    def foreign_version(self) -> int:
        """A number that changes whenever another process has written to the journal."""
        return self._database.foreign_version()

    # The token's place in the row of tokens: a refusal of one says nothing of the next

    def token_generation(self) -> int:
        return self._database.read(reading.token_generation)

    def bump_token_generation(self) -> int:
        """Note that the token was replaced or cleared; call it after the token was stored. Gives the new number."""
        return self._database.write(keeping.bump_token_generation)

    # Delivering

    def acquire_lease(self, holder: str) -> Lease:
        """Take delivery over; leases given before are void."""
        return self._database.write(lambda c: delivery.acquire_lease(c, holder, self._now()))

    def recover(self, lease: Lease, backoff: Backoff, *, taken: Taken = always) -> int:
        """Turn `sending` left by a process that ended into `unknown`, or `waiting` where the gate cannot have
        `taken` it. Raises LeaseLost."""
        return self._audited(lambda c, key: delivery.recover(c, key, lease, self._now(), backoff, taken=taken))

    def agenda(self) -> Agenda:
        """Whether something is due, or when; writes nothing."""
        return self._database.read(lambda c: delivery.agenda(c, self._now()))

    def claim(self, lease: Lease, most: int) -> list[Claimed]:
        """Take up to `most` due submissions for one attempt each, in their order. Raises LeaseLost."""
        return self._database.write(lambda c: delivery.claim(c, lease, self._now(), most))

    def finish(self, lease: Lease, ended: Sequence[Ended], *, backoff: Backoff, claims: int = 0) -> Written:
        """Write what attempts came to, all or none; with the same write `claim` so many that follow, but none where
        the token was replaced since the last of `ended` was sent. Raises LeaseLost."""

        def job(connection: Connection, key: audit.Key) -> Written:
            now = self._now()
            states, link = delivery.finish(connection, key, lease, ended, now=now, backoff=backoff)
            if not claims or reading.token_generation(connection) != ended[-1].route.token_generation:
                return Written(states, link, [])
            return Written(states, link, delivery.claim(connection, lease, now, claims))

        return self._audited(job, wipes=any(each.claimed.secret_fields for each in ended))

    def hold_open(self) -> int:
        """While the queue is paused: make what was entered meanwhile `held`. Gives how many."""
        return self._audited(lambda c, key: delivery.hold_open(c, key, self._now()))

    def resume(self, base_url: str, token_generation: int) -> bool:
        """End the pause if address or token are others than those refused. Gives whether it ended."""
        return self._resume(Route(base_url, token_generation))

    def resume_now(self) -> bool:
        """End the pause at the operator's word."""
        return self._resume(None)

    def _resume(self, route: Route | None) -> bool:
        pause = self.link().pause
        # Asked before writing: the delivery loop asks each time, and there is a pause hardly ever.
        if pause is None or pause.route == route:
            return False
        return self._audited(lambda c, key: delivery.resume(c, key, route, self._now()))

    def align_jobs(self) -> None:
        """Stop the steps of jobs whose earlier step was lost with a damaged journal."""
        self._audited(lambda c, key: jobs.align_all(c, key, self._now()))

    # The operators

    def operators(self) -> list[staff.Kept]:
        """All that were ever entered, by name. May ask the keyring for the key of the audit trail."""
        key = self._ask_key() if self._database.read(staff.sealed_with_key) else None
        return self._database.read(lambda c: staff.everyone(c, key))

    def keep_operator(self, kept: staff.Kept, *, by: str) -> None:
        """Enter an operator or change one, with its audit row; `by` is the id of who does it."""
        self._audited(lambda c, key: staff.keep(c, key, kept, by, self._now()))

    def count_failures(self, id: str, failures: int) -> None:
        """Remember how many wrong PINs in a row an operator has entered."""
        self._database.write(lambda c: staff.count_failures(c, id, failures, self._now() if failures else None))

    # The audit trail

    def note(self, kind: str, detail: Mapping[str, Any]) -> str:
        """Add an audit row about the station itself; `detail` holds no identifier. Gives the row's short code."""

        def job(connection: Connection, key: audit.Key) -> str:
            return audit.append(connection, key, at=text_of(self._now()), kind=kind, detail=detail)

        return audit.short(self._audited(job))

    def _audited(self, job: Callable[[Connection, audit.Key], T], *, wipes: bool = False) -> T:
        """Write what may need the key of the trail, which is asked for before the transaction begins.

        The first time, `job` begins without: if it comes to a row, it is undone, the key asked for, and `job` run
        again. So what writes nothing never makes a keyring ask its owner.
        """
        if not self._audits:
            try:
                return self._database.write(lambda c: job(c, _unasked), wipes=wipes)
            except audit.KeyWanted:
                self._audits = True
        key = self._ask_key()
        return self._database.write(lambda c: job(c, lambda: key), wipes=wipes)


def _unasked() -> None:
    raise audit.KeyWanted
