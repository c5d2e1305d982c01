"""Jobs in several sends: each waits for the one before it, and what is refused or cancelled stops what follows."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.journal.database import Database
from app.journal.driver import Connection
from app.journal.jobs import ENTERED_ANEW, STOPPED
from app.journal.outbox import Journal
from app.journal.records import Entry, Query
from app.journal.rows import submission_row
from app.journal.salvage import salvage
from app.journal.schema import STEPS
from app.provisioning.fields import Kind
from app.provisioning.outcome import Outcome, Result
from app.provisioning.submission import Part, Settlement, State, Submission
from tests.journal.conftest import BACKOFF, ROUTE, Attempt
from tests.peers.attempts import claim, finish
from tests.peers.submissions import Clock, submission

IMEI = "356938035643809"


def job(name: str = "job", steps: int = 2, *, user: str = "ana", imei: str = IMEI) -> list[Submission]:
    return [
        submission(
            f"{name}-{step}",
            kind=Kind.REGISTER if step == 1 else Kind.UPDATE,
            part=Part(name, step, steps),
            **({"imei": imei} if step == 1 else {"imei": imei, "username": user}),  # type: ignore[arg-type] # fields
        )
        for step in range(1, steps + 1)
    ]


def anew(made: list[Submission]) -> list[Submission]:
    return [replace(each, id=f"{each.id}-anew", replaces=each.id) for each in made]


def look(journal: Journal, id: str) -> Entry:
    entry = journal.entry(id)
    assert entry is not None
    return entry


def states(journal: Journal, *ids: str) -> list[State]:
    return [look(journal, id).state for id in ids]


def test_the_second_waits_for_the_first_and_the_job_tells_how_far_it_is(
    journal: Journal, clock: Clock, attempt: Attempt
) -> None:
    # Fields that share nothing: only the job keeps the order.
    journal.add_all(
        [
            submission("one", part=Part("j", 1, 2), generic_id="g"),
            submission("two", kind=Kind.UPDATE, part=Part("j", 2, 2), username="ana"),
        ]
    )
    assert attempt(Result.UNREACHABLE) is State.WAITING
    assert states(journal, "one", "two") == [State.WAITING, State.QUEUED]
    clock.pass_s(600)
    assert attempt(Result.FAILED) is State.WAITING
    assert attempt(Result.ACCEPTED) is None
    clock.pass_s(600)
    assert attempt(Result.ACCEPTED) is State.ACCEPTED
    assert states(journal, "one", "two") == [State.ACCEPTED, State.QUEUED]
    assert [(entry.part, entry.done) for entry in journal.job("j")] == [(Part("j", 1, 2), 1), (Part("j", 2, 2), 1)]
    assert look(journal, "two").to_json()["job"] == {"id": "j", "step": 2, "steps": 2, "done": 1}
    assert attempt(Result.ACCEPTED) is State.ACCEPTED
    assert look(journal, "two").done == 2
    assert look(journal, "two").to_json()["job"]["done"] == 2
    assert journal.verify().whole


def test_one_that_is_the_whole_job_says_so(journal: Journal) -> None:
    journal.add(submission("plain"))
    entry = look(journal, "plain")
    assert (entry.part, entry.done, entry.to_json()["job"]) == (None, 0, None)


@pytest.mark.parametrize("refused", [Result.REJECTED, Result.CONFLICT])
def test_a_refused_step_stops_those_behind_it_until_all_are_entered_anew(
    journal: Journal, attempt: Attempt, refused: Result
) -> None:
    journal.add_all(job(steps=3))
    attempt(refused)
    assert states(journal, "job-2", "job-3") == [State.HELD] * 2
    assert (look(journal, "job-2").code, look(journal, "job-3").code) == (STOPPED, STOPPED)
    assert look(journal, "job-3").message.startswith("Step 1 of 3 was not accepted.")
    assert attempt(Result.ACCEPTED) is None
    assert journal.verify().whole

    journal.add_all(anew(job("job", 3)))
    assert states(journal, "job-2", "job-3") == [State.CANCELLED] * 2
    assert look(journal, "job-2").message == ENTERED_ANEW
    assert [entry.id for entry in journal.job("job")] == ["job-1-anew", "job-2-anew", "job-3-anew"]
    assert [attempt(Result.ACCEPTED) for _ in range(3)] == [State.ACCEPTED] * 3
    assert look(journal, "job-3-anew").done == 3
    assert journal.verify().whole


def test_what_a_conflict_stopped_goes_on_once_it_is_settled_as_the_same_device(
    journal: Journal, clock: Clock, attempt: Attempt
) -> None:
    journal.add_all(job(steps=3))
    attempt(Result.CONFLICT)
    journal.add(submission("later", kind=Kind.UPDATE, username="ana"))
    assert journal.settle("job-1", Settlement.SUPERVISOR, by="Ana")
    assert states(journal, "job-2", "job-3") == [State.HELD] * 2
    assert journal.settle("job-1", Settlement.SAME_DEVICE, by="Ana")
    assert states(journal, "job-1", "job-2", "job-3") == [State.CONFLICT, State.QUEUED, State.QUEUED]
    assert (look(journal, "job-2").code, look(journal, "job-2").message, look(journal, "job-2").done) == ("", "", 1)
    assert journal.verify().whole
    # In the order in which they were entered, as they are about one user: also while the first has to wait.
    assert attempt(Result.FAILED) is State.WAITING
    assert attempt(Result.ACCEPTED) is None
    clock.pass_s(300)
    for id in ("job-2", "job-3", "later"):
        assert attempt(Result.ACCEPTED) is State.ACCEPTED
        assert look(journal, id).state is State.ACCEPTED
    assert look(journal, "job-3").done == 3
    assert journal.verify().whole


def test_a_conflict_in_the_middle_of_a_job_is_settled_too(journal: Journal, attempt: Attempt) -> None:
    journal.add_all(job(steps=3))
    attempt(Result.ACCEPTED)
    attempt(Result.CONFLICT)
    assert journal.settle("job-2", Settlement.SAME_DEVICE, by="Ana")
    assert [attempt(Result.ACCEPTED), attempt(Result.ACCEPTED)] == [State.ACCEPTED, None]
    assert look(journal, "job-3").done == 3


def test_a_correction_that_is_refused_too_stops_them_again(journal: Journal, attempt: Attempt) -> None:
    journal.add_all(job())
    attempt(Result.REJECTED)
    journal.add_all(anew(job()))
    assert attempt(Result.REJECTED) is State.REJECTED
    assert states(journal, "job-2-anew") == [State.HELD]
    assert attempt(Result.ACCEPTED) is None
    assert journal.verify().whole


def test_a_stopped_step_holds_up_nobody_else(journal: Journal, attempt: Attempt) -> None:
    journal.add_all(job())
    attempt(Result.REJECTED)
    # About the same device and the same user: one that a correction then has to wait for, and one behind it.
    journal.add(submission("other", kind=Kind.UPDATE, imei=IMEI, username="ana"))
    journal.add_all(anew(job()))
    journal.add(submission("later", kind=Kind.UPDATE, username="ana"))
    sent = [attempt(Result.ACCEPTED) for _ in range(5)]
    assert sent == [State.ACCEPTED] * 4 + [None]
    assert states(journal, "other", "job-1-anew", "job-2-anew", "later") == [State.ACCEPTED] * 4


def test_what_ends_a_pause_does_not_send_a_stopped_step(journal: Journal, attempt: Attempt) -> None:
    journal.add_all(job())
    journal.add(submission("other"))
    attempt(Result.REJECTED)
    assert attempt(Result.HELD) is State.HELD
    assert journal.verify().whole
    assert journal.resume_now()
    assert states(journal, "other", "job-2") == [State.QUEUED, State.HELD]
    assert journal.verify().whole
    assert [attempt(Result.ACCEPTED) for _ in range(2)] == [State.ACCEPTED, None]


def test_cancelling_takes_the_steps_behind_with_it(journal: Journal, attempt: Attempt) -> None:
    journal.add_all([*job("a", imei="1"), *job("b", imei="2"), *job("c", imei="3")])
    assert journal.cancel("a-1")
    assert states(journal, "a-1", "a-2") == [State.CANCELLED] * 2
    assert attempt(Result.ACCEPTED) is State.ACCEPTED
    assert not journal.cancel("b-1")
    assert journal.cancel("b-2")
    assert states(journal, "b-1", "b-2") == [State.ACCEPTED, State.CANCELLED]
    attempt(Result.REJECTED)
    assert journal.cancel("c-2")
    assert attempt(Result.ACCEPTED) is None
    assert journal.pending_count() == 0
    assert journal.verify().whole


def test_a_restart_goes_on_where_the_job_stood(journal: Journal, path: Path, clock: Clock, attempt: Attempt) -> None:
    journal.add_all(job())
    attempt(Result.ACCEPTED)
    lease = journal.acquire_lease("dies")
    assert claim(journal, lease) is not None
    journal.close()
    again = Journal.open(path, now=clock.now)
    lease = again.acquire_lease("next")
    assert again.recover(lease, BACKOFF) == 1
    assert states(again, "job-1", "job-2") == [State.ACCEPTED, State.UNKNOWN]
    clock.pass_s(600)
    claimed = claim(again, lease)
    assert claimed is not None
    assert claimed.id == "job-2"
    finish(again, lease, claimed, Outcome(Result.ACCEPTED, "gate.accepted", ""), route=ROUTE, backoff=BACKOFF)
    assert look(again, "job-2").done == 2
    assert again.verify().whole
    again.close()


def test_a_step_is_kept_until_its_job_is_done(journal: Journal, clock: Clock, attempt: Attempt) -> None:
    journal.add_all(job())
    attempt(Result.ACCEPTED)
    clock.pass_s(86_400)
    assert journal.purge(clock.now()) == 0
    attempt(Result.ACCEPTED)
    clock.pass_s(86_400)
    assert journal.purge(clock.now()) == 2


def made_with(version: int, path: Path, *submissions: Submission) -> None:
    """A journal as the program of that version left it."""
    database = Database(path, STEPS[:version])

    def fill(connection: Connection) -> None:
        known = {row[1] for row in connection.execute("PRAGMA table_info(submissions)")}
        for each in submissions:
            row = {name: value for name, value in submission_row(each).items() if name in known}
            connection.execute(
                f"INSERT INTO submissions ({', '.join(row)}) VALUES ({', '.join(f':{name}' for name in row)})",  # noqa: S608 - our names
                row,
            )

    database.write(fill)
    database.close()


@pytest.mark.parametrize("version", range(1, len(STEPS)))
def test_a_journal_of_an_earlier_version_goes_on(path: Path, clock: Clock, version: int) -> None:
    made_with(version, path, submission("queued", imei=IMEI), submission("next", imei=IMEI))
    journal = Journal.open(path, now=clock.now)
    assert [(entry.id, entry.part, entry.fields) for entry in journal.page(Query(), 9)] == [
        ("next", None, {"imei": IMEI}),
        ("queued", None, {"imei": IMEI}),
    ]
    journal.add_all(job())
    lease = journal.acquire_lease("test")
    sent = []
    while claimed := claim(journal, lease):
        sent.append((claimed.id, claimed.body))
        finish(journal, lease, claimed, Outcome(Result.ACCEPTED, "gate.accepted", ""), route=ROUTE, backoff=BACKOFF)
    assert [id for id, _ in sent] == ["queued", "next", "job-1", "job-2"]
    assert json.loads(sent[0][1]) == {"imei": IMEI}
    journal.close()
    assert path.with_name(f"{path.name}.before-step-{len(STEPS)}").exists()


@pytest.mark.parametrize("version", range(1, len(STEPS)))
def test_a_damaged_journal_of_an_earlier_version_is_saved(path: Path, clock: Clock, version: int) -> None:
    made_with(version, path, submission("kept"))
    assert salvage(path, clock.now()).recovered == 1
    journal = Journal.open(path, now=clock.now)
    assert journal.ids(Query()) == ["kept"]
    journal.close()


def test_a_step_that_was_lost_with_a_damaged_journal_stops_the_next(path: Path, clock: Clock) -> None:
    journal = Journal.open(path, now=clock.now)
    journal.add_all(job())
    journal.close()
    database = Database(path)
    database.write(lambda c: c.execute("DELETE FROM submissions WHERE id = 'job-1'"))
    database.close()
    again = Journal.open(path, now=clock.now)
    assert claim(again, again.acquire_lease("test")) is None
    # At the next start as well, and noted only once.
    for _ in range(2):
        again.align_jobs()
        assert states(again, "job-2") == [State.HELD]
        assert look(again, "job-2").code == STOPPED
    again.close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM audit WHERE kind = 'stopped'").fetchone() == (1,)
