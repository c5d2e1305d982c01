"""`submit` and `deliver`: rows into the journal, and the journal to the gate."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from app.assembly import Workstation
from app.cli import out
from app.cli.exits import Exit, of_states
from app.identifiers.verdict import Grade
from app.journal.records import Entry, Query
from app.provisioning.consent import Consent
from app.provisioning.fields import Kind
from app.provisioning.submission import Part, State
from app.provisioning.validation import Problem
from app.provisioning.workflows import DEFAULTS, ROWS
from app.work.entering import InvalidDraft
from app.work.failed_rows import Failed, refuse_unwritable, write_failed
from app.work.preview import problems
from app.work.rows import Row, read_rows
from app.work.workbooks import FileUnreadable

UNFINISHED = tuple(state for state in State if not state.final)


def submit(arguments: argparse.Namespace, station: Workstation) -> Exit:
    """Queue each row, say so the moment it is durable, then deliver and say what became of it."""
    workflow = ROWS[arguments.workflow] if arguments.workflow else DEFAULTS[Kind(arguments.kind)]
    if workflow.kind.value != arguments.kind:
        sys.stderr.write(f"gate-station: {workflow.name} is sent with `submit {workflow.kind}`\n")
        return Exit.USAGE
    if arguments.failed_rows:
        refuse_unwritable(arguments.failed_rows)
    try:
        rows = read_rows(arguments.file, _content(arguments.file), workflow)
    except OSError as fault:
        sys.stderr.write(f"gate-station: {arguments.file} cannot be opened: {fault.strerror}\n")
        return Exit.USAGE
    except FileUnreadable as fault:
        out.trouble(fault)
        return Exit.INVALID
    consent = station.consent_given("submit", told=arguments.consent_given)
    queued: dict[str, int] = {}
    failed: dict[int, Failed] = {}
    for row in rows:
        ids, problems = _queue(row, station, consent)
        queued |= dict.fromkeys(ids, row.number)
        if problems:
            failed[row.number] = Failed(row, "invalid", " ".join(problem.message for problem in problems))
    invalid = bool(failed)
    if arguments.queue_only:
        delivered = Exit.DONE
    else:
        delivered = _deliver(station, list(queued), arguments.wait, lambda entry: {"row": queued[entry.id]})
    if arguments.failed_rows:
        failed |= _refused(rows, queued, station)
        write_failed(arguments.failed_rows, [failed[number] for number in sorted(failed)])
    return Exit.INVALID if invalid else delivered


def _refused(rows: list[Row], queued: Mapping[str, int], station: Workstation) -> dict[int, Failed]:
    """The rows that the gate refused, by number, with what it said."""
    found = {}
    for id_, number in queued.items():
        entry = station.journal.entry(id_)
        if entry and entry.state in {State.REJECTED, State.CONFLICT}:
            said = (entry.message, *(f"{each.field}: {each.message}" for each in entry.problems if each.field))
            found[number] = Failed(rows[number - 1], entry.state.value, " ".join(said))
    return found


def deliver(arguments: argparse.Namespace, station: Workstation) -> Exit:
    """Deliver everything that is not final yet."""
    return _deliver(station, reversed(station.journal.ids(Query(states=UNFINISHED))), arguments.timeout, lambda _: {})


def _content(file: str) -> bytes:
    return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()


def _queue(row: Row, station: Workstation, consent: Consent | None) -> tuple[list[str], tuple[Problem, ...]]:
    """Make the row durable and give its ids (several for a job in steps), or what is wrong with it. Both are told on
    stdout."""
    found = row.problems
    if not found:
        try:
            submissions = station.submit_job(row.draft, consent=consent)
        except InvalidDraft as fault:
            found = fault.problems
        else:
            for each in submissions:
                out.line({"row": row.number, "id": each.id, "state": State.QUEUED.value} | _step(each.part))
            return [each.id for each in submissions], ()
    else:
        found = problems(row, station.validate)
    out.line({"row": row.number, "state": "invalid", "problems": [_problem(problem) for problem in found]})
    return [], found


def _step(part: Part | None) -> dict[str, int]:
    return {"step": part.step, "steps": part.steps} if part else {}


def _problem(problem: Problem) -> dict[str, str]:
    record = {"field": problem.field, "code": problem.code, "message": problem.message}
    return record if problem.grade is Grade.ERROR else record | {"grade": problem.grade.value}


def _deliver(
    station: Workstation, ids: Iterable[str], timeout_s: float | None, label: Callable[[Entry], dict[str, Any]]
) -> Exit:
    """Deliver until each of `ids` is final, nothing can be sent, or the time is over; tell each outcome once."""
    waiting = dict.fromkeys(ids)
    states: list[State] = []

    def tell(entry: Entry) -> None:
        record = entry.to_json(reveal=False)
        out.line(
            label(entry)
            | _step(entry.part)
            | {
                "id": entry.id,
                "state": entry.state.value,
                "status": entry.status,
                "message": entry.message,
                "problems": record["problems"],
                "differences": record["differences"],
                "next_attempt_at": record["next_attempt_at"],
            }
        )
        states.append(entry.state)

    def moved(id_: str) -> None:
        if id_ in waiting and (entry := station.journal.entry(id_)) and entry.state.final:
            del waiting[id_]
            tell(entry)

    ended = station.drain(waiting.keys(), timeout_s=timeout_s, moved=moved)
    for id_ in list(waiting):
        if entry := station.journal.entry(id_):
            tell(entry)
    if ended.trouble is not None:
        out.trouble(ended.trouble)
    if ended.no_token and of_states(states) is Exit.NOT_DELIVERED:
        return Exit.NO_TOKEN
    return of_states(states)
