"""Records to rows and back: the only place that knows how a column holds a value."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import msgspec

from app.journal.driver import Row
from app.journal.link import Link, Pause
from app.journal.moments import maybe_moment, maybe_text, moment_of, text_of
from app.journal.records import Attempt, Claimed, Entry
from app.provisioning.fields import Kind
from app.provisioning.outcome import Difference, FieldMessage
from app.provisioning.submission import Part, Settlement, State, Submission

STORED = (
    "seq", "id", "kind", "workflow", "state", "ambiguous", "created_at", "updated_at", "operator", "consent", "body",
    "fields", "origins", "secret_fields", "device", "replaces", "attempts", "next_attempt_at", "code", "message",
    "status", "answer", "problems", "differences", "expires_at", "job", "step", "steps", "settled",
)  # fmt: skip
"""The columns of a submission that are kept, not computed. A computed one can hold what is no text: half a character,
escaped in the JSON it came from."""

ENCODED = ("fields", "origins", "secret_fields", "device", "answer", "problems", "differences")
"""The columns that hold JSON, as text."""

SHOWN = tuple(name for name in STORED if name not in {"body", "attempts"})
"""What an Entry is made of: no secret ever gets near a list."""

ATTEMPTED = ("seq", "at", "outcome", "status", "message", "duration_ms")
"""The number of the submission, then what an Attempt is made of."""

dumps = json.JSONEncoder(separators=(",", ":")).encode
"""A column's text. One encoder for all: `json.dumps` makes a new one at each call where it is told separators."""


def submission_row(submission: Submission) -> dict[str, object]:
    """The columns of a new submission."""
    return {
        "id": submission.id,
        "kind": submission.kind.value,
        "workflow": submission.workflow,
        "state": State.QUEUED.value,
        "created_at": text_of(submission.created_at),
        "updated_at": text_of(submission.created_at),
        "operator": submission.operator,
        "consent": submission.consent,
        "body": submission.body,
        "fields": dumps(dict(submission.fields)),
        "origins": dumps(dict(submission.origins)),
        "secret_fields": dumps(list(submission.secret_fields)),
        "device": dumps(dict(submission.device)),
        "replaces": submission.replaces,
        "job": submission.part and submission.part.job,
        "step": submission.part and submission.part.step,
        "steps": submission.part and submission.part.steps,
    }


_ANY = msgspec.json.Decoder()
_TEXTS = msgspec.json.Decoder(tuple[str, ...])
_PROBLEMS = msgspec.json.Decoder(tuple[FieldMessage, ...])
_DIFFERENCES = msgspec.json.Decoder(tuple[Difference, ...])

_KINDS = {kind.value: kind for kind in Kind}
_STATES = {state.value: state for state in State}


def loaded(text: str, decoder: msgspec.json.Decoder[Any] = _ANY) -> Any:
    """What `dumps` made a column of."""
    try:
        return decoder.decode(text)
    except msgspec.DecodeError:
        # Half a character, NaN: no JSON for it, but the gate may have sent it and `dumps` wrote it down.
        return msgspec.convert(json.loads(text), decoder.type)


def attempts_of(rows: Iterable[Iterable[Any]]) -> dict[int, list[Attempt]]:
    """Rows of the ATTEMPTED columns, as the attempts of each submission's number."""
    found: dict[int, list[Attempt]] = {}
    for seq, at, outcome, status, message, duration_ms in rows:
        found.setdefault(seq, []).append(Attempt(moment_of(at), outcome, status, message, duration_ms))
    return found


def entry_of(row: Iterable[Any], attempts: Iterable[Attempt]) -> Entry:
    """A row of the SHOWN columns, then the id of what replaced it, then how many steps of its job are done."""
    # By place, the columns and the fields of the record: looking each up by its name costs as much as all the rest.
    (
        seq, id, kind, workflow, state, ambiguous, created_at, updated_at, operator, consent,
        fields, origins, secret_fields, device, replaces, next_attempt_at, code, message,
        status, answer, problems, differences, expires_at, job, step, steps, settled,
        replaced_by, done,
    ) = row  # fmt: skip
    return Entry(
        seq,
        id,
        _KINDS[kind],
        workflow,
        _STATES[state],
        bool(ambiguous),
        moment_of(created_at),
        moment_of(updated_at),
        operator,
        consent,
        loaded(fields),
        loaded(origins),
        loaded(secret_fields, _TEXTS),
        loaded(device),
        replaces,
        replaced_by,
        maybe_moment(next_attempt_at),
        code,
        message,
        status,
        loaded(answer),
        loaded(problems, _PROBLEMS),
        loaded(differences, _DIFFERENCES),
        expires_at,
        tuple(attempts),
        Part(job, step, steps) if job is not None else None,
        done or 0,
        Settlement(settled) if settled is not None else None,
    )


def claimed_of(row: Row, attempt: int, at: str) -> Claimed:
    return Claimed(
        seq=row["seq"],
        id=row["id"],
        kind=Kind(row["kind"]),
        body=bytes(row["body"]),
        fields=loaded(row["fields"]),
        secret_fields=loaded(row["secret_fields"], _TEXTS),
        ambiguous=bool(row["ambiguous"]),
        attempt=attempt,
        at=moment_of(at),
        job=row["job"],
    )


def link_of(row: Row) -> Link:
    pause = None
    if row["pause_code"] is not None:
        pause = Pause(
            row["pause_code"],
            row["pause_message"],
            row["pause_base_url"],
            row["pause_token_generation"],
            moment_of(row["paused_at"]),
        )
    return Link(
        failures=row["failures"],
        failed_id=row["failed_id"],
        offline_since=maybe_moment(row["offline_since"]),
        next_probe_at=maybe_moment(row["next_probe_at"]),
        changed_at=maybe_moment(row["changed_at"]),
        code=row["code"],
        message=row["message"],
        pause=pause,
    )


def link_row(link: Link) -> dict[str, object]:
    pause = link.pause
    return {
        "failures": link.failures,
        "failed_id": link.failed_id,
        "offline_since": maybe_text(link.offline_since),
        "next_probe_at": maybe_text(link.next_probe_at),
        "changed_at": maybe_text(link.changed_at),
        "code": link.code,
        "message": link.message,
        "pause_code": pause and pause.code,
        "pause_message": pause and pause.message,
        "pause_base_url": pause and pause.base_url,
        "pause_token_generation": pause and pause.token_generation,
        "paused_at": maybe_text(pause.since if pause else None),
    }
